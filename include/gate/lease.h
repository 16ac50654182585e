/*
 * The reference's lease files, .loops/.running/NAME.lock: those of its runs
 * count as held while their pid lives, and each of our runs has one there for
 * the reference to see.  Ours are no locks, with one exception: when somebody
 * has taken away the ticket of a run that lives, its lease file still says
 * what it claims.
 */
#ifndef GATE_LEASE_H
#define GATE_LEASE_H

#include "gate/queue.h"

/* The reference's own lock of that directory, while the descriptor is open.
 * -1 and *e; ERR_BUSY when another held it for 10 s. */
int lease_bar(const char *root, struct err *);
/* Append the leases that count; those of tickets that are in `queue` do not.
 */
int lease_read(struct queue *, const char *root, struct err *);
struct lease {
	const char *root, *run, *loop;
	const struct scope *scope;
	bool single;
	const struct val *facts; /* of the guard, as its ticket has them */
};
/* Nothing is written for a run that claims no path. */
int lease_put(const struct lease *, struct err *);
void lease_drop(const char *root, const char *run);

#endif
