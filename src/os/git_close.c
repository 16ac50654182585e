/*
 * The end of a private tree.  Nothing is removed that is not in the
 * repository: what is uncommitted is kept by a ref of ours, and so is a
 * commit that no branch has; what cannot be kept makes the tree stay.
 */
#include "os/worktree.h"

#include <dirent.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/git_lost.h"
#include "os/git_make.h"
#include "os/git_work.h"

struct closing {
	struct git_room g;
	struct git_work w;
	git_oid base;
	size_t ahead;
	const char *stays; /* why it may not go, or NULL */
	const char *runs;  /* where in it runs of its own would be, or NULL */
	const char *kept;  /* the commit, in hex; NULL: nothing to keep */
};

/* ---- how it stands ---- */

static bool
has_entries(const char *dir)
{
	auto_dir DIR *d = opendir(dir);
	struct dirent *ent;

	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			return true;
	return false;
}

/* Another worktree whose files are inside this one. */
static const char *
inner_worktree(struct git_room *g)
{
	const char *all = path_dir(g->mem, g->admin);
	auto_dir DIR *d = opendir(all);
	struct dirent *ent;

	while (d && (ent = readdir(d))) {
		auto_str text = STR_INIT;
		struct err unused = ERR_INIT;
		const char *file =
		    arena_printf(g->mem, "%s/%s/gitdir", all, ent->d_name);

		if (strcmp(ent->d_name, g->name) == 0 ||
		    file_read(file, 65536, &text, &unused) < 0)
			continue;
		if (strncmp(text.buf, g->path, strlen(g->path)) == 0 &&
		    text.buf[strlen(g->path)] == '/')
			return arena_strdup(g->mem, ent->d_name);
	}
	return NULL;
}

static void
find_obstacle(struct closing *c)
{
	struct git_room *g = &c->g;
	const char *inner = inner_worktree(g);

	if (c->w.nested)
		c->stays = arena_printf(g->mem,
		    "it holds a repository of its own: %s", c->w.nested);
	else if (inner)
		c->stays = arena_printf(
		    g->mem, "the worktree '%s' is inside it", inner);
	else if (has_entries(path_join(g->mem, g->admin, "modules")))
		c->stays = "it holds submodules";
	else if (has_entries(path_join(g->mem, g->admin, "rebase-merge")) ||
	    has_entries(path_join(g->mem, g->admin, "rebase-apply")))
		c->stays = "a rebase is not over in it";
	else if (has_entries(path_join(g->mem, g->admin, "refs/worktree")))
		c->stays = "it has refs of its own";
	else if (c->runs && has_entries(path_join(g->mem, g->path, c->runs)))
		c->stays = "it holds runs of its own";
}

/* Where the history is cut short the library cannot count; then by first
 * parents, as far as they are there. */
static size_t
count_ahead(struct closing *c)
{
	struct git_room *g = &c->g;
	git_oid at = c->w.head;
	size_t n = 0, behind;

	if (g->l.git_graph_ahead_behind(
		&n, &behind, g->tree, &c->w.head, &c->base) == 0)
		return n;
	n = 0;
	while (!g->l.git_oid_equal(&at, &c->base)) {
		git_commit *commit;

		if (g->l.git_commit_lookup(&commit, g->tree, &at) < 0)
			break;
		n++;
		if (g->l.git_commit_parentcount(commit) == 0)
			break;
		at = *g->l.git_commit_parent_id(commit, 0);
	}
	return n;
}

static int
look(struct closing *c, const struct val *args, struct arena *a, struct err *e)
{
	struct git_room *g = &c->g;

	*c = (struct closing) { .runs = val_str(args, "runs", NULL) };
	if (room_open(g, a, e) < 0 ||
	    room_tree(g, val_str(args, "name", ""), e) < 0 ||
	    git_work_look(g, &c->w, e) < 0)
		return -1;
	if (g->l.git_oid_fromstr(&c->base, val_str(g->meta, "base", "")) < 0)
		return gitlib_failed(&g->l, "base", e);
	if (c->w.has_head)
		c->ahead = count_ahead(c);
	find_obstacle(c);
	return 0;
}

