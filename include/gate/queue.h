/*
 * A queue as it stands, and its rules; nothing is written here.  Whoever
 * decides by it holds the lock of the directory.
 *
 * A run may begin when nobody is in its way: no live ticket that overlaps
 * and was drawn before, or runs already.  What a run claims inside the claims
 * of the run that started it is lent to it: there only those are in its way
 * that were started there too.
 */
#ifndef GATE_QUEUE_H
#define GATE_QUEUE_H

#include "gate/scope.h"
#include "gate/ticket.h"

enum queue_where { QUEUE_PROJECT, QUEUE_USER, QUEUES };

/* What is said of a ticket whose claims are not known. */
enum { QUEUE_VERSION = 1 };

struct entry {
	enum queue_where where;
	const char *run, *loop, *path;
	long long number;
	bool granted; /* it runs */
	bool foreign; /* no ticket of ours: a lease file */
	bool single;  /* only one run of its loop at a time */
	struct scope scope;
	/* The runs that it was started by, the nearest first. */
	const char *const *ancestor;
	size_t nancestors;
	long long version;
	const struct val *content; /* NULL: unreadable */
	long long pid;             /* of a foreign one */
};

/* Live ones only; everything lives in the arena. */
struct queue {
	struct arena *mem;
	struct entry *at;
	size_t n;
};

/* Append what is in the directory. */
int queue_read(struct queue *, const char *dir, enum queue_where, struct err *);
/* The same for the queue of a project. */
int queue_of_project(struct queue *, const char *root, struct err *);
void queue_add(struct queue *, const struct entry *);
/* The ticket of a run, or NULL. */
const struct entry *queue_of(
    const struct queue *, const char *run, enum queue_where);
/* An entry from what a ticket says. */
void queue_entry(struct arena *, const struct ticket_seen *, struct entry *out);

/* Why is `t` in the way of `me`?  A claim of `t`'s that says what; NULL when
 * it is not.  Its text is for people. */
const struct claim *queue_blocks(
    const struct queue *, const struct entry *t, const struct entry *me);
/* Who is in the way of `me`, with the largest number, and how many tickets
 * are; NULL: nobody. */
struct blocked {
	const struct entry *by;     /* the last of them */
	const struct entry *holder; /* of those that run the first, or NULL */
	const struct claim *claim;  /* of `by` */
	const struct claim *held;   /* of `holder` */
	size_t ahead, running;      /* how many are in the way; that run */
};
bool queue_blocked(
    const struct queue *, const struct entry *me, struct blocked *out);
/*
 * Would waiting close a circle?  Each waits for those in its way, and each run
 * for the runs that it has started.  The circle in words, or NULL.
 */
const char *queue_circle(const struct queue *, const struct entry *me);

#endif
