/* The worktrees of a project and of its runs. */
#ifndef CMD_WORKTREE_GC_H
#define CMD_WORKTREE_GC_H

#include "cmd/cmd.h"

struct worktree_all {
	struct args *args;
	const char *root;
	const struct val *said; /* worktree_list's answer, see os/worktree */
};

/* -1 and *e: ERR_INPUT when this is no repository. */
int worktree_all_read(struct args *, struct worktree_all *, struct err *);
/* {trees, kept, snapshots}; each tree has `state` beside what git knows. */
const struct val *worktree_all_val(const struct worktree_all *);
void worktree_all_say(const struct worktree_all *);

/* A tree's state: "running" (its run lives), "halfway" (it was never whole, or
 * is half gone), "lost" (its files are gone), "restored" (it is the user's),
 * "left" (its run does not live). */
const char *worktree_state_of(
    const struct worktree_all *, const struct val *tree);

/* Bring back what a run left (`step` NULL), or a step. */
int worktree_bring_back(struct args *, const char *name, const char *step,
    const char *dir, struct err *);
/* What may go: the exit status, or -1 and *e. */
int worktree_gc(struct args *, bool apply, struct err *);

#endif
