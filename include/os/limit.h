/*
 * Programs that start under bounds.  posix_spawn cannot set them, and set on
 * a process that runs already they come too late for what it has started; so
 * our own program is started first, under a word nobody types, bounds itself
 * and becomes the other (spawn() does this).
 */
#ifndef OS_LIMIT_H
#define OS_LIMIT_H

#include "base/arena.h"

/* 0: no bound. */
struct limits {
	long long procs;    /* processes of the tree */
	long long memory;   /* bytes that one process may have written to */
	long long files;    /* open files of one process */
	const char *cgroup; /* the group to enter first, or NULL */
};

#define LIMIT_WORD "ll-loop:limit"
/* Where spawn() hears whether the other program could be executed. */
enum { LIMIT_FD = 3 };

/* The arguments of our own program that make it execute `file` as `argv`. */
char *const *limit_argv(
    struct arena *, const struct limits *, const char *file, char *const *argv);
/* What main() does when argv[0] is LIMIT_WORD: returns only when it could
 * not, after writing errno as an int to LIMIT_FD. */
int limit_main(int argc, char *const *argv);

#endif
