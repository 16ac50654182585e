/*
 * The gate: from what a run claims to its turn.  Everything that makes a run
 * goes through here, between the last check and the first act.
 */
#ifndef CMD_LAUNCH_GATE_H
#define CMD_LAUNCH_GATE_H

#include "cmd/claims.h"
#include "cmd/cmd.h"
#include "gate/turn.h"

struct launch_gate {
	/* given by the caller; all of it lives as long as the turn */
	struct args *args;
	struct claims_from claims;
	const char *run;
	struct sig *sig;
	long long grace_ms;
	bool waits;         /* --queue */
	bool open;          /* --no-lock */
	bool silent;        /* say nothing while it waits */
	long long limit_ms; /* how long it waits at most; -1: for ever */
	/* Paths in this directory are not claimed: it works in a tree of its
	 * own; or NULL. */
	const char *aside;
	/* It has its ticket: readers may see the run now.  -1 and *e: it gives
	 * up.  May be NULL. */
	int (*drawn)(void *self, struct err *);
	/* It has a place and will wait: the last chance to leave a terminal.
	 * -1 and *e: it gives up.  May be NULL. */
	int (*queued)(void *self, struct err *);
	void *self;

	struct scope scope;
	struct turn *turn; /* the caller's to give back, also on -1 */
};

/*
 * Draw a ticket and wait for the turn; what killed runs have left alive is
 * then ended, and told.  0: it may begin; the exit status when a stop signal
 * came meanwhile; -1 and *e: ERR_INPUT for the scope; ERR_BUSY when it is
 * busy, its time was over, waiting would never end, or what was left lives
 * on; ERR_IO.
 */
int launch_gate(struct launch_gate *, struct err *);

#endif
