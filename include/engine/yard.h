/*
 * Who gives frames a tree of their own to work in (`--worktree`, `worktree:`).
 * The engine knows no git: it says when, and where actions run stands in the
 * level of a frame.
 */
#ifndef ENGINE_YARD_H
#define ENGINE_YARD_H

#include <stdbool.h>

#include "base/err.h"
#include "text/val.h"

struct run;
struct yard_tree;

/* Where a frame works; zero: where the user stands. */
struct housing {
	const char *cwd;        /* lasts as long as the run */
	struct yard_tree *tree; /* that it is in */
	bool own; /* made for this frame, and given back with it */
};

/* Each records what it does, before and after.  Where nothing else is said
 * -1 and *e: something could not be recorded.  All may be NULL. */
struct yard {
	/* The run's own tree.  -1 also: there is none, and the run ends. */
	int (*open)(
	    void *self, struct run *, struct housing *out, struct err *);
	/* A run goes on: the tree that these fields tell of, the run's or of a
	 * loop it calls.  -1 also: it is not there any more. */
	int (*again)(void *self, struct run *, const struct val *was,
	    struct housing *out, struct err *);
	/* The tree of a called loop, on a branch that is there. 1: there is
	 * none, and *why says it. */
	int (*enter)(void *self, struct run *, const char *branch,
	    struct housing *out, struct err *why, struct err *);
	/* An action of the run's own lane is over and recorded. */
	int (*acted)(
	    void *self, struct run *, const struct housing *, struct err *);
	/* A loop with a tree of its own is over. */
	int (*leave)(
	    void *self, struct run *, const struct housing *, struct err *);
	/* The run is over and nothing of it lives.  `stays`: it will go on,
	 * so what is not clean is left.  Members for run_end are set. */
	int (*close)(void *self, struct run *, bool stays, struct val *end,
	    struct err *);
	/* A member of loop_start for a tree of its own. */
	const struct val *(*told)(
	    void *self, const struct housing *, struct arena *);
	void *self;
};

#endif
