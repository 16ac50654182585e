/*
 * The library calls a repository inside a repository ignored, and so would
 * lose it; hence a walk of our own.  Ignored directories are not entered.
 */
#include "os/git_nested.h"

#include <dirent.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"

enum { DEPTH_MAX = 200 };

struct walk {
	struct git_room *g;
	git_index *index;
	struct arena mem;
	const char *found;
};

static bool
is_dir(struct walk *w, const char *dir, const struct dirent *ent)
{
	if (ent->d_type != DT_UNKNOWN)
		return ent->d_type == DT_DIR;
	return file_is_dir(path_join(&w->mem, dir, ent->d_name));
}

static bool
is_ignored(struct walk *w, const char *path)
{
	const char *dir = arena_printf(&w->mem, "%s/", path);
	int yes = 0;

	return w->g->l.git_ignore_path_is_ignored(&yes, w->g->tree, dir) == 0 &&
	    yes;
}

static void
look(struct walk *w, const char *dir, const char *below, int depth)
{
	auto_dir DIR *d = opendir(dir);
	struct dirent *ent;

	while (d && !w->found && depth < DEPTH_MAX && (ent = readdir(d))) {
		const char *full, *path;

		if (!is_dir(w, dir, ent) || strcmp(ent->d_name, ".") == 0 ||
		    strcmp(ent->d_name, "..") == 0 ||
		    strcmp(ent->d_name, ".git") == 0)
			continue;
		full = path_join(&w->mem, dir, ent->d_name);
		path = path_join(&w->mem, below, ent->d_name);
		if (w->g->l.git_index_get_bypath(w->index, path, 0) ||
		    is_ignored(w, path))
			continue;
		if (file_exists(path_join(&w->mem, full, ".git")))
			w->found = arena_strdup(w->g->mem, path);
		else
			look(w, full, path, depth + 1);
	}
}

const char *
git_nested(struct git_room *g, git_index *index)
{
	struct walk w = { .g = g, .index = index };

	look(&w, g->path, "", 0);
	arena_release(&w.mem);
	return w.found;
}
