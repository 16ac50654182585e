/*
 * What all runs of a project have spent on a day, from their journals: what
 * was read once is not read again.  The day is the local one.  What is set
 * aside for a call counts from then on, whatever became of the run.
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
	/* how far its journal was read; its calls that are not over */
	struct journal_end at;
	VEC(struct day_call) open;
};

struct day {
	long long from_us;          /* when the day began */
	int lock;                   /* -1: not held */
	VEC(struct day_run *) runs; /* all that were looked at */
};

#define DAY_INIT                \
	{                       \
		0, -1, VEC_INIT \
	}

/* Read what is new. Unreadable journals count as far as they are sound. */
int day_read(struct day *, const char *root, struct err *);
/* The sum of all, in millionths of a dollar. */
long long day_sum(const struct day *);
/* The same after taking the project's purse: nobody else does until
 * day_shut().  A holder that does not move is not waited for longer than five
 * seconds. */
int day_open(struct day *, const char *root, long long *sum, struct err *);
void day_shut(struct day *);
void day_release(struct day *);

#endif
