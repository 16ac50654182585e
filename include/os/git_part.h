/*
 * The two ways to ask a repository: only src/os/git*.c include this, and all
 * of it runs in a helper.
 */
#ifndef OS_GIT_PART_H
#define OS_GIT_PART_H

#include "base/err.h"
#include "base/vec.h"
#include "text/val.h"

/* What is asked and what was found. */
struct repo_room {
	struct arena *mem;
	const char *top;        /* of the work tree, without "/" at its end */
	VEC(const char *) spec; /* below it; none: all */
	VEC(const char *) path; /* changed, new or gone, relative to top */
	VEC(const char *) tree; /* ids in HEAD of what is asked, in hex */
	void *own;              /* of the way */
};

/* Each function: 0, or -1 and *e; ERR_ABSENT: there is no repository. */
struct repo_way {
	const char *name;
	int (*open)(struct repo_room *, struct err *);
	int (*list)(struct repo_room *, struct err *);
};

extern const struct repo_way repo_by_library, repo_by_program;

#endif
