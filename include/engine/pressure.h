/* `host_guard`: memory before a prompt, and what actions use together. */
#ifndef ENGINE_PRESSURE_H
#define ENGINE_PRESSURE_H

#include "engine/step_part.h"

/*
 * Before the action of a state that was just entered.  *done: it took over;
 * the frame goes on elsewhere or ends, or, when the worker rests, goes on
 * with what is set in its `then`.
 */
int pressure_look(struct step *, bool *done, struct err *);
/* Tell what an action has used, when somebody counts it. */
int pressure_used(struct run *, const struct state *, struct err *);
/* The state is to be left, and all have used too much: once in a run.  *to is
 * then where to go instead, or *done: the run ends. */
int pressure_budget(
    struct step *, const struct target **to, bool *done, struct err *);

#endif
