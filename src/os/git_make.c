/*
 * Making a worktree.  libgit2's own git_worktree_add() leaves half a
 * directory in .git/worktrees when it fails or is killed, which git shows and
 * does not prune.  So the directory is filled elsewhere in .git, with a note
 * of ours that says what belongs to it, and put in place by one rename; it is
 * locked, so that nobody prunes it, and unmade in the opposite order.
 */
#include "os/git_make.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/erase.h"
#include "os/git_bring.h"
#include "text/json.h"

/* What has been made, for the undo. */
struct made {
	bool base, path, stage, branch, admin;
};

static int
put(struct git_room *g, const char *dir, const char *name, const char *text,
    struct err *e)
{
	return file_put(
	    path_join(g->mem, dir, name), text, strlen(text), 0666, e);
}

static int
put_meta(struct git_room *g, const struct git_make *m, const char *dir,
    bool made, struct err *e)
{
	struct val *v = val_map(g->mem);
	auto_str text = STR_INIT;

	val_set(g->mem, v, "v", val_int(g->mem, 1));
	val_set(g->mem, v, "run", val_text(g->mem, m->run));
	val_set(g->mem, v, "name", val_text(g->mem, g->name));
	val_set(g->mem, v, "path", val_text(g->mem, m->path));
	if (m->ref)
		val_set(g->mem, v, "branch",
		    val_text(g->mem, m->ref + strlen("refs/heads/")));
	val_set(g->mem, v, "base", val_text(g->mem, room_hex(g, &m->base)));
	val_set(g->mem, v, "own", val_bool(g->mem, m->own));
	if (g->top)
		val_set(g->mem, v, "main", val_text(g->mem, g->top));
	val_set(g->mem, v, "copies", git_bring_names(g->mem, m->copy, m->link));
	val_set(g->mem, v, "made", val_bool(g->mem, made));
	json_write(&text, v, JSON_COMPACT);
	str_addc(&text, '\n');
	return put(g, dir, ROOM_META, text.buf, e);
}

/* The directory of the administration, where git does not look yet. */
static int
stage(struct git_room *g, const struct git_make *m, struct made *made,
    struct err *e)
{
	const char *head = m->ref
	    ? arena_printf(g->mem, "ref: %s\n", m->ref)
	    : arena_printf(g->mem, "%s\n", room_hex(g, &m->base));

	if (file_exists(g->admin) || file_exists(g->stage))
		return err_set(
		    e, ERR_USAGE, "a worktree '%s' is there already", g->name);
	if (room_mkdir(g, g->stage, e) < 0)
		return -1;
	made->stage = true;
	if (put_meta(g, m, g->stage, false, e) < 0 ||
	    put(g, g->stage, "HEAD", head, e) < 0 ||
	    put(g, g->stage, "commondir", "../..\n", e) < 0 ||
	    put(g, g->stage, "gitdir",
		arena_printf(g->mem, "%s/.git\n", m->path), e) < 0)
		return -1;
	return m->unlocked
	    ? 0
	    : put(g, g->stage, "locked",
		  arena_printf(g->mem, "ll-loop run %s\n", m->run), e);
}

static int
make_path(struct git_room *g, const struct git_make *m, struct made *made,
    struct err *e)
{
	const char *base = path_dir(g->mem, m->path);

	made->base = !m->foreign && !file_exists(base);
	if ((m->foreign ? file_mkdirs(base, 0777, e)
			: file_mkdir_ignored(base, e)) < 0)
		return -1;
	if (mkdir(m->path, 0777) < 0) {
		if (errno != EEXIST)
			return err_sys(e, "%s", m->path);
		return err_set(e, ERR_USAGE, "'%s' is there already", m->path);
	}
	made->path = true;
	return put(g, m->path, ".git",
	    arena_printf(g->mem, "gitdir: %s\n", g->admin), e);
}

/* Into the place where git looks. */
static int
move_in(struct git_room *g, struct made *made, struct err *e)
{
	if (room_move(g, g->stage, g->admin, e) < 0)
		return -1;
	made->admin = true;
	rmdir(path_dir(g->mem, g->stage));
	return 0;
}

static int
check_out(struct git_room *g, const struct git_make *m, struct err *e)
{
	git_checkout_options how;
	git_object *files;

	if (g->l.git_repository_open(&g->tree, m->path) < 0 ||
	    g->l.git_object_lookup(
		&files, g->tree, &m->files, GIT_OBJECT_TREE) < 0 ||
	    g->l.git_checkout_options_init(&how, GIT_CHECKOUT_OPTIONS_VERSION) <
		0)
		return gitlib_failed(&g->l, m->path, e);
	how.checkout_strategy = GIT_CHECKOUT_FORCE;
	if (g->l.git_checkout_tree(g->tree, files, &how) < 0)
		return gitlib_failed(&g->l, "check out", e);
	return 0;
}

