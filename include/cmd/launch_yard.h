/* What the parts of launch_worktree share; nobody else includes this. */
#ifndef CMD_LAUNCH_YARD_H
#define CMD_LAUNCH_YARD_H

#include "cmd/launch_worktree.h"

/* Branches of ours are LAUNCH_YARD_BRANCHES/TREE, if not named otherwise. */
#define LAUNCH_YARD_BRANCHES "ll"

/* A request of os/worktree; `sig` NULL: no signal ends it.  NULL and *e. */
const struct val *launch_yard_ask(struct launch_worktree *, const char *request,
    struct val *args, struct sig *sig, struct err *);
/* Its arguments for this tree. */
struct val *launch_yard_args(
    struct launch_worktree *, const struct yard_tree *);
/* How the user's tree stands, for the comparison at the end; or NULL. */
const struct val *launch_yard_main(struct launch_worktree *);
/* The fields of a record of what is done with a tree. */
struct val *launch_yard_fields(
    struct run *, const struct yard_tree *, const char *action);
/* What a helper said, under the same names; `keys` ends with NULL. */
void launch_yard_said(struct arena *, struct val *out, const struct val *said,
    const char *const *keys);
/* A tree as a record of it has it. */
struct yard_tree *launch_yard_known(
    struct launch_worktree *, const struct val *was);
/* Of one that is not there, by its last record: did we give it back with
 * nothing in it, without a record of that? */
bool launch_yard_given_back(struct launch_worktree *, const struct val *was);
int launch_yard_emit(struct run *, struct val *fields, struct err *);
/* As struct yard has them. */
int launch_yard_leave(
    void *self, struct run *, const struct housing *, struct err *);
int launch_yard_close(
    void *self, struct run *, bool stays, struct val *end, struct err *);
/* A tree cannot be used, and *e says why: *e says too how it comes back, by
 * this name.  -1, with ERR_INPUT. */
int launch_yard_gone(struct err *, const char *name);
/* The engine's seam. */
struct yard launch_yard(struct launch_worktree *);

#endif
