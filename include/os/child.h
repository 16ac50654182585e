/*
 * Run children to their end, one or up to 64 side by side, in one poll: their
 * output, their death, signals to us and every deadline (decisions.md §4).
 */
#ifndef OS_CHILD_H
#define OS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "os/limit.h"
#include "os/sig.h"
#include "os/spawn.h"
#include "os/tree.h"

enum outcome_kind {
	OUT_EXITED,
	OUT_SIGNALED,
	OUT_TIMEOUT,
	OUT_SPAWN_FAILED,
	OUT_LOST /* nobody can tell how it ended */
};

/* Which limit ended it. */
enum limit_kind { LIMIT_WALL, LIMIT_IDLE, LIMIT_LOOP };

/* What else we ended it for. */
enum cut_kind {
	CUT_NONE,
	CUT_BYTES, /* `bytes` wanted no more */
	CUT_PROCS, /* more processes than `procs` */
	CUT_ASKED, /* child_cancel() */
	CUT_BOUND, /* `bytes` heard that it passes a bound of the caller's */
};

struct outcome {
	enum outcome_kind kind;
	int code; /* exit status, signal, limit_kind or errno */
	long long duration_ms;
	bool stopped; /* ended because of a signal to us */
	enum cut_kind cut;
	bool starved;      /* the kernel killed in it for want of memory */
	size_t left_ended; /* processes that `ends_left` found */
	long long peak_kb; /* most memory of one of those it waited for */
	bool lingered;     /* it was ended after CHILD_SAID_END */
};

/* What who hears a child says beside 0 and -1. */
enum child_word {
	CHILD_ENOUGH = 1, /* the tree is to be ended: CUT_BYTES */
	CHILD_SAID_END,   /* what came is all: see `linger_ms` */
	CHILD_BOUND,      /* the tree is to be ended: CUT_BOUND */
};

struct child_spec {
	const char *file; /* executed as it is; PATH is not searched */
	char *const *argv;
	char *const *env;                /* NULL: ours */
	const char *cwd;                 /* NULL: ours */
	const struct spawn_kit *kit;     /* NULL: opened for this child */
	long long timeout_ms, idle_ms;   /* 0: none */
	long long loop_deadline_boot_ms; /* of clock_boot_ms(); 0: none */
	long long grace_ms; /* 0: TREE_GRACE_MS; negative: KILL at once */
	const struct limits *limits; /* the child starts under them, or NULL */
	/* An entry of `env`, "NAME=value", that no other child gets: by it
	 * the tree of this one is told from others that run at the same time
	 * (struct tree_own). NULL: it runs alone, and its tree is all that
	 * comes up meanwhile. */
	const char *mark;
	/* More living processes than this end the tree by KILL, at once; it
	 * is looked at every 20 ms, less often beside more than 8 others.
	 * 0: no bound. */
	long long procs;
	bool ends_left; /* what outlives the child ends with it */
	/* What becomes its stdin, from where it stands; above 2, and the
	 * caller's. 0: /dev/null. */
	int in;
	/* Hears each piece of stream 1 or 2 as it comes; may be NULL. Says
	 * a child_word. -1 and *e to refuse: the tree is ended and nothing
	 * more is heard. */
	int (*bytes)(
	    void *self, int stream, const char *p, size_t n, struct err *);
	void *self;
	/* How long it may still take to leave once CHILD_SAID_END was said;
	 * then its tree is ended, which is no failure: limits of time are
	 * over with the end too. */
	long long linger_ms;
	/* For child_run(): as in struct children_wait. */
	long long (*due_ms)(void *self);
	int (*tick)(void *self, struct err *);
	void *tick_self;
};

/*
 * A child that was started.  It is over when it has exited and its pipes are
 * closed, or 250 ms after the last byte behind the exit, 2 s at most; what it
 * left behind lives on, unless `ends_left`.  A limit, or the first stop signal
 * to us, ends its whole tree: TERM and CONT, the grace, KILL in rounds; INT or
 * TERM again cuts the grace.  What is not of its tree is spared, and so is,
 * without a mark, what lived before it.
 */
struct child;

/* Never NULL: one that cannot be started is over at once, and its outcome is
 * OUT_SPAWN_FAILED with errno; after a stop signal with EINTR and `stopped`.
 * The spec is copied; what `mark`, `self` and `kit` point to must stay until
 * child_end(), all else is used only here. */
struct child *child_start(const struct child_spec *, struct sig *);
/* End its tree now, with the grace of its spec; its outcome will say
 * CUT_ASKED. Nothing happens to one that has exited, or is being ended. */
void child_cancel(struct child *);
/* Take its outcome (NULL: nobody wants it) and release it. One that is not
 * over is killed first. NULL is fine. */
void child_end(struct child *, struct outcome *);

enum { CHILDREN_MAX = TREE_KEPT_MAX };

struct children_wait {
	struct child *const *at; /* all that were started and not ended */
	size_t n;                /* CHILDREN_MAX at most; 0: only sleep */
	struct sig *sig;
	long long until_boot_ms; /* of clock_boot_ms(); negative: never */
	/* The caller's own work meanwhile (the journal's sync): due in so
	 * many milliseconds, -1 when there is none. `tick` NULL: never. -1
	 * and *e from it ends all trees. */
	long long (*due_ms)(void *self);
	int (*tick)(void *self, struct err *);
	void *tick_self;
};

/* Wait until one is over: 1 and *over is its index, first the one that has
 * been over longest; call child_end() and leave it out the next time. 0: the
 * time has come, or, when there are no children, a stop signal. -1 and *e:
 * `bytes` or `tick` refused, or poll failed; all trees were ended first, and
 * each child is still to be released. Other dead children of ours are reaped
 * on the way. */
int children_wait(const struct children_wait *, size_t *over, struct err *);

/* tree_news() that spares what these have started, which still run. */
size_t children_news(struct tree *known, struct child *const *at, size_t n,
    struct arena *, const struct tree_left **out);

/* One child, without a mark or with: 0 with *out filled, or -1 as
 * children_wait(). */
int child_run(
    const struct child_spec *, struct sig *, struct outcome *out, struct err *);

#endif
