/*
 * The files of a tree are gone before anybody could keep them, so its last
 * snapshot is all there is of them.  It is kept upon HEAD where git still
 * knows that, so that no commit is lost either.
 */
#include "os/git_lost.h"

#include "base/auto.h"
#include "base/file.h"
#include "os/git_make.h"
#include "os/git_refs.h"
#include "os/git_work.h"

struct lost {
	struct git_room *g;
	struct git_work w;
	git_oid base;
	bool has_kept, has_snap;
	git_oid kept, snap; /* commits */
};

static long long
time_of(struct git_room *g, const git_oid *id, git_oid *tree)
{
	git_commit *c;

	if (g->l.git_commit_lookup(&c, g->main, id) < 0)
		return -1;
	*tree = *g->l.git_commit_tree_id(c);
	return g->l.git_commit_time(c);
}

/* Where HEAD was; nothing when git knows the tree no more. */
static int
find_head(struct lost *l, struct err *e)
{
	struct git_room *g = l->g;

	g->tree = g->main;
	if (!g->meta || !file_exists(g->admin))
		return 0;
	if (g->l.git_oid_fromstr(&l->base, val_str(g->meta, "base", "")) < 0 ||
	    g->l.git_repository_open(&g->tree, g->admin) < 0)
		return gitlib_failed(&g->l, g->admin, e);
	return git_work_head(g, &l->w, e);
}

static void
find_snapshot(struct lost *l)
{
	struct git_room *g = l->g;
	const char *ref = git_refs_last(g, g->name);
	git_oid unused;

	l->has_kept = room_ref(g, g->kept, &l->kept);
	l->has_snap = ref && room_ref(g, ref, &l->snap) &&
	    (!l->has_kept ||
		time_of(g, &l->snap, &l->w.tree) >
		    time_of(g, &l->kept, &unused));
	if (l->has_snap)
		time_of(g, &l->snap, &l->w.tree);
}

/* The commit to keep: 1, 0: none, or -1. */
static int
choose(struct lost *l, git_oid *out, struct err *e)
{
	struct git_room *g = l->g;

	if (l->has_snap && !l->w.has_head) {
		*out = l->snap;
		return 1;
	}
	if (l->has_snap && !g->l.git_oid_equal(&l->w.tree, &l->w.head_tree))
		return git_work_commit(g, &l->w,
			   arena_printf(g->mem,
			       "What the last step of %s left\n", g->name),
			   out, e) < 0
		    ? -1
		    : 1;
	*out = l->w.head;
	return git_work_is_nameless(g, &l->w, &l->base) &&
	    (l->has_snap || !l->has_kept);
}

int
git_lost_keep(struct git_room *g, git_oid *out, struct err *e)
{
	struct lost l = { .g = g };
	git_oid id;
	int rc;

	if (find_head(&l, e) < 0)
		return -1;
	find_snapshot(&l);
	rc = choose(&l, &id, e);
	if (rc < 0 || (rc > 0 && room_ref_put(g, g->kept, &id, true, e) < 0))
		return -1;
	*out = rc > 0 ? id : l.kept;
	return rc > 0 || l.has_kept;
}

/* Has this commit the files of the last snapshot? */
static bool
has_files(struct git_room *g, const git_oid *commit, const git_oid *files)
{
	git_oid tree;

	return time_of(g, commit, &tree) >= 0 &&
	    g->l.git_oid_equal(&tree, files);
}

bool
git_lost_nothing(struct git_room *g, const struct git_lost *t)
{
	const char *snap = git_refs_last(g, g->name);
	git_oid base, tip, id, files;
	bool half,
	    has_tip = t->branch &&
	    room_ref(g, arena_printf(g->mem, "refs/heads/%s", t->branch), &tip);

	if (!git_is_unmade(g, t->path, &half) || room_ref(g, g->kept, &id) ||
	    g->l.git_oid_fromstr(&base, t->base) < 0)
		return false;
	if (t->own && has_tip && !(half && g->l.git_oid_equal(&tip, &base)))
		return false;
	if (!snap)
		return true;
	return room_ref(g, snap, &id) && time_of(g, &id, &files) >= 0 &&
	    (has_files(g, &base, &files) ||
		(has_tip && has_files(g, &tip, &files)));
}
