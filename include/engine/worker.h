/*
 * A worker does what a lane of the point says, one thing at a time.  A run
 * has one; each item of a `parallel` that is being done has one of its own.
 * Whose turn it is stands in run->worker, and everything in the engine means
 * that one (decisions.md §3.10): one thread, one poll, one journal.
 */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include "engine/secret.h"
#include "engine/yard.h"
#include "host/class.h"
#include "loop/loop.h"
#include "loop/point.h"
#include "loop/seam.h"
#include "os/child.h"
#include "text/marker.h"

enum { RUN_DEPTH_MAX = 32 /* frames on top of each other */ };

enum act_end {
	ACT_DONE,    /* it ran and its end is recorded */
	ACT_RUNS,    /* it has been started: act_end() is due */
	ACT_RAISED,  /* it could not run: `kind` and `error` say why */
	ACT_HELD,    /* a limit makes it wait: nothing has begun yet */
	ACT_FULL,    /* as ACT_DONE, but limits.disk leaves no room for more:
	              * `error` says so */
	ACT_STOPPED, /* a signal to us ended it; its end is not recorded, so
	              * that a resume runs it again */
};

/* What a state's action did. */
struct act {
	enum act_end end;
	struct outcome outcome;
	long long exit_code;  /* 124 for a timeout, -N for signal N */
	struct stream out[2]; /* valid until the next action */
	/* Of a call of a host; CLASS_NONE when it was good, or no call. */
	struct failure failure;
	const char *kind; /* "interpolation", "spawn", "host", "no_llm" */
	const char *error;
};

/* Why a frame, or an item, ends; cause NULL: it goes on. */
struct finish {
	const char *cause;
	const char *state; /* where, when it is not where the frame stands */
	const char *error; /* one sentence, or NULL; in the worker's memory */
	bool failure;      /* as ending_of() has it */
	bool all; /* with all frames below it, which a resume finds there */
	/* What it failed by, when that is not its own; and when that is said
	 * to be over, since 1970; 0: not told. */
	enum failure_class class;
	long long until_us;
};

/* The call of a tool that the action is. */
struct tool {
	char *const *argv;        /* our own program's; NULL: it is none */
	int in;                   /* its arguments */
	const struct val *params; /* the same, as they are recorded */
};

/* The last bytes of a stream, for the preview in its record. */
struct tail {
	char buf[2000];
	size_t len;
};

/* What the engine knows of a frame beside its point. */
struct level {
	const struct loop *loop;
	long long began;            /* seq of its loop_start */
	struct housing at;          /* inherited, unless it has its own */
	struct arena *mem;          /* of `withheld`; NULL: not ours */
	const struct val *withheld; /* context values that are masked in the
	                             * point; or NULL */
};

/* A limit that was reached and has not done yet what it does. */
struct spend_hit {
	const char *cause;                /* NULL: none */
	const char *error;                /* in memory of the run */
	const struct budget_limit *limit; /* NULL: no limit of a file */
	enum budget_effect then;
	long long level; /* depth of the frame whose limit it is */
};

/* The call of a host that a worker makes. */
struct spend_call {
	long long number; /* 0: none is under way */
	long long reserve, reserve_tokens;
	bool alone;          /* no other is begun beside it */
	long long held_ms;   /* clock_ms() when it was made to wait; 0: not */
	long long barred_ms; /* the same, for somebody who keeps the accounts
	                      * open; 0: nobody does */
	long long told_ms;   /* clock_ms() of the last partial settlement */
	struct host_used told;
	const char *model; /* as it is asked for, or NULL */
};

enum worker_waits {
	WORKER_GOES,  /* for nothing */
	WORKER_ACTS,  /* for its child */
	WORKER_RESTS, /* until `until` */
	WORKER_FANS,  /* for its items */
	WORKER_OVER,  /* `fin` says why */
};

/* The rest of a step, as step_go(). */
typedef int worker_then(struct run *, struct finish *, struct err *);
/* What its child does for the state. */
enum worker_phase {
	PHASE_ACT,  /* its action */
	PHASE_JUDGE /* it judges what that came to */
};

struct ask_child;

struct worker {
	struct run *run;
	long long item;           /* -1: the run's own */
	const struct val *value;  /* of the item */
	long long base;           /* depth of its first frame */
	VEC(struct level) levels; /* one for each frame, outermost first */
	size_t slot;              /* its number for actor and vault */
	enum worker_waits waits;
	enum worker_phase phase; /* while it waits for its child */
	long long until;         /* clock_boot_ms() */
	bool rested;             /* before the state that is entered next */
	worker_then *then;       /* after the rest; NULL: the next turn */
	long long rests_until;   /* clock_boot_ms(); 0: no rest has begun */
	struct finish fin;
	struct arena mem; /* reset after each step */
	struct spend_hit hit;
	struct spend_call spend;

	/* the action that runs */
	struct act act;
	struct command command;
	struct tool tool;
	struct child_spec spec;
	struct limits limits;
	struct tail tail[2];
	struct marker_scan scan; /* of its stdout */
	struct secret secret;
	struct ask_child *ask; /* of its last call of a host, or NULL */
	void (*ask_free)(struct ask_child *);
};

struct worker *worker_new(struct run *, long long item);
void worker_free(struct worker *);
/* Its depth, as records have it; -1 before the run's first. */
long long worker_depth(const struct worker *);
/* Does it only a command for an item, without a frame? */
bool worker_is_hand(const struct worker *);
void worker_push(struct worker *, const struct level *);
void worker_pop(struct worker *);

#endif
