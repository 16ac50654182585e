/* The engine: one run brought to its end.  It decides, appends, applies. */
#ifndef ENGINE_DRIVE_H
#define ENGINE_DRIVE_H

#include "engine/run.h"

/*
 * Run to the end.  `start` holds the fields of run_start (run, boot_id,
 * context, origins, ...).  0: the run has an end record, r->point.end says
 * which.  -1 and *e: something could not be recorded; what was done stands in
 * the journal up to that record, followed by an end record that says
 * `io_error` if the journal still takes one.
 */
int drive(struct run *, const struct val *start, struct err *);

/* How a run is resumed. */
struct onward {
	const struct val *resume; /* more fields of loop_resume (pid, ...) */
	/* Fields of records `operator`: what the operator changes first. */
	const struct val *const *operators;
	size_t noperators;
};

/*
 * Go on with a run whose point was folded from its journal up to the last
 * record.  What is recorded is not done again; an action that was interrupted
 * is, unless its state says otherwise.  Everything else as drive().
 */
int drive_on(struct run *, const struct onward *, struct err *);

#endif
