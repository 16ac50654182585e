/* A worktree, made and unmade in steps that git sees all or nothing of. */
#ifndef OS_GIT_MAKE_H
#define OS_GIT_MAKE_H

#include "os/git_room.h"

struct git_make {
	const char *run, *path;
	const char *ref; /* refs/heads/BRANCH that it is on; NULL: detached */
	bool own;        /* the branch is made, and goes with the tree */
	git_oid base;    /* commit */
	git_oid files;   /* tree that is checked out */
	const struct val *copy, *link; /* lists of paths below top; or NULL */
	bool unlocked;                 /* the user's from now on */
	bool foreign; /* the directory it is made in is not for trees */
};

/*
 * Make the tree of room_name().  -1: nothing is left of it; ERR_USAGE: branch,
 * path or name are taken.
 */
int git_make(struct git_room *, const struct git_make *, struct err *);
/*
 * Unmake it: files, directory, the branch when it is its own and holds
 * nothing.  *dropped: the branch went.  Each step can be done again: who
 * finds a rest does the rest.
 */
int git_unmake(struct git_room *, bool *dropped, struct err *);
/* Are its files away from `path`, and has git forgotten it, or is it about to
 * because a git_unmake() was interrupted (*half)? */
bool git_is_unmade(struct git_room *, const char *path, bool *half);
/* Finish what a kill interrupted: 1 when there was something, else 0.  A tree
 * that was whole once is not touched. */
int git_unmake_rest(struct git_room *, struct err *);

#endif
