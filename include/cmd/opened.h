/*
 * A loop on its way into a run: found, read, loaded, checked, and given the
 * context it starts with.
 */
#ifndef CMD_OPENED_H
#define CMD_OPENED_H

#include "cmd/cmd.h"
#include "loop/family.h"
#include "loop/files.h"
#include "loop/find.h"
#include "loop/inputs.h"

struct again;

/* What `run` was asked for; -1 and NULL: not given. */
struct launch_opts {
	const char *word;       /* the loop */
	const char *input;      /* positional; "-": standard input */
	const char *program_md; /* NULL: the one below the project, if any */
	struct opt_list context, ignore;
	long long max_steps, max_iterations;
	double delay, timeout;     /* seconds */
	double max_cost, max_time; /* US dollars; seconds */
	const char *cost_file;     /* where to put a table of costs, or NULL */
	long long output_limit;    /* bytes */
	const struct again *again; /* run this one again; NULL: a loop */
	const char *from;          /* of resume: the state to go on in */
	bool skip, accept_changed;
	bool builtin, lenient, dry_run, quiet, verbose, json, queue, no_lock;
	bool background, follow;
	bool wait;                 /* for a quota that ends */
	bool worktree;             /* in a private tree: */
	const char *base, *branch; /* from this revision, on this branch */
	double queue_timeout;      /* seconds */
	/* Over the guards of loops; -1: as written. */
	bool no_host_guard, no_size_guard;
	long long budget_mb, warn_chars;
	long long handoff_threshold, context_limit; /* 0: not given */
	bool no_llm;
	const char *model, *effort, *llm_model;
	/* Of a run that goes on, or runs again: the host that was meant where
	 * the loop names none, and what LL_HOST_CLI said. */
	const char *host, *host_over;
};

struct opened {
	const struct launch_opts *o;
	struct args *args;
	const char *root;
	struct found found;
	struct find where;       /* that it was found by */
	struct loop_files files; /* that it is made of, and then those of
	                          * its hosts, from these numbers on */
	size_t host_files, host_words;
	/* What findings must not show, as far as it is known; may be NULL. */
	const struct secrets *hide;
	struct loop *loop;
	struct family *family;    /* the loops that it may call */
	struct inputs given;      /* what was given, read */
	const char *program_path; /* of program.md, or NULL */
	struct started started;
	const struct val *context; /* of `started` */
};

/* Find and load; findings are said on stderr; then read what is given.  -1:
 * ERR_ABSENT, ERR_INPUT, or as opened_inputs(). */
int opened_load(struct opened *, struct err *);
/* -1: ERR_INPUT, it or a loop of its family has a key that is not acted on and
 * not ignored by name. */
int opened_allowed(const struct opened *, struct err *);
/* Fill `started` and `context`, with this run directory.  The first time,
 * keys that the loop does not know are said.  -1: ERR_INPUT when a value
 * does not fit its parameter, said one by one. */
int opened_context(struct opened *, const char *run_dir, struct err *);
/* Does every reference to the context find something, and is it allowed?
 * -1: ERR_INPUT, said one by one. */
int opened_preflight(struct opened *, struct err *);
/* The caps of steps and of passes: command line over loop file; -1: none. */
long long opened_max_steps(const struct opened *);
long long opened_max_iterations(const struct opened *);
void opened_release(struct opened *);

#endif
