/*
 * Why a run ended, the exit status that says so and the word that `status`
 * shows: one table (decisions.md §5, spec/execution.md 1.9).
 */
#ifndef LOOP_ENDING_H
#define LOOP_ENDING_H

#include <stdbool.h>

struct ending {
	const char *cause; /* terminated_by */
	int status;        /* exit status; -1: 128 + the signal */
	const char *word;  /* `status` in the reference's words */
	bool resumable;
};

/* The row for `terminated_by`; a terminal that says failure is asked for as
 * ("terminal", true). Never NULL: unknown causes give the row of "error". */
const struct ending *ending_of(const char *cause, bool failure);
/* Exit status, with the signal for endings by one. */
int ending_status(const struct ending *, int signal);

#endif
