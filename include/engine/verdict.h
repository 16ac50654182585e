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

/* For judgements that take several steps: */

/* Does the execution itself say what the verdict is? */
bool verdict_is_plain(
    struct run *, const struct state *, const struct act *, struct judged *out);
/* The text that is judged.  -1 and *why: it cannot be had. */
int verdict_text(struct run *, const struct state *, const struct act *,
    struct sv *out, struct err *why);
/* Ask os/probe; -1 and *e when something could not be recorded. */
int verdict_probe(struct run *, const char *request, struct val *args,
    struct helped *out, struct err *e);
/* Emit `evaluate`.  judged->stopped is set instead when a signal came. */
int verdict_record(struct run *, const struct state *, const struct act *,
    struct judged *, struct err *);

#endif
