/* What src/engine/spend*.c share; nobody else includes this. */
#ifndef ENGINE_SPEND_PART_H
#define ENGINE_SPEND_PART_H

#include "engine/run.h"

/* A call that is to be made. */
struct spend_claim {
	const struct state *state;
	const struct spent_state *row; /* NULL: it is the state's first */
	long long cost, tokens;        /* what it may come to */
	long long today;               /* spent by all runs */
};

/* The loop and state that spend: an item's command is of the state that has
 * the list. */
const struct loop *spend_loop(const struct run *);
const struct state *spend_state(const struct run *);
/* Does anybody whose limits hold here bound a day? */
bool spend_bounds_day(const struct run *);
/* 1: a limit is reached; the worker's `hit` says which, and it is recorded. */
int spend_check_call(struct run *, const struct spend_claim *, struct err *);
/* The same during a call, for limits that end it. */
int spend_check_told(struct run *, struct err *);

#endif
