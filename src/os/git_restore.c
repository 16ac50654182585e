/*
 * What a run left in the repository, as files again: a worktree with HEAD
 * where it was and the uncommitted work uncommitted.  It is the user's from
 * then on, unless the run itself goes on in it.
 */
#include "os/worktree.h"

#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/git_lost.h"
#include "os/git_make.h"
#include "os/git_refs.h"
#include "os/git_work.h"

struct restore {
	struct git_room g;
	const char *from; /* the ref */
	git_oid head, files;
	const char *branch; /* that HEAD goes to; NULL: detached */
};

/* What nobody could keep, since its run was killed or its tree removed, is
 * kept now. */
static int
keep_first(struct git_room *g, struct err *e)
{
	bool dropped;
	git_oid unused;

	g->meta = room_meta(g, g->admin);
	if (g->meta) {
		g->path = val_str(g->meta, "path", "");
		if (!room_true(g->meta, "made") ||
		    file_exists(path_join(g->mem, g->path, ".git")))
			return 0;
	}
	if (git_lost_keep(g, &unused, e) < 0)
		return -1;
	return g->meta ? git_unmake(g, &dropped, e) : 0;
}

static int
find(struct restore *r, const struct val *args, struct err *e)
{
	const char *name = val_str(args, "name", "");
	const char *step = val_str(args, "step", NULL);
	const char *branch = val_str(args, "branch", NULL);
	struct git_room *g = &r->g;
	git_oid unused;

	if (room_name(g, name, e) < 0)
		return -1;
	if (room_true(args, "cut") && keep_first(g, e) < 0)
		return -1;
	if (step) {
		r->from = git_refs_step(g, name, step, e);
		return r->from ? 0 : -1;
	}
	if (room_ref(g, g->kept, &unused)) {
		r->from = g->kept;
		return 0;
	}
	if (branch) {
		r->from = arena_printf(g->mem, "refs/heads/%s", branch);
		if (room_ref(g, r->from, &unused))
			return 0;
	}
	return err_set(
	    e, ERR_ABSENT, "nothing of '%s' was kept: it left no work", name);
}

/* HEAD as it was: a commit of ours stands upon it. */
static int
resolve(struct restore *r, struct err *e)
{
	struct git_room *g = &r->g;
	git_commit *c, *head;
	git_oid id;

	if (!room_ref(g, r->from, &id) ||
	    g->l.git_commit_lookup(&c, g->main, &id) < 0)
		return gitlib_failed(&g->l, r->from, e);
	r->files = *g->l.git_commit_tree_id(c);
	head = c;
	if (git_work_is_ours(g, c) && g->l.git_commit_parentcount(c) > 0 &&
	    g->l.git_commit_lookup(
		&head, g->main, g->l.git_commit_parent_id(c, 0)) < 0)
		return gitlib_failed(&g->l, r->from, e);
	r->head = *g->l.git_object_id((git_object *)head);
	return 0;
}

/* Its branch, when that still is where HEAD was and nobody has it. */
static const char *
branch_for(struct restore *r, const char *branch)
{
	struct git_room *g = &r->g;
	git_reference *ref;
	const char *name;
	git_oid tip;

	if (!branch)
		return NULL;
	name = arena_printf(g->mem, "refs/heads/%s", branch);
	if (!room_ref(g, name, &tip) || !g->l.git_oid_equal(&tip, &r->head) ||
	    g->l.git_reference_lookup(&ref, g->main, name) < 0 ||
	    g->l.git_branch_is_checked_out(ref) == 1)
		return NULL;
	return name;
}

/* A name for it that is free: its own, then with a number that no tree of a
 * called loop has. */
static int
free_name(struct git_room *g, const char *name, struct err *e)
{
	const char *try = name;

	for (int i = 2; i < 1000; i++) {
		if (room_name(g, try, e) < 0)
			return -1;
		if (!room_meta(g, g->admin) && !room_meta(g, g->stage))
			return 0;
		try = arena_printf(g->mem, "%s-%d", name, i);
	}
	return err_set(e, ERR_USAGE, "'%s' was restored too often", name);
}

const struct val *
worktree_restore(const struct val *args, struct arena *a)
{
	const char *branch = val_str(args, "branch", NULL);
	struct restore r = { .from = NULL };
	struct git_room *g = &r.g;
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	struct git_make m;

	if (room_open(g, a, &e) < 0 || find(&r, args, &e) < 0 ||
	    resolve(&r, &e) < 0 ||
	    free_name(g, val_str(args, "name", ""), &e) < 0)
		return room_fault(a, &e);
	m = (struct git_make) {
		.run = val_str(args, "run", ""),
		.path = val_str(args, "path", ""),
		.ref = branch_for(&r, branch),
		.base = r.head,
		.files = r.files,
		.copy = val_get(args, "copy"),
		.link = val_get(args, "link"),
		.unlocked = true,
		.foreign = room_true(args, "foreign"),
	};
	if (git_make(g, &m, &e) < 0)
		return room_fault(a, &e);
	val_set(a, v, "path", val_text(a, m.path));
	if (m.ref)
		val_set(a, v, "branch", val_text(a, branch));
	val_set(a, v, "base", val_text(a, room_hex(g, &m.base)));
	val_set(a, v, "from", val_text(a, r.from));
	val_set(a, v, "name", val_text(a, g->name));
	return v;
}
