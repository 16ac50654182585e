/*
 * Why a run ended, the exit status that says so and the word that `status`
 * shows: one table (decisions.md §5, spec/execution.md 1.9).
 */
#ifndef LOOP_ENDING_H
#define LOOP_ENDING_H

#include "loop/point.h"

struct ending {
	const char *cause; /* terminated_by */
	int status;        /* exit status; -1: 128 + the signal */
	const char *word;  /* `status` in the reference's words */
	bool resumable;
};

/* The row for `terminated_by`; a terminal that says failure is asked for as
 * ("terminal", true), a hand-over that nobody goes on from as ("handoff",
 * true). Never NULL: unknown causes give the row of "error". */
const struct ending *ending_of(const char *cause, bool failure);
/* Exit status, with the signal for endings by one. */
int ending_status(const struct ending *, int signal);

/* The records that close a run: who writes them, its engine or whoever found
 * the engine dead, says the same. */
struct ended {
	const struct point *point;
	const char *cause;
	const char *state; /* where, when it is not where the frame stands */
	const char *error; /* one sentence, or NULL */
	bool failure;      /* as ending_of() has it */
	int signal;        /* that ended it; 0: none */
	/* What a host refused by, and until when; NULL and 0: nothing did. */
	const char *failure_class;
	long long until_us;
	long long active_ms;
};
/* Set the fields that the loop_complete of this frame has in any case; of
 * `ended` only cause, state, error and failure are looked at. */
void ending_complete(struct arena *, const struct ended *, const struct frame *,
    struct val *fields);
/* Fields of run_end. */
struct val *ending_run(struct arena *, const struct ended *);

#endif
