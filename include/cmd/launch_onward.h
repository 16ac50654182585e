/* What is different about a launch that goes on with a run. */
#ifndef CMD_LAUNCH_ONWARD_H
#define CMD_LAUNCH_ONWARD_H

#include "cmd/again.h"
#include "cmd/launch_gate.h"
#include "cmd/launch_secrets.h"
#include "engine/run.h"
#include "store/runs.h"

struct launch_onward {
	/* given */
	const struct opened *in;
	const struct launch_secrets *secrets;
	const struct place_run *place;
	const struct launch_values *set;

	/* what the operator says about where: action NULL is nothing */
	const char *action, *to;
	long long level;
	size_t changed;    /* files that are not today what was sealed */
	const char *first; /* of them */
};

/*
 * Does the loop fit where the run stood, and what has the operator said?
 * Nothing is touched.  What changed on the disk is told.  -1: ERR_INPUT when
 * it does not fit; ERR_USAGE when it cannot go on like that.
 */
int launch_onward_plan(struct launch_onward *, struct err *);
/*
 * Fold the journal into *point, whatever happened, and open it; record the
 * files that were accepted.  The caller holds the ticket.  NULL and *e as
 * runs_reopen(); ERR_BUSY when somebody else has gone on with it meanwhile.
 */
struct journal *launch_onward_open(
    struct launch_onward *, struct point *, struct err *);
/* As drive_on(), with the operator's words. */
int launch_onward_drive(
    struct launch_onward *, struct run *, pid_t pid, struct err *);

/* Nobody else runs this run, or was there before us. -1: ERR_BUSY. */
int launch_onward_alone(const struct launch_gate *, struct err *);

#endif
