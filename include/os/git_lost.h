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

#endif
