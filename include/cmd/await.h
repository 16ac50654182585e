/* Wait for the end of a run: what `wait`, `stop` and `run --follow` share. */
#ifndef CMD_AWAIT_H
#define CMD_AWAIT_H

#include "cmd/cmd.h"
#include "os/sig.h"
#include "os/watch.h"

struct await {
	struct args *args;
	const char *root, *run;
	struct sig *sig;        /* a stop signal ends the waiting */
	long long began, until; /* clock_boot_ms(); until -1: no end */
	struct watch watch;     /* fd -1: the system has no more */
};

/* No end of time yet: set `until`.  The words and `sig` live as long. */
void await_init(struct await *, struct args *, const char *root,
    const char *run, struct sig *);
/* Until nobody holds its ticket.  0; 128+n for a signal; -1 and *e (ERR_BUSY)
 * when the time is up. */
int await_free(struct await *, struct err *);
/* Until it has ended: the exit status it had; 1 when it died without one,
 * which is said; else as await_free(). */
int await_end(struct await *, struct err *);
void await_release(struct await *);

#endif
