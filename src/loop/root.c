/*
 * The project root (decisions.md §6): upward to the nearest .loops, but
 * never past the git top level, another file system or the home directory.
 */
#include "loop/find.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"

static bool
holds(struct arena *a, const char *dir, const char *name)
{
	return file_exists(path_join(a, dir, name));
}

static bool
same_device(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev;
}

static const char *
resolved(struct arena *a, const char *dir)
{
	char real[PATH_MAX];

	return realpath(dir, real) ? arena_strdup(a, real) : path_clean(a, dir);
}

const char *
find_root(struct arena *a, const char *cwd, const char *asked, const char *home)
{
	const char *dir, *top = NULL;

	if (asked)
		return resolved(a, path_join(a, cwd, asked));
	cwd = resolved(a, cwd);
	home = home && home[0] == '/' ? resolved(a, home) : NULL;
	for (dir = cwd;; dir = path_dir(a, dir)) {
		if (file_is_dir(path_join(a, dir, ".loops")))
			return dir;
		if (holds(a, dir, ".git"))
			top = dir;
		if (top || strcmp(dir, "/") == 0 ||
		    (home && strcmp(dir, home) == 0) ||
		    !same_device(dir, path_dir(a, dir)))
			break;
	}
	return top ? top : cwd;
}
