/*
 * Run one child to its end, in one poll: its output, its death, signals to
 * us and every deadline (decisions.md §4).
 */
#ifndef OS_CHILD_H
#define OS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "os/limit.h"
#include "os/sig.h"
#include "os/spawn.h"

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
};

struct outcome {
	enum outcome_kind kind;
	int code; /* exit status, signal, limit_kind or errno */
	long long duration_ms;
	bool stopped; /* ended because of a signal to us */
	enum cut_kind cut;
	bool starved;      /* the kernel killed in it for want of memory */
	size_t left_ended; /* processes that `ends_left` found */
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
	/* More living processes than this end the tree by KILL, at once; it
	 * is looked at every 20 ms. 0: no bound. */
	long long procs;
	bool ends_left; /* what outlives the child ends with it */
	/* Hears each piece of stream 1 or 2 as it comes; may be NULL. 1 to
	 * say that it is enough: the tree is ended. -1 and *e to refuse: the
	 * tree is ended and nothing more is heard. */
	int (*bytes)(
	    void *self, int stream, const char *p, size_t n, struct err *);
	void *self;
	/* The caller's own work while the child runs (the journal's sync):
	 * due in so many milliseconds, -1 when there is none. `tick` NULL:
	 * never. -1 and *e from it ends the tree. */
	long long (*due_ms)(void *self);
	int (*tick)(void *self, struct err *);
	void *tick_self;
};

/* 0 with *out filled; -1 with *e when `bytes` refused or poll failed (the
 * tree was ended first).
 *
 * It is over when the direct child has exited and its pipes are closed, or
 * 250 ms after the last byte behind the exit, 2 s at most; what it left
 * behind lives on, unless `ends_left`. A limit, or the first stop signal to us,
 * ends the whole tree of this child: TERM and CONT, the grace, KILL in rounds;
 * INT or TERM again cuts the grace. Processes that earlier children left behind
 * are spared. A stop signal from before the start: OUT_SPAWN_FAILED with EINTR
 * and stopped. Other dead children of ours are reaped on the way. */
int child_run(
    const struct child_spec *, struct sig *, struct outcome *out, struct err *);

#endif
