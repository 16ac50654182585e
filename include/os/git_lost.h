/* A tree of ours whose files somebody removed. */
#ifndef OS_GIT_LOST_H
#define OS_GIT_LOST_H

#include "os/git_room.h"

/*
 * What its last snapshot has, and commits that no branch of its has, go to
 * refs/ll/kept/NAME, unless that has something later.  Needs only the name,
 * and uses g->meta.  1 and *out: the ref names this; 0: there is nothing; -1
 * and *e.
 */
int git_lost_keep(struct git_room *, git_oid *out, struct err *);

struct git_lost {
	const char *path, *branch; /* `branch` may be NULL */
	const char *base;          /* the commit it began with, in hex */
	bool own;                  /* the branch was made for it */
};

/*
 * Was it given back by us, all the way or halfway, with nothing in it that
 * anybody would miss?  Then nothing was kept of it, its last snapshot has what
 * a branch has, and a branch of its own went with it: whoever else removes a
 * tree leaves that.
 */
bool git_lost_nothing(struct git_room *, const struct git_lost *);

#endif
