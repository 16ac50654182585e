/* --background, in the process that the user started. */
#ifndef CMD_LAUNCH_AWAY_H
#define CMD_LAUNCH_AWAY_H

#include "cmd/opened.h"

struct launch_away {
	const struct launch_opts *o;
	const char *root;
	long long after;    /* the last record before it goes on; 0 */
	long long grace_ms; /* of what a killed run has left */
};

enum { LAUNCH_AWAY_CHILD = -2 };

/*
 * Returns twice: LAUNCH_AWAY_CHILD in the child, which goes on with the run;
 * in the other, when the run has begun and its id is printed, or, with
 * --follow, when it has ended, the exit status to leave with.  -1 and *e.
 */
int launch_away(struct args *, const struct launch_away *, struct err *);

#endif
