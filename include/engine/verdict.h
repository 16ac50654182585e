/* What a step's result amounts to: judged, and on record. */
#ifndef ENGINE_VERDICT_H
#define ENGINE_VERDICT_H

#include "engine/act.h"
#include "engine/judge.h"

/*
 * Judge a state and emit `evaluate`.  `act` is what its action did, NULL when
 * none ran.  When a signal to us came meanwhile, out->stopped is set and
 * nothing is recorded, so that a resume does the state again.  -1 and *e when
 * it could not be recorded.
 */
int verdict_reach(struct run *, const struct state *, const struct act *,
    struct judged *out, struct err *);

#endif
