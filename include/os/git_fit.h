/* Before anything is made: what libgit2 cannot serve, and what is asked for. */
#ifndef OS_GIT_FIT_H
#define OS_GIT_FIT_H

#include "os/git_room.h"

struct git_fit {
	git_oid base;      /* the commit */
	git_oid tree;      /* its tree */
	const char *ref;   /* refs/heads/BRANCH; NULL: no branch */
	const char *head;  /* the user's branch, or NULL */
	const char *place; /* of the working directory below top; "" */
};

/* The arguments of worktree_check, held against the repository. -1: ERR_INPUT
 * (refused), ERR_USAGE (taken), ERR_ABSENT. */
int git_fit(
    struct git_room *, const struct val *args, struct git_fit *, struct err *);

#endif
