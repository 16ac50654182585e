/*
 * `parallel`: a state done once for each of many items, some at the same
 * time, each by a worker of its own (decisions.md §3.10).
 */
#ifndef ENGINE_FAN_H
#define ENGINE_FAN_H

#include "engine/judge.h"
#include "engine/run.h"

/*
 * Find out what the items are and record parallel_start.  The worker's act
 * is ACT_RAISED instead when they cannot be had.  -1 and *e: it could not
 * be recorded.
 */
int fan_begin(struct run *, const struct state *, struct err *);
/*
 * The same for a run that is resumed among its items, as the point has them:
 * a loop that ran then goes on where it stood, a command is unfinished and
 * begun again, unless the state forbids it.
 * 1, or -1 and *e.
 */
int fan_again(struct run *, const struct state *, struct err *);
/*
 * Workers that are over are recorded and let go, and items that still wait
 * get one.  1: all are over, and run->worker is the run's own; 0: not yet.
 */
int fan_turn(struct run *, struct err *);
/* Give a worker its place among the others; it has the turn then. */
void fan_seat(struct run *, struct worker *);
/* Was the action of an item cut short when the run ended? */
bool fan_was_cut(const struct run *, const struct state *);
/* What they come to, recorded as the state's verdict. */
int fan_end(
    struct run *, const struct state *, struct judged *out, struct err *);

#endif
