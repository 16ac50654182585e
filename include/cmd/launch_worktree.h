/*
 * A run in a tree of its own, and loops it calls on branches of theirs: what
 * the engine asks for is asked of a helper (os/worktree), recorded before and
 * after, and given back at the end.
 */
#ifndef CMD_LAUNCH_WORKTREE_H
#define CMD_LAUNCH_WORKTREE_H

#include "base/vec.h"
#include "cmd/opened.h"
#include "engine/run.h"

struct yard_tree {
	/* As os/worktree has them; `cwd` once it is made. */
	const char *name, *path, *branch, *base, *cwd;
	const char *main;   /* the user's, as `top` */
	const char *of;     /* "run" or "loop" */
	const char *last;   /* id of the files in its last snapshot */
	const char *failed; /* why the last one could not be made, or NULL */
	bool open;
};

struct launch_worktree {
	const struct launch_opts *o;
	const struct settings *set;
	const char *root, *cwd; /* where the user stands */
	bool goes_on;           /* with a run that has its tree, or none */
	bool complete;          /* it was at its end: nothing more is done
	                         * in its tree, which may be gone */
	struct sig *sig;

	struct arena mem; /* as long as the run */
	const char *run;
	const char *base_dir;   /* where trees are made */
	const char *base;       /* the commit; NULL: no tree of its own */
	const char *top;        /* the user's tree that the run keeps out of,
	                         * or NULL */
	const struct val *main; /* how that stood at the start, or NULL */
	VEC(struct yard_tree *) trees;
};

/* Could the tree be made?  Nothing is touched.  `cwd` and `sig` are kept.  -1:
 * ERR_INPUT (git's or libgit2's no), ERR_CREATE (taken), ERR_BUSY, ERR_IO. */
int launch_worktree_plan(struct launch_worktree *, const struct opened *,
    const char *cwd, struct sig *sig, struct err *);
/* Hang it into the engine's seam; `run` is the run's id. */
void launch_worktree_hang(
    struct launch_worktree *, const char *run, struct run *);
void launch_worktree_release(struct launch_worktree *);

#endif
