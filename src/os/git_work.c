/*
 * The files of a private tree as a git tree.  An index of our own, kept
 * beside the user's for the life of the tree, remembers what was hashed
 * before, so that one changed file costs one file; it begins as a copy of the
 * user's, which knows what was checked out.  It is written only when a ref
 * names what it remembers: `git gc` knows nothing of this index, and a later
 * commit would name files that are not stored any more.
 */
#include "os/git_work.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/git_bring.h"
#include "os/git_nested.h"

#define OUR_NAME "ll-loop"
#define OUR_MAIL "ll-loop@localhost"

enum { INDEX_MAX = 1 << 30 };

struct look {
	struct git_room *g;
	struct git_work *w;
	git_index *own, *theirs;
};

static int
open_own(struct look *k, struct err *e)
{
	struct git_room *g = k->g;
	const char *path = path_join(g->mem, g->admin, "ll-index");
	const char *theirs = path_join(g->mem, g->admin, "index");
	auto_str bytes = STR_INIT;
	git_repository *second;

	/* Nobody else writes this file; a killed helper may have left it. */
	unlink(arena_printf(g->mem, "%s.lock", path));
	if (!file_exists(path) && file_exists(theirs) &&
	    (file_read(theirs, INDEX_MAX, &bytes, e) < 0 ||
		file_put(path, bytes.buf, bytes.len, 0666, e) < 0))
		return -1;
	if (g->l.git_repository_open(&second, g->path) < 0 ||
	    g->l.git_index_open(&k->own, path) < 0 ||
	    g->l.git_repository_set_index(second, k->own) < 0 ||
	    g->l.git_index_conflict_cleanup(k->own) < 0 ||
	    g->l.git_repository_index(&k->theirs, g->tree) < 0)
		return gitlib_failed(&g->l, "index", e);
	return 0;
}

/* `git update-index` can say of a file that it is not to be looked at. */
static int
open_eyes(struct look *k, struct err *e)
{
	const struct gitlib *l = &k->g->l;

	for (size_t i = 0; i < l->git_index_entrycount(k->own); i++) {
		git_index_entry ent = *l->git_index_get_byindex(k->own, i);

		if (!(ent.flags & GIT_INDEX_ENTRY_VALID) &&
		    !(ent.flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE))
			continue;
		ent.flags &= (uint16_t)~GIT_INDEX_ENTRY_VALID;
		ent.flags_extended &= (uint16_t)~GIT_INDEX_ENTRY_SKIP_WORKTREE;
		/* Nobody knows how the file looked when it was read. */
		ent.mtime = (git_index_time) { 0, 0 };
		if (l->git_index_add(k->own, &ent) < 0)
			return gitlib_failed(l, ent.path, e);
	}
	return 0;
}

/* Was it brought along?  What an action makes beside that is work. */
static bool
is_brought(struct look *k, const char *path)
{
	struct git_room *g = k->g;
	const char *from = val_str(g->meta, "main", NULL);
	struct stat st;

	return git_bring_is(val_get(g->meta, "copies"), path) &&
	    (!from || lstat(path_join(g->mem, from, path), &st) == 0) &&
	    !g->l.git_index_get_bypath(k->theirs, path, 0);
}

/* Skip what is no work, and what cannot be stored. */
static int
on_path(const char *path, const char *spec, void *self)
{
	struct look *k = self;
	struct git_room *g = k->g;
	struct stat st;

	(void)spec;
	if (is_brought(k, path))
		return 1;
	if (lstat(path_join(g->mem, g->path, path), &st) < 0)
		return 0;
	return !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode);
}

/* A sparse checkout has it, and no file: that is no deletion. */
static int
add_sparse(struct look *k, const git_index_entry *theirs, struct err *e)
{
	const struct gitlib *l = &k->g->l;
	git_index_entry ent = *theirs;

	if (!(ent.flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE))
		return 0;
	ent.flags_extended &= (uint16_t)~GIT_INDEX_ENTRY_SKIP_WORKTREE;
	if (l->git_index_add(k->own, &ent) < 0)
		return gitlib_failed(l, ent.path, e);
	return 0;
}

/* What was added although it is ignored, or is not to be in the tree. */
static int
add_forced(struct look *k, struct err *e)
{
	struct git_room *g = k->g;
	size_t n = g->l.git_index_entrycount(k->theirs);

	for (size_t i = 0; i < n; i++) {
		const git_index_entry *ent =
		    g->l.git_index_get_byindex(k->theirs, i);
		struct stat st;

		if (g->l.git_index_get_bypath(k->own, ent->path, 0))
			continue;
		if (lstat(path_join(g->mem, g->path, ent->path), &st) < 0) {
			if (add_sparse(k, ent, e) < 0)
				return -1;
			continue;
		}
		if (S_ISDIR(st.st_mode))
			continue;
		if (g->l.git_index_add_bypath(k->own, ent->path) < 0)
			return gitlib_failed(&g->l, ent->path, e);
	}
	return 0;
}

