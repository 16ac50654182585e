/*
 * What happens next: the checks before a state is entered, in an order that
 * is data (spec/execution.md 1.2 with decisions.md §3.5).  Pure.
 */
#ifndef ENGINE_TURN_H
#define ENGINE_TURN_H

#include "loop/loop.h"
#include "loop/point.h"

enum turn_kind {
	TURN_NONE,   /* this check has nothing to say */
	TURN_ENTER,  /* enter the state */
	TURN_FINISH, /* end with `cause` */
	TURN_SUMMARY_STEPS,
	TURN_SUMMARY_PASSES,
	TURN_RESTART,   /* maintain: begin the next pass at `to` */
	TURN_EXHAUSTED, /* retries used up: go to `to` */
};

struct turn {
	enum turn_kind kind;
	const char *cause;
	const struct state *to;
	bool failure; /* of a terminal */
};

/* All a decision depends on. */
struct turn_facts {
	const struct loop *loop;
	const struct frame *frame;
	const struct state *state; /* the frame's */
	long long max_steps, max_iterations;
	long long timeout_ms; /* of the run; -1: none */
	long long elapsed_ms;
	bool stop;   /* a signal asked */
	bool parked; /* an action has asked to stop behind its state */
	bool again;  /* the same step goes on, or is done again */
};

struct turn turn_next(const struct turn_facts *);

#endif