static void
put_text(struct closing *c, struct val *v, const char *key, const char *text)
{
	if (text)
		val_set(c->g.mem, v, key, val_text(c->g.mem, text));
}

static struct val *
told(struct closing *c)
{
	struct arena *a = c->g.mem;
	struct val *v = val_map(a);

	if (c->w.has_head)
		put_text(c, v, "head", room_hex(&c->g, &c->w.head));
	val_set(a, v, "dirty", val_bool(a, c->w.dirty || c->w.staged));
	val_set(a, v, "ahead", val_int(a, (long long)c->ahead));
	put_text(c, v, "stays", c->stays);
	return v;
}

const struct val *
worktree_state(const struct val *args, struct arena *a)
{
	struct closing c;
	struct err e = ERR_INIT;

	return look(&c, args, a, &e) < 0 ? room_fault(a, &e) : told(&c);
}

/* ---- what is kept ---- */

/* Kept already, by an earlier end of the same run? */
static bool
is_kept(struct closing *c, git_oid *id)
{
	struct git_room *g = &c->g;
	git_commit *commit;

	if (!room_ref(g, g->kept, id))
		return false;
	if (!c->w.dirty && !c->w.staged)
		return g->l.git_oid_equal(id, &c->w.head);
	return g->l.git_commit_lookup(&commit, g->tree, id) == 0 &&
	    git_work_is_ours(g, commit) &&
	    g->l.git_oid_equal(g->l.git_commit_tree_id(commit), &c->w.tree) &&
	    c->w.has_head && g->l.git_commit_parentcount(commit) > 0 &&
	    g->l.git_oid_equal(
		g->l.git_commit_parent_id(commit, 0), &c->w.head);
}

static int
keep(struct closing *c, struct err *e)
{
	struct git_room *g = &c->g;
	git_oid id = c->w.head, seen;

	if (!c->w.dirty && !c->w.staged &&
	    !git_work_is_nameless(g, &c->w, &c->base))
		return 0;
	if (!is_kept(c, &id)) {
		id = c->w.head;
		if ((c->w.dirty || c->w.staged) &&
		    git_work_commit(g, &c->w,
			arena_printf(g->mem, "Uncommitted work of the run %s\n",
			    val_str(g->meta, "run", "")),
			&id, e) < 0)
			return -1;
		if (room_ref_put(g, g->kept, &id, true, e) < 0)
			return -1;
	}
	if (!room_ref(g, g->kept, &seen) || !g->l.git_oid_equal(&seen, &id))
		return err_set(e, ERR_IO, "'%s' was not kept", g->kept);
	git_work_remember(g, &c->w);
	c->kept = room_hex(g, &id);
	return 0;
}

static void
tell_kept(struct closing *c, struct val *v)
{
	if (!c->kept)
		return;
	put_text(c, v, "ref", c->g.kept);
	put_text(c, v, "commit", c->kept);
}

const struct val *
worktree_keep(const struct val *args, struct arena *a)
{
	struct err e = ERR_INIT;
	struct val *v = val_map(a);
	struct closing c;

	if (look(&c, args, a, &e) < 0 || keep(&c, &e) < 0)
		return room_fault(a, &e);
	tell_kept(&c, v);
	return v;
}

/* ---- the end ---- */

static bool
has_branch(struct git_room *g)
{
	const char *branch = val_str(g->meta, "branch", NULL);
	git_oid unused;

	return branch &&
	    room_ref(g, arena_printf(g->mem, "refs/heads/%s", branch), &unused);
}

/* *branch: it is still there, although it was made for the tree. */
static int
remove_tree(struct closing *c, struct val *v, bool *branch, struct err *e)
{
	bool dropped;

	if (git_unmake(&c->g, &dropped, e) < 0)
		return -1;
	*branch = room_true(c->g.meta, "own") && has_branch(&c->g);
	val_set(c->g.mem, v, "branch_deleted", val_bool(c->g.mem, dropped));
	return 0;
}

/* Do the commits of its branch outlast it? */
static bool
has_moved(struct git_room *g)
{
	const char *branch = val_str(g->meta, "branch", NULL);
	git_oid base, tip;

	return branch &&
	    room_ref(g, arena_printf(g->mem, "refs/heads/%s", branch), &tip) &&
	    g->l.git_oid_fromstr(&base, val_str(g->meta, "base", "")) == 0 &&
	    !g->l.git_oid_equal(&base, &tip);
}

