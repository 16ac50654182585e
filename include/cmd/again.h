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
	const struct val *withheld; /* list: masked in `context` */
	const struct val *secrets;  /* list: names whose values were hidden */
};

/*
 * -1 and *e: ERR_ABSENT when there is no such run; ERR_INPUT when not all of
 * it is there as it was written, naming what is not; ERR_IO.
 */
int again_read(struct args *, const char *run, struct again *, struct err *);
/* The names whose values are to be hidden: those of the configuration, or
 * NULL, and those of the earlier run, if there is one. */
const struct val *again_secrets(struct args *, const struct again *);
void again_release(struct again *);

#endif
