/*
 * A loop on its way into a run: found, read, loaded, checked, and given the
 * context it starts with.
 */
#ifndef CMD_OPENED_H
#define CMD_OPENED_H

#include "cmd/cmd.h"
#include "loop/find.h"
#include "loop/loop.h"

/* What `run` was asked for; -1 and NULL: not given. */
struct launch_opts {
	const char *word;  /* the loop */
	const char *input; /* positional */
	struct opt_list context, ignore;
	long long max_steps, max_iterations;
	double delay, timeout;  /* seconds */
	long long output_limit; /* bytes */
	bool builtin, lenient, dry_run, quiet, verbose, json;
};

struct opened {
	const struct launch_opts *o;
	struct args *args;
	const char *root;
	struct found found;
	struct loop *loop;
	const struct val *context;
};

/* Find and load; findings are said on stderr.  -1: ERR_ABSENT, ERR_INPUT
 * (also for a key that is not acted on and not ignored by name). */
int opened_load(struct opened *, struct err *);
/* Fill `context`, with this run directory.  -1: ERR_USAGE. */
int opened_context(struct opened *, const char *run_dir, struct err *);
/* Does every reference to the context find something?  -1: ERR_INPUT, said
 * one by one. */
int opened_preflight(struct opened *, struct err *);
/* The step cap: command line over loop file. */
long long opened_max_steps(const struct opened *);
void opened_release(struct opened *);

#endif