/* The files are gone already: only what git knows of them is left.  0 when
 * nothing of them is known to be kept. */
static int
keep_lost(struct closing *c, struct val *v, struct err *e)
{
	struct git_room *g = &c->g;
	git_oid id;
	int rc = git_lost_keep(g, &id, e);

	if (rc > 0) {
		c->kept = room_hex(g, &id);
		tell_kept(c, v);
	}
	val_set(g->mem, v, "lost", val_bool(g->mem, true));
	return rc != 0 ? rc : has_moved(g);
}

static int
remove_lost(struct closing *c, struct val *v, struct err *e)
{
	struct git_room *g = &c->g;
	bool unused;

	if (!g->meta)
		return 0;
	g->path = val_str(g->meta, "path", "");
	return remove_tree(c, v, &unused, e);
}

const struct val *
worktree_remove(const struct val *args, struct arena *a)
{
	struct err e = ERR_INIT;
	struct val *v = val_map(a);
	struct closing c;
	bool branch;
	git_oid id;

	if (look(&c, args, a, &e) < 0) {
		if (!c.g.meta || e.kind != ERR_ABSENT)
			return room_fault(a, &e);
		e = (struct err)ERR_INIT;
		return keep_lost(&c, v, &e) < 0 || remove_lost(&c, v, &e) < 0
		    ? room_fault(a, &e)
		    : v;
	}
	if (c.stays) {
		err_set(&e, ERR_INPUT, "%s", c.stays);
		return room_fault(a, &e);
	}
	if ((c.w.dirty || c.w.staged ||
		git_work_is_nameless(&c.g, &c.w, &c.base)) &&
	    !is_kept(&c, &id)) {
		err_set(&e, ERR_INPUT, "it holds work that is not kept");
		return room_fault(a, &e);
	}
	return remove_tree(&c, v, &branch, &e) < 0 ? room_fault(a, &e) : v;
}

/* Somebody removed it: what its last step left is kept all the same. */
static const struct val *
close_lost(struct closing *c, bool stay, const struct err *why)
{
	struct arena *a = c->g.mem;
	struct err e = ERR_INIT;
	struct val *v = val_map(a);
	int rc;

	if (why->kind != ERR_ABSENT || !c->g.name)
		return room_fault(a, why);
	rc = keep_lost(c, v, &e);
	if (rc < 0)
		return room_fault(a, &e);
	if (rc == 0)
		return room_fault(a, why);
	if (stay)
		put_text(c, v, "stays", why->msg);
	else if (remove_lost(c, v, &e) < 0)
		return room_fault(a, &e);
	put_text(c, v, "action", stay ? "stays" : "kept");
	return v;
}

const struct val *
worktree_close(const struct val *args, struct arena *a)
{
	bool stay = room_true(args, "stay"), branch = false, work;
	struct err e = ERR_INIT;
	struct closing c;
	struct val *v;

	if (look(&c, args, a, &e) < 0)
		return close_lost(&c, stay, &e);
	if (keep(&c, &e) < 0)
		return room_fault(a, &e);
	work = c.kept || c.ahead > 0;
	v = told(&c);
	tell_kept(&c, v);
	if (stay || c.stays)
		put_text(&c, v, "action", "stays");
	else if (remove_tree(&c, v, &branch, &e) < 0)
		return room_fault(a, &e);
	else
		put_text(&c, v, "action", work || branch ? "kept" : "removed");
	return v;
}

const struct val *
worktree_undo(const struct val *args, struct arena *a)
{
	struct err e = ERR_INIT;
	struct val *v = val_map(a);
	struct git_room g;
	int rc;

	if (room_open(&g, a, &e) < 0 ||
	    room_name(&g, val_str(args, "name", ""), &e) < 0)
		return room_fault(a, &e);
	rc = git_unmake_rest(&g, &e);
	if (rc < 0)
		return room_fault(a, &e);
	val_set(a, v, "undone", val_bool(a, rc > 0));
	return v;
}
