/*
 * What all runs of a project have spent on a day, from their journals: what
 * was read once is not read again.  The day is the local one.  What is set
 * aside for a call counts from then on, whatever became of the run; a run that
 * is removed leaves its sum in a file.
 */
#ifndef STORE_DAY_H
#define STORE_DAY_H

#include "base/err.h"
#include "base/vec.h"
#include "store/journal.h"

/* A call in a journal. */
struct day_call {
	long long number, charged, tokens;
	bool today; /* it began today */
};

/* A run that spent something today. */
struct day_run {
	char *run;
	long long calls, tokens;
	long long cost;     /* millionths of a dollar */
	long long unpriced; /* calls whose cost nobody knows */
	long long dearest;  /* call whose cost is known; -1: there is none */
	/* how far its journal was read; its calls that are not over */
	struct journal_end at;
	VEC(struct day_call) open;
};

struct day {
	long long from_us;          /* when the day began */
	int lock;                   /* -1: not held */
	int alone;                  /* the same, see day_alone() */
	VEC(struct day_run *) runs; /* all that were looked at */
};

#define DAY_INIT                    \
	{                           \
		0, -1, -1, VEC_INIT \
	}

/* What is seen when the purse is open. */
struct day_seen {
	long long sum;     /* of all, in millionths of a dollar */
	long long dearest; /* call; -1: none has a known cost */
	bool alone;        /* somebody else has said day_alone() */
};

/* Read what is new. Unreadable journals count as far as they are sound. */
int day_read(struct day *, const char *root, struct err *);
/* The sum of all, in millionths of a dollar. */
long long day_sum(const struct day *);
/* The same after taking the project's purse: 1, and nobody else does until
 * day_shut(); 0: somebody has it; -1 and *e. */
int day_open(struct day *, const char *root, struct day_seen *, struct err *);
void day_shut(struct day *);
/* With the purse open: a call is to be made alone, which others see until
 * day_together(), or until this process is gone. */
int day_alone(struct day *, const char *root, struct err *);
void day_together(struct day *);
/* A run is to be removed: what it has spent today stays in the sums.  Waits
 * for the purse, five seconds at most. */
int day_keep(const char *root, const char *run, struct err *);
void day_release(struct day *);

#endif
