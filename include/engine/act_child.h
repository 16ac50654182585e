/* The children of actions: only src/engine/act*.c include this. */
#ifndef ENGINE_ACT_CHILD_H
#define ENGINE_ACT_CHILD_H

#include "engine/act.h"
#include "engine/ask.h"

/*
 * Start the worker's command under the bounds of its state, its output into
 * the vault and to whoever listens.  -1 and *e: it cannot be recorded.
 */
int act_child_start(struct run *, const struct state *, struct err *);
/* It is over: fills `out` of the worker's act; end and error when ACT_FULL. */
int act_child_end(struct run *, struct err *);

/* The same for a prompt, which is announced here too; the act is ACT_RAISED
 * when it cannot be put to a host.  After the end `asked` is what came of
 * it, and the act's outcome that of the call: what the host said counts, not
 * how its process went. */
int act_prompt_start(struct run *, const struct state *, struct err *);
int act_prompt_end(struct run *, struct asked *, struct err *);
bool act_is_prompt(const struct state *);
/* The `fingerprint` of an action_start, where somebody wants it. */
int act_fingerprint(
    struct run *, const struct state *, struct val *fields, struct err *);

/* Fields failure_class and failure_type of action_complete. */
void act_put_failure(struct run *, const struct state *, struct val *fields);
/* A signal to us came before what was announced could be started. */
int act_tell_unbegun(struct run *, const struct state *, struct err *);

#endif
