/* Path text: join, clean, relative. No file is touched. */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/arena.h"

/* "dir/name"; `name` alone when it is absolute or dir is NULL or "". */
char *path_join(struct arena *, const char *dir, const char *name);
/* Without "//", "." and a trailing "/"; ".." only where it is text-safe
 * (after a component that is not ".."). "" becomes ".". */
char *path_clean(struct arena *, const char *path);
/* The directory part ("." when there is none). */
char *path_dir(struct arena *, const char *path);
/* The last component. */
const char *path_base(const char *path);
/* `path` relative to `dir` when it lies inside; else `path` itself. */
const char *path_inside(const char *path, const char *dir);

#endif
