/* A run of somebody else's process on our screen. */
#ifndef CMD_FOLLOW_H
#define CMD_FOLLOW_H

#include "cmd/cmd.h"

struct follow {
	const char *root, *run;
	long long after; /* records before it have been seen; 0: none */
	bool quiet, verbose, json;
};

/*
 * Show the run as `run` itself would, from the first record after those on,
 * until it ends: the exit status it had.  A stop signal ends the following and
 * not the run, which is said: 128+n.  -1 and *e when it cannot be read.
 */
int follow(const struct follow *, struct args *, struct err *);

#endif
