/* The guard's half of a launch: its ticket, its watch, its last words. */
#ifndef CMD_LAUNCH_GUARD_H
#define CMD_LAUNCH_GUARD_H

#include "cmd/cmd.h"
#include "gate/turn.h"
#include "guard/guard.h"
#include "store/place.h"

struct launch_guard {
	/* given by the caller */
	struct args *args;
	const struct place_run *place;
	struct sig *sig;
	long long grace_ms;
	bool durable, json;
	bool away; /* in the background: nobody hears what it says */
	/* Of a run that goes on: the seq of its last record, and how long it
	 * was active. */
	long long after, active_ms;

	struct turn *turn; /* as launch_gate() has it; both hold it */
	struct guard guard;
	enum guard_side side; /* GUARD_NONE: not split yet */
};

/* The engine's first act: it follows the guard, and the ticket says so. */
int launch_guard_follow(struct launch_guard *, struct err *);
/* The guard's only act: the exit status, that of the engine or, when it was
 * killed, that of the end which is recorded in its place; -1 and *e when
 * nothing ran. */
int launch_guard_watch(struct launch_guard *, struct err *);
/* Who gives back what both hold?  The guard; the engine when it is alone. */
bool launch_guard_owns(const struct launch_guard *);
/* Give the ticket back, or only let go of it. */
void launch_guard_release(struct launch_guard *);

#endif
