/*
 * Every run is two processes (decisions.md §6).  The guard, which the user
 * started, does nothing but watch: it hands signals on, and when the engine
 * dies it ends what is left.  The engine, its child, does the run, and when
 * the guard dies it does the same.
 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

#include "base/err.h"
#include "os/sig.h"
#include "os/tree.h"

enum guard_side { GUARD_NONE, GUARD_ITSELF, GUARD_ENGINE };

struct guard {
	struct sig *sig;
	pid_t pid, engine; /* of the two; engine 0 in the engine itself */
	int pidfd, life;   /* of the engine; our end of the lifeline; -1 */
	enum { HALT_NONE, HALT_ASKED, HALT_TAKEN_BACK } halt;
	long long sent_ms; /* clock_ms() of the last stop signal handed on */
	long long since_boot_ms; /* clock_boot_ms() of the fork */
	struct tree older;       /* children that we had before */
	sigset_t mask;           /* from before the fork */
	pid_t *heir;             /* where the two of them can read it; NULL:
	                          * there is no such place */
};

/* How the engine ended. */
struct guard_end {
	int status;          /* its exit status, when signal is 0 */
	int signal;          /* that it died of */
	long long active_ms; /* how long it was there, without stops */
};

/*
 * Become two: returns GUARD_ITSELF in the one and GUARD_ENGINE in the other;
 * -1 and *e when there is no other (then we are still one).  What the one has
 * open, the other has too.  `sig` is initialised, and lives as long.
 */
int guard_split(struct guard *, struct sig *, struct err *);
/*
 * The engine's first act, which no signal disturbs: it becomes a subreaper as
 * the guard is, and its `sig` follows the guard (os/sig), with nothing that
 * came before.  It gets a process group of its own, so that what the terminal
 * says reaches it once, through the guard, and a KILL for the guard's whole
 * group leaves somebody to end the run.
 */
int guard_follow(struct guard *, struct err *);
/*
 * Wait until the engine has ended, without a system call while it runs and
 * without asking for memory: hand on INT TERM HUP QUIT TSTP CONT and WINCH,
 * stop when the engine has stopped for a TSTP and let it go on when we may.
 * What children we had before are reaped.
 */
void guard_watch(struct guard *, struct guard_end *);
/* The engine says that this child of its is to outlive the run.  False when
 * the guard cannot be told. */
bool guard_name_heir(struct guard *, pid_t);
/* In the guard, when the engine has ended well: that one is not ended. */
void guard_spare_heir(struct guard *);
/* The engine died: end everything that it left, which is ours now.  -1 and
 * *e when some could not be ended. */
int guard_end_rest(struct guard *, long long grace_ms, struct err *);
/* Either side; twice is fine. */
void guard_release(struct guard *);

#endif