int
git_work_head(struct git_room *g, struct git_work *w, struct err *e)
{
	git_commit *commit;

	if (g->l.git_reference_name_to_id(&w->head, g->tree, "HEAD") < 0)
		return 0;
	if (g->l.git_commit_lookup(&commit, g->tree, &w->head) < 0)
		return gitlib_failed(&g->l, "HEAD", e);
	w->has_head = true;
	w->head_tree = *g->l.git_commit_tree_id(commit);
	return 0;
}

/* With conflicts the index is no tree; what merged is a parent then. */
static void
look_at_index(struct look *k)
{
	struct git_room *g = k->g;
	struct git_work *w = k->w;

	if (g->l.git_index_has_conflicts(k->theirs) ||
	    g->l.git_index_write_tree(&w->index_tree, k->theirs) < 0)
		return;
	w->staged = !g->l.git_oid_equal(&w->index_tree, &w->tree) &&
	    !(w->has_head && g->l.git_oid_equal(&w->index_tree, &w->head_tree));
}

int
git_work_look(struct git_room *g, struct git_work *w, struct err *e)
{
	struct look k = { .g = g, .w = w };

	*w = (struct git_work) { 0 };
	if (open_own(&k, e) < 0 || open_eyes(&k, e) < 0 ||
	    git_work_head(g, w, e) < 0)
		return -1;
	if (g->l.git_index_add_all(
		k.own, NULL, GIT_INDEX_ADD_DEFAULT, on_path, &k) < 0)
		return gitlib_failed(&g->l, "read the files", e);
	if (add_forced(&k, e) < 0)
		return -1;
	if (g->l.git_index_write_tree(&w->tree, k.own) < 0)
		return gitlib_failed(&g->l, "store the files", e);
	w->own = k.own;
	w->dirty = w->has_head ? !g->l.git_oid_equal(&w->tree, &w->head_tree)
			       : g->l.git_index_entrycount(k.own) > 0;
	look_at_index(&k);
	w->nested = git_nested(g, k.theirs);
	return 0;
}

void
git_work_remember(struct git_room *g, const struct git_work *w)
{
	g->l.git_index_write(w->own);
}

/* ---- a commit of it ---- */

enum { PARENTS_MAX = 16 };

struct parents {
	struct git_room *g;
	const git_commit *at[PARENTS_MAX];
	size_t n;
};

static int
add_parent(const git_oid *id, void *self)
{
	struct parents *p = self;
	git_commit *c;

	if (p->n < PARENTS_MAX &&
	    p->g->l.git_commit_lookup(&c, p->g->tree, id) == 0)
		p->at[p->n++] = c;
	return 0;
}

static int
commit(struct git_room *g, const git_oid *tree_id, const struct parents *p,
    const char *message, git_oid *out, struct err *e)
{
	git_signature *who;
	git_tree *tree;

	if (g->l.git_signature_now(&who, OUR_NAME, OUR_MAIL) < 0 ||
	    g->l.git_tree_lookup(&tree, g->tree, tree_id) < 0 ||
	    g->l.git_commit_create(out, g->tree, NULL, who, who, NULL, message,
		tree, p->n, (const git_commit **)p->at) < 0)
		return gitlib_failed(&g->l, "commit", e);
	return 0;
}

int
git_work_commit(struct git_room *g, const struct git_work *w,
    const char *message, git_oid *out, struct err *e)
{
	struct parents p = { .g = g };
	git_oid staged;

	if (w->has_head)
		add_parent(&w->head, &p);
	if (w->staged) {
		if (commit(g, &w->index_tree, &p,
			"What was staged and no file had any more\n", &staged,
			e) < 0)
			return -1;
		add_parent(&staged, &p);
	}
	g->l.git_repository_mergehead_foreach(g->tree, add_parent, &p);
	return commit(g, &w->tree, &p, message, out, e);
}

bool
git_work_is_ours(struct git_room *g, git_commit *c)
{
	const git_signature *who = g->l.git_commit_author(c);

	return who && strcmp(who->email, OUR_MAIL) == 0;
}

bool
git_work_is_nameless(
    struct git_room *g, const struct git_work *w, const git_oid *base)
{
	const char *branch = val_str(g->meta, "branch", NULL);
	git_oid tip;

	if (!w->has_head || g->l.git_oid_equal(&w->head, base))
		return false;
	if (!branch ||
	    !room_ref(g, arena_printf(g->mem, "refs/heads/%s", branch), &tip))
		return true;
	return !g->l.git_oid_equal(&tip, &w->head) &&
	    g->l.git_graph_descendant_of(g->tree, &tip, &w->head) != 1;
}
