/*
 * Unmaking a worktree, so that a kill at any moment leaves what a later call
 * can finish: the files get a name that says they are rubbish, then the
 * directory of the administration leaves the place where git looks, and only
 * then is anything deleted.
 */
#include "os/git_make.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/erase.h"

static const char *
gone_path(struct git_room *g, const char *path)
{
	return arena_printf(
	    g->mem, "%s/.gone-%s", path_dir(g->mem, path), path_base(path));
}

/* Files away, then out of git's sight. */
static int
move_out(struct git_room *g, const char *path, struct err *e)
{
	if (rename(path, gone_path(g, path)) < 0 && errno != ENOENT)
		return err_sys(e, "%s", path);
	if (!file_exists(g->admin))
		return 0;
	return room_move(g, g->admin, g->stage, e);
}

/* The branch was made for the tree and names what it began with. */
static int
drop_branch(struct git_room *g, bool *dropped, struct err *e)
{
	const char *branch = val_str(g->meta, "branch", NULL);
	const char *ref;
	git_oid base, tip;

	if (!branch || !room_true(g->meta, "own") ||
	    g->l.git_oid_fromstr(&base, val_str(g->meta, "base", "")) < 0)
		return 0;
	ref = arena_printf(g->mem, "refs/heads/%s", branch);
	if (!room_ref(g, ref, &tip) || !g->l.git_oid_equal(&tip, &base))
		return 0;
	if (room_ref_drop(g, ref, &base, e) < 0)
		return -1;
	*dropped = true;
	return 0;
}

static int
erase_rest(struct git_room *g, const char *path, bool *dropped, struct err *e)
{
	if (erase_tree(gone_path(g, path), e) < 0 ||
	    drop_branch(g, dropped, e) < 0 || erase_tree(g->stage, e) < 0)
		return -1;
	rmdir(path_dir(g->mem, g->stage));
	rmdir(path_dir(g->mem, g->admin));
	return 0;
}

int
git_unmake(struct git_room *g, bool *dropped, struct err *e)
{
	*dropped = false;
	if (move_out(g, g->path, e) < 0)
		return -1;
	return erase_rest(g, g->path, dropped, e);
}

/* Nothing is in it but perhaps the beginning of its first file. */
static bool
is_bare(const char *path)
{
	auto_dir DIR *d = opendir(path);
	struct dirent *ent;

	while (d && (ent = readdir(d)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0 &&
		    !sv_starts(sv(ent->d_name), ".git.tmp"))
			return false;
	return d;
}

/* Was this directory made for the tree?  Then it says so, or is bare yet. */
static bool
is_its(struct git_room *g, const char *path)
{
	const char *says = arena_printf(g->mem, "gitdir: %s\n", g->admin);
	auto_str text = STR_INIT;
	struct err unused = ERR_INIT;

	if (file_read(path_join(g->mem, path, ".git"), 65536, &text, &unused) ==
	    0)
		return strcmp(text.buf, says) == 0;
	return is_bare(path);
}

/* Of the branch that a killed helper was making or removing. */
static void
unlock_branch(struct git_room *g)
{
	const char *branch = val_str(g->meta, "branch", NULL);

	if (branch && room_true(g->meta, "own"))
		room_unlock(g, arena_printf(g->mem, "refs/heads/%s", branch));
}

bool
git_is_unmade(struct git_room *g, const char *path, bool *half)
{
	*half = file_exists(g->stage) || file_exists(g->admin);
	if (file_exists(path))
		return false;
	return !file_exists(g->admin) || file_exists(gone_path(g, path));
}

int
git_unmake_rest(struct git_room *g, struct err *e)
{
	const struct val *here = room_meta(g, g->admin);
	const struct val *there = room_meta(g, g->stage);
	bool dropped, made;
	const char *path;

	if (here && room_true(here, "made") &&
	    !file_exists(gone_path(g, val_str(here, "path", ""))))
		return 0;
	if (!here && !there) {
		bool rest = file_exists(g->stage);

		return erase_tree(g->stage, e) < 0 ? -1 : rest;
	}
	g->meta = here ? here : there;
	made = room_true(g->meta, "made");
	path = val_str(g->meta, "path", "");
	unlock_branch(g);
	/* What is whole and was removed has another name by now. */
	if (!made && is_its(g, path) && move_out(g, path, e) < 0)
		return -1;
	if (here && file_exists(g->admin) && move_out(g, path, e) < 0)
		return -1;
	return erase_rest(g, path, &dropped, e) < 0 ? -1 : 1;
}