/* The index stands on the base, whatever files were checked out. */
static int
set_index(struct git_room *g, const struct git_make *m, struct err *e)
{
	git_commit *commit;
	git_tree *tree;
	git_index *index;

	if (g->l.git_commit_lookup(&commit, g->tree, &m->base) < 0 ||
	    g->l.git_tree_lookup(
		&tree, g->tree, g->l.git_commit_tree_id(commit)) < 0 ||
	    g->l.git_repository_index(&index, g->tree) < 0)
		return gitlib_failed(&g->l, "index", e);
	if (g->l.git_oid_equal(&m->files, g->l.git_commit_tree_id(commit)))
		return 0;
	if (g->l.git_index_read_tree(index, tree) < 0 ||
	    g->l.git_index_write(index) < 0)
		return gitlib_failed(&g->l, "index", e);
	return 0;
}

/* HEAD is where it should be, and every file of the commit is there. */
static int
verify(struct git_room *g, const struct git_make *m, struct err *e)
{
	git_repository *fresh;
	git_object *files;
	git_diff_options how;
	git_diff *diff;
	git_oid head;
	struct stat st;

	if (g->l.git_repository_open(&fresh, m->path) < 0 ||
	    g->l.git_reference_name_to_id(&head, fresh, "HEAD") < 0)
		return gitlib_failed(&g->l, "verify", e);
	if (!g->l.git_oid_equal(&head, &m->base))
		return err_set(e, ERR_IO, "HEAD of '%s' is %s, not %s", m->path,
		    room_hex(g, &head), room_hex(g, &m->base));
	if (g->l.git_object_lookup(&files, fresh, &m->files, GIT_OBJECT_TREE) <
		0 ||
	    g->l.git_diff_options_init(&how, GIT_DIFF_OPTIONS_VERSION) < 0 ||
	    g->l.git_diff_tree_to_workdir_with_index(
		&diff, fresh, (git_tree *)files, &how) < 0)
		return gitlib_failed(&g->l, "verify", e);
	for (size_t i = 0; i < g->l.git_diff_num_deltas(diff); i++) {
		const git_diff_delta *d = g->l.git_diff_get_delta(diff, i);

		if (d->status == GIT_DELTA_DELETED &&
		    lstat(path_join(g->mem, m->path, d->old_file.path), &st) <
			0)
			return err_set(e, ERR_IO, "'%s' was not checked out",
			    d->old_file.path);
	}
	return 0;
}

/* In reverse; what cannot be undone is found again by its note. */
static void
undo(struct git_room *g, const struct git_make *m, const struct made *made)
{
	struct err unused = ERR_INIT;
	const char *base = path_dir(g->mem, m->path);

	if (made->admin)
		room_move(g, g->admin, g->stage, &unused);
	if (made->path)
		erase_tree(m->path, &unused);
	if (made->branch)
		room_ref_drop(g, m->ref, &m->base, &unused);
	if (made->stage)
		erase_tree(g->stage, &unused);
	rmdir(path_dir(g->mem, g->stage));
	rmdir(path_dir(g->mem, g->admin));
	if (made->base) {
		unlink(path_join(g->mem, base, ".gitignore"));
		if (rmdir(base) < 0)
			file_mkdir_ignored(base, &unused);
	}
}

static int
make(struct git_room *g, const struct git_make *m, struct made *made,
    struct err *e)
{
	if (stage(g, m, made, e) < 0 || make_path(g, m, made, e) < 0)
		return -1;
	if (m->own) {
		if (room_ref_put(g, m->ref, &m->base, false, e) < 0)
			return -1;
		made->branch = true;
	}
	if (move_in(g, made, e) < 0 || check_out(g, m, e) < 0 ||
	    set_index(g, m, e) < 0 || verify(g, m, e) < 0)
		return -1;
	if (git_bring(g, m->path, m->copy, false, e) < 0 ||
	    git_bring(g, m->path, m->link, true, e) < 0)
		return -1;
	return put_meta(g, m, g->admin, true, e);
}

int
git_make(struct git_room *g, const struct git_make *m, struct err *e)
{
	struct made made = { 0 };
	int rc = make(g, m, &made, e);

	if (rc < 0)
		undo(g, m, &made);
	return rc;
}
