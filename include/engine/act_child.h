/* The child of an action: only src/engine/act*.c include this. */
#ifndef ENGINE_ACT_CHILD_H
#define ENGINE_ACT_CHILD_H

#include "engine/act.h"

/*
 * Start the worker's command under the bounds of its state, its output into
 * the vault and to whoever listens.  -1 and *e: it cannot be recorded.
 */
int act_child_start(struct run *, const struct state *, struct err *);
/* It is over: fills `out` of the worker's act; end and error when ACT_FULL. */
int act_child_end(struct run *, struct err *);

#endif
