/* history: the options of the command, and its half that shows one run. */
#ifndef CMD_HISTORY_H
#define CMD_HISTORY_H

#include "cmd/cmd.h"

struct history_opts {
	bool json, verbose, full;
	long long tail; /* 0: all */
	const char *loop;
	struct opt_list status, events, states;
	const char *since;  /* as it was given */
	long long since_us; /* what that is; 0: any time */
};

/* The events of one run.  The exit status, or -1 and *e. */
int history_events(const struct history_opts *, struct args *, const char *root,
    const char *run, struct err *);

#endif
