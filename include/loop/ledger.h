/*
 * What a run has spent: every call of a host is noted before it is made and
 * again when it is over, so the sums are a fold over the journal.  Money is
 * whole millionths of a US dollar.
 */
#ifndef LOOP_LEDGER_H
#define LOOP_LEDGER_H

#include <stdbool.h>

#include "base/vec.h"
#include "text/val.h"

enum { LEDGER_ROWS_IN_RECORD = 64 };

/* Sums over calls. */
struct spent {
	long long calls;  /* begun */
	long long judges; /* of these, those that only judge */
	long long input, output, cache_read, cache_write; /* tokens */
	long long assumed; /* tokens that were set aside and nobody told */
	long long cost;
	long long priced;   /* calls whose cost is known */
	long long counted;  /* calls that told tokens */
	long long unpriced; /* calls whose cost nobody can tell */
	long long lost;     /* calls whose end nobody saw: their reserve stays
	                     * spent */
	long long ms;       /* the calls took */
	long long reserved, reserved_tokens; /* for calls that are not over */
};

/* Of one state of one loop. */
struct spent_state {
	char *loop, *state;
	long long depth;     /* of its first call */
	struct spent sum;    /* of its own calls; none: it only calls loops */
	struct spent within; /* with those of the loops that it runs */
	long long charged;   /* the last charge that is in `within` */
	bool warned;         /* cost_warn_at was passed */
};

/* A call that is not over. */
struct spent_call {
	long long number, item, depth;
	struct spent_state *of;
	long long reserve, reserve_tokens; /* what was set aside for it */
	bool judge;
	bool alone;        /* what it comes to is anybody's guess */
	struct spent told; /* what is in the sums already */
};

struct ledger {
	struct spent all;
	VEC(struct spent_state *) states; /* in the order of first calls */
	VEC(struct spent_call) open;
	long long number;    /* of the last call */
	long long charges;   /* ever */
	long long steps;     /* of all loops and items */
	long long unmetered; /* calls in a row without a cost */
	long long untold;    /* calls in a row without tokens */
	/* The most that a call has come to whose cost, whose tokens are
	 * known. */
	long long dearest, longest;
	/* The marks of limits that have led to their state since the run was
	 * started or resumed. */
	VEC(char *) led;
	char *reached;    /* the limit that was reached last, or NULL */
	char *reached_of; /* whose it is: "run", "loop", "state" */
	long long level;  /* depth of the frame whose it is */
	bool cuts;        /* it ended a call that was under way */
};

/* All tokens. */
long long spent_tokens(const struct spent *);
/* With what is set aside for calls that are not over. */
long long spent_committed(const struct spent *);
long long spent_committed_tokens(const struct spent *);
void spent_add(struct spent *, const struct spent *delta);

/* The row of a state; NULL: neither it nor a loop that it runs made a call. */
struct spent_state *ledger_state(
    const struct ledger *, const char *loop, const char *state);
struct spent_call *ledger_call(const struct ledger *, long long number);
/* Is a call under way beside which no other is begun? */
bool ledger_is_alone(const struct ledger *);
bool ledger_has_led(const struct ledger *, const char *what);
/* The mark of a limit of the loop whose loop_start has this seq; and that this
 * loop is over, so that its marks go. */
const char *ledger_mark(struct arena *, long long began, const char *kind);
void ledger_leave(struct ledger *, long long began);
void ledger_release(struct ledger *);

/*
 * As run_end and reports have it: {states: [{state, loop, depth, iterations,
 * judge_calls, input_tokens, ..., cost_micro_usd, wallclock_ms}], totals: {...,
 * has_unknown_model}}.  cost_micro_usd is null when a call of the row has no
 * price.  At most `rows` states, the rest summed up in one whose state is
 * null; NULL when there was no call.  It copies what it needs.
 */
const struct val *ledger_val(
    struct arena *, const struct ledger *, size_t rows);
/* The whole of it, for point_val(). */
const struct val *ledger_whole(struct arena *, const struct ledger *);
const struct val *spent_val(struct arena *, const struct spent *);

#endif
