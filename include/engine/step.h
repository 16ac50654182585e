/* One circle: a state is entered, acts, is judged and left. */
#ifndef ENGINE_STEP_H
#define ENGINE_STEP_H

#include "engine/run.h"

/*
 * Execute one state.  0: it is over, and out->cause says whether the frame
 * is too; 1: it goes on later, and what the worker waits for says when; -1
 * and *e only when something could not be recorded.
 */
int step_go(struct run *, const struct state *, struct finish *, struct err *);
/* Before it, or before what is left of it: as step_go(), 1 when there is
 * something to wait for first. */
int step_rest(
    struct run *, const struct state *, struct finish *, struct err *);
/* How long the retry that comes waits: base, twice that, and so on up to the
 * cap. */
long long step_retry_ms(const struct retry_backoff *, long long retry);
/* Its action ended like this. As step_go(). */
int step_acted(
    struct run *, const struct outcome *, struct finish *, struct err *);
/* The loop that it called has ended, and the point says how. */
int step_called(struct run *, struct finish *, struct err *);
/* The run is resumed where the worker's frame stands in the middle of a state:
 * what is recorded is not done again.  As step_go(). */
int step_again(struct run *, struct finish *, struct err *);
/* A worker whose item is a command, from where its lane stands; and when its
 * action has ended like this.  As step_go(), but what came to its end by
 * itself has no cause: 1 and WORKER_OVER. */
int step_item(struct run *, struct finish *, struct err *);
int step_item_acted(
    struct run *, const struct outcome *, struct finish *, struct err *);
/* All items of its `parallel` are over. */
int step_fanned(struct run *, struct finish *, struct err *);

#endif
