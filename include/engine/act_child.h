/* The child of an action: only src/engine/act*.c include this. */
#ifndef ENGINE_ACT_CHILD_H
#define ENGINE_ACT_CHILD_H

#include "engine/act.h"

/*
 * Run the command under the bounds of its state, its output into the vault
 * and to whoever listens.  Fills outcome and out; end and error when it is
 * ACT_FULL.  -1 and *e: it cannot be recorded.
 */
int act_child(struct run *, const struct state *, const struct command *,
    struct act *out, struct err *);

#endif
