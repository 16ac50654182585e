/*
 * Signals arrive in the one poll (house R22): the handler writes a byte into
 * a pipe, and sig_next() reads what came.  One `struct sig` at a time.
 */
#ifndef OS_SIG_H
#define OS_SIG_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"

#define SIG_ROWS 8

struct sig {
	int fd[2];
	int stop;   /* the first of INT TERM HUP QUIT, 0 if none came */
	int count;  /* how many of them came */
	bool now;   /* INT or TERM came after the first: end at once */
	bool winch; /* the window changed; whoever acts on it clears it */
	struct sigaction old[SIG_ROWS];
	bool set[SIG_ROWS];
	sigset_t mask; /* as it was */
};

/* Catch INT TERM HUP QUIT CHLD WINCH, ignore PIPE and XFSZ (writing then
 * fails with EPIPE or EFBIG). HUP stays ignored if it was (nohup); none of
 * them stays blocked. -1 and *e when there is no pipe; then nothing is changed.
 */
int sig_init(struct sig *, struct err *);
/* In a forked child: handlers stay, the pipe becomes our own, what came
 * before is forgotten. On -1 the struct is unchanged. */
int sig_forked(struct sig *, struct err *);
/* The descriptor to poll for reading. */
int sig_fd(const struct sig *);
/* The next signal that came, or 0; stop, count, now and winch follow. Never
 * waits. */
int sig_next(struct sig *);
/* Put back what was before, and close the pipe. Twice is fine. */
void sig_release(struct sig *);

#endif
