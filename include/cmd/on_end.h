/* The command that runs when a run has ended. */
#ifndef CMD_ON_END_H
#define CMD_ON_END_H

#include "cmd/cmd.h"
#include "os/sig.h"
#include "text/mask.h"

enum { ON_END_MS = 30000 };

struct on_end {
	const char *command; /* NULL or "": none */
	const char *bash;    /* path of it */
	const char *root, *run;
	const char *cwd;
	char *const *env; /* of the run's actions */
	int status;       /* the run's exit status */
	struct sig *sig;
	const struct mask *mask; /* hides its output; may be NULL */
	bool silent;             /* what it prints is not shown */
	bool aside;              /* all that it prints goes to stderr */
};

/*
 * When there is a run that has begun: run it, with LL_END and LL_STATUS set,
 * for ON_END_MS at most, then its tree is killed; what it leaves behind is
 * ended too.  What it prints is shown line by line.  That it failed is told in
 * a line and changes nothing.  A stop signal from now on ends it.
 */
void on_end(const struct on_end *, struct args *);

#endif
