/*
 * The one place where the rooms are joined: find, load, check, claim, place,
 * journal, screen, engine, end.
 */
#ifndef CMD_LAUNCH_H
#define CMD_LAUNCH_H

#include "cmd/cmd.h"

/* What `run` was asked for; -1 and NULL: not given. */
struct launch_opts {
	const char *word;  /* the loop */
	const char *input; /* positional */
	struct opt_list context, ignore;
	long long max_steps, max_iterations;
	double delay; /* seconds */
	bool builtin, lenient, dry_run, quiet, verbose, json;
};

/* The exit status of decisions.md §5, or -1 with *e: nothing ran. */
int launch(const struct launch_opts *, struct args *, struct err *);

#endif
