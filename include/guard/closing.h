/* The end record of a run whose engine could not write it. */
#ifndef GUARD_CLOSING_H
#define GUARD_CLOSING_H

#include "loop/seam.h"
#include "store/place.h"

struct closing {
	/* given */
	const struct place_run *place;
	bool durable;
	int signal;              /* that the engine died of */
	long long active_ms;     /* of the whole run */
	const char *error;       /* one sentence, or NULL */
	const struct sink *also; /* hears the records too; or NULL */

	/* told */
	bool began; /* it has a first record; else nothing ever ran */
	bool ended; /* it had its end record: nothing was added */
	int exit;   /* the status to leave with, when it began */
};

/*
 * Close the run's journal: repair it, then loop_complete and run_end with
 * `system_signal`.  The engine is reaped, its processes are ended, and the
 * caller holds the ticket.  0, also when there is nothing to close; -1 and *e
 * when the journal cannot be read or written; `exit` is told all the same.
 */
int closing_write(struct closing *, struct err *);

#endif
