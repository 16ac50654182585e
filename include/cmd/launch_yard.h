/* What the two halves of launch_worktree share. */
#ifndef CMD_LAUNCH_YARD_H
#define CMD_LAUNCH_YARD_H

#include "cmd/launch_worktree.h"

/* A request of os/worktree; `sig` NULL: no signal ends it.  NULL and *e. */
const struct val *launch_yard_ask(struct launch_worktree *, const char *request,
    struct val *args, struct sig *sig, struct err *);
/* Its arguments for this tree. */
struct val *launch_yard_args(
    struct launch_worktree *, const struct yard_tree *);
/* The engine's seam. */
struct yard launch_yard(struct launch_worktree *);

#endif
