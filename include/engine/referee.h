/*
 * Judgements by hosts: calls are made, one after the other, until what they
 * came to is known.  Where one stands is in the point.
 */
#ifndef ENGINE_REFEREE_H
#define ENGINE_REFEREE_H

#include "engine/act.h"
#include "engine/judge.h"

/*
 * Go on with the judgement of a state.  `act` is what its action did, NULL
 * when none ran.  1: a call has been recorded and started, and the worker's
 * child answers it; 0: *out is what all of them come to, which is not
 * recorded yet; -1 and *e: something could not be recorded.
 */
int referee_go(struct run *, const struct state *, const struct act *,
    struct judged *out, struct err *);
/* Would that make a call? */
bool referee_asks(struct run *, const struct state *, const struct act *act);
/* The child has ended like this: judge_complete.  Nothing is recorded when
 * that was a signal to us, so that a resume asks again. */
int referee_hear(
    struct run *, const struct state *, const struct outcome *, struct err *);

#endif
