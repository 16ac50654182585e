/* One action: text with its values, a child, what it printed. */
#ifndef ENGINE_ACT_H
#define ENGINE_ACT_H

#include "engine/run.h"

/*
 * Start the action of a state: its values, action_start, the child.  The
 * worker's act is ACT_RUNS then, or ACT_RAISED.  -1 and *e only when something
 * could not be recorded.
 */
int act_start(struct run *, const struct state *, struct err *);
/* Its child has ended like this: action_complete and append_to_messages. */
int act_end(
    struct run *, const struct state *, const struct outcome *, struct err *);
/* How a child ended: exit_code, duration_ms, outcome, timeout_kind. */
void act_put_outcome(struct run *, const struct outcome *, struct val *fields);
/* append_to_messages of a state; the worker's act is ACT_RAISED when its text
 * cannot be had. */
int act_message(struct run *, const struct state *, struct err *);
/* All of one stream of an action, from memory or its file. */
int act_text(struct run *, const struct stream *, struct sv *out, struct err *);

#endif
