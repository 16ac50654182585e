/*
 * Failures that are not an action's own, in a step (engine/ladder decides).
 * Only src/engine/step*.c, and who judges with a host, include this.
 */
#ifndef ENGINE_STEP_LADDER_H
#define ENGINE_STEP_LADDER_H

#include "engine/ladder.h"
#include "engine/step_part.h"

/* What failed, in words that last as long as the step. */
struct failed {
	enum failure_class class;
	bool agent; /* a host, not a shell action */
	bool judge; /* which judged: only that is done again */
	bool told;  /* by words of the host, not by its end */
	const char *host, *text, *hint; /* NULL: not known */
	long long until_us;             /* 0: not told */
};

/*
 * A failure, on record.  *done: the step is over for now: it is done again
 * after a wait, it was left, or the run ends (x->finish).  After the failure
 * of a judge the worker rests, and goes on by step_again().
 */
int ladder_failed(
    struct step *, const struct failed *, bool *done, struct err *);
/* The same for the action of the state, whose end is on record. */
int step_ladder(struct step *, bool *done, struct err *);
/* The same for the last call of the judge of the state. */
int step_ladder_judge(struct step *, bool *done, struct err *);
/* Of a run that ended in the middle of that: what was decided is done. */
int step_climb_on(struct step *, bool *done, struct err *);

/* The run ends and can be resumed. */
int ladder_park(struct step *, const struct failed *, struct err *);
double ladder_draw(void); /* 0 to 1 */

/* What another run was refused by the host that the action needs, or a judge
 * of the state: *done: the run ends (x->finish), or there is a wait on record
 * that is to be rested for first. */
int step_heed(struct step *, bool judge, bool *done, struct err *);

/* What is told of it, before it is done: a wait. */
int ladder_tell_wait(struct step *, const struct failed *,
    const struct ladder_out *, struct err *);
/* The run is parked; there was enough of waiting, which leads to `t` or
 * nowhere; it was tried often enough. */
int ladder_tell_park(struct step *, const struct failed *, struct err *);
int ladder_tell_exhausted(struct step *, const struct failed *,
    const struct ladder_out *, const struct target *t, struct err *);
int ladder_tell_give_up(struct step *, const struct failed *,
    const struct ladder_out *, struct err *);
/* What the exit code alone says of a shell action that is not judged. */
int ladder_tell_unjudged(struct step *, struct err *);

#endif
