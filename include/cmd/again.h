/* A run that began before, read back so that its loop can run again. */
#ifndef CMD_AGAIN_H
#define CMD_AGAIN_H

#include "cmd/cmd.h"
#include "store/sealed.h"

/* Everything but the sealed files lives in the command's arena. */
struct again {
	const char *run;
	struct sealed sealed; /* with what was read while it ran */
	const char *word;     /* the loop as it was asked for */
	const char *cwd;      /* where its actions ran, in today's project */
	/* The context as it began, each value with its origin, long ones
	 * from their files; without what the runner sets anew. */
	const struct val *context;
	const struct val *options;  /* for launch_options_read() */
	const struct val *raised;   /* what its resumes were told of them */
	const struct val *withheld; /* list: masked in `context` */
	const struct val *secrets;  /* list: names whose values were hidden */
	const struct stood *stood;  /* NULL: it begins anew */
};

/* Where a run stood that goes on; in the command's arena. */
struct stood {
	long long seq; /* of the last record */
	long long active_ms, steps, passes;
	const char *cause; /* terminated_by; NULL: it has no end record */
	/* The states of the frames of the first lane, outermost first. */
	const char *const *states;
	size_t n;
	/* The last record of the worktree of its own that has to be there, and
	 * the user's; or NULL. */
	const struct val *tree;
	const char *main_tree;
};

/*
 * -1 and *e: ERR_ABSENT when there is no such run; ERR_INPUT when not all of
 * it is there as it was written, naming what is not; ERR_IO.
 */
int again_read(struct args *, const char *run, struct again *, struct err *);
/* The same for a run that is to go on where it stood: then the context is as
 * it was there, and all files that it needs are there.  ERR_USAGE when it
 * stands nowhere. */
int again_read_on(struct args *, const char *run, struct again *, struct err *);
/* K=@FILE is a file of where the command was typed: make such paths absolute
 * before again_go(). */
int again_from_here(struct args *, struct opt_list *context, struct err *);
/* Go where the run's actions ran. */
int again_go(struct args *, const struct again *, bool quiet, struct err *);
/* The names whose values are to be hidden: those of the configuration, or
 * NULL, and those of the earlier run, if there is one. */
const struct val *again_secrets(struct args *, const struct again *);
void again_release(struct again *);

#endif
