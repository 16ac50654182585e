/*
 * Signals arrive in the one poll (house R22): the handler writes a byte into
 * a pipe, and sig_next() reads what came.  One `struct sig` at a time.
 */
#ifndef OS_SIG_H
#define OS_SIG_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"

#include <sys/types.h>

#define SIG_ROWS 11

/* Why somebody says TERM: a word that goes with the signal. */
enum sig_why {
	SIG_WHY_NONE,   /* nobody said */
	SIG_WHY_STOP,   /* a person, with `stop` */
	SIG_WHY_PARENT, /* what started us has ended */
	SIG_WHYS
};

struct sig {
	int fd[2];
	int stop;         /* the first of INT TERM HUP QUIT, 0 if none came */
	enum sig_why why; /* of that first one */
	int count;        /* how many of them came */
	bool now;         /* INT or TERM came again: end at once */
	bool winch;       /* the window changed; whoever acts on it clears it */
	struct sigaction old[SIG_ROWS];
	bool set[SIG_ROWS];
	sigset_t mask; /* as it was */

	/* TSTP came: called by sig_next() before it returns; may be NULL. */
	void (*pause)(void *self);
	void *pause_self;

	/* of a process that follows another: sig_follow() */
	int life, both; /* the lifeline, and the epoll over both; -1 */
	bool orphaned;  /* the lifeline broke */
	bool lost;      /* and that is why `stop` is set */
	bool said[2];   /* a stop signal came from anybody, from the other */
};

/* Catch INT TERM HUP QUIT TSTP CONT CHLD WINCH, ignore PIPE and XFSZ (writing
 * then fails with EPIPE or EFBIG) and TTOU. HUP and TSTP stay ignored if they
 * were (nohup); none of them stays blocked. -1 and *e when there is no pipe;
 * then nothing is changed. */
int sig_init(struct sig *, struct err *);
/* A signal to whom the descriptor names, with the word: 0 or -1 and errno. */
int sig_send(int pidfd, int number, enum sig_why);
/* The processes of the run that started us, 0 for none: a TERM from one of
 * them is SIG_WHY_PARENT without a word too, since a group cannot be told
 * one. Until sig_release(). */
void sig_above(const pid_t pid[2]);
/* What came is done with: `stop` and its kin are as at the start. */
void sig_forget(struct sig *);
/* In a forked child: handlers stay, the pipe becomes our own, what came
 * before is forgotten. On -1 the struct is unchanged. */
int sig_forked(struct sig *, struct err *);
/*
 * From now on do as `boss` says: while it lives, the pipe whose reading end is
 * `life` has a writer.  When it has none any more, sig_next() tells it as a
 * TERM, with `orphaned` set.  A signal that the boss sent on and the same
 * signal from somebody else, who told us both, are not a second one: each of
 * the two has to come again for `now`.  Takes `life` over, also on -1.
 */
int sig_follow(struct sig *, pid_t boss, int life, struct err *);
/* The descriptor to poll for reading. */
int sig_fd(const struct sig *);
/* The next signal that came, or 0; stop, count, now and winch follow. Never
 * waits. */
int sig_next(struct sig *);
/* Put back what was before, and close the pipe. Twice is fine. */
void sig_release(struct sig *);

#endif
