/* What runs have left alive that were killed together with their guard. */
#ifndef GUARD_SWEEP_H
#define GUARD_SWEEP_H

#include "gate/ticket.h"
#include "os/sig.h"

struct sweep_spec {
	const char *root;
	struct ticket *ticket; /* ours, which knows the dead ones */
	long long grace_ms;    /* as tree_end() has it */
	struct sig *sig;       /* a stop signal ends the wait */
};

struct sweep_told {
	size_t ended;    /* processes */
	const char *run; /* whose; of several, the first; lives as the ticket */
};

/*
 * A run whose ticket is dead and that has no end record was killed with its
 * guard.  Find what it left by LL_RUN_ID in the environment of processes, end
 * it (TERM, the grace, KILL in rounds), and bury such tickets; the directory
 * of one that was killed before its first record goes too.  Nothing is looked
 * at when there is none.  0; -1 and *e: ERR_BUSY when something lives
 * on, or when we belong to such a run ourselves; then nothing is buried.
 */
int sweep_dead(const struct sweep_spec *, struct sweep_told *, struct err *);

#endif
