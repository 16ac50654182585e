/*
 * What follows from a failure that may not be the action's own.  Pure: no
 * clock, no files, no run.  Failures of an agent's own are none of its
 * business; what can pass by itself is waited out inside the step; what
 * cannot ends the run, which can be resumed.
 */
#ifndef ENGINE_LADDER_H
#define ENGINE_LADDER_H

#include "host/spec.h"
#include "loop/loop.h"
#include "loop/point.h"

enum ladder_act {
	LADDER_PASS,      /* nothing: it is as it is */
	LADDER_WAIT,      /* for `wait_ms`, then the same again */
	LADDER_PARK,      /* the run ends and can be resumed */
	LADDER_EXHAUSTED, /* rate limits were waited for long enough */
	LADDER_GIVE_UP,   /* it was tried often enough */
	LADDER_DIVERT,    /* a shell action's: to on_error if it has one */
	LADDER_END,       /* only a person can mend it: the run ends */
};

enum ladder_tier {
	TIER_SHORT,
	TIER_LONG,
	TIER_KNOWN,   /* the host said until when */
	TIER_ERROR,   /* the host told of an error of its service */
	TIER_PROCESS, /* its process went away */
};

enum {
	LADDER_ERRORS = 2, /* retries after errors that are no rate limit */
	LADDER_PROCESS_MS = 5000,
	LADDER_STORM = 3, /* states whose waits were used up, in a row */
	/* A circuit is believed this long after it was last seen shut, unless
	 * the host said until when. */
	LADDER_TRUST_MS = 3600 * 1000,
};

struct ladder_in {
	const struct ladder *rules;
	enum failure_class class;
	bool agent;         /* a host failed, not a shell action */
	bool told;          /* by words of the host, not by its end */
	long long until_us; /* since 1970; 0: not told */
	long long now_us;   /* the same clock */
	struct climb climb; /* so far */
	bool waits;         /* --wait: for a known end, however far */
	double draw;        /* random, 0 to 1 */
};

struct ladder_out {
	enum ladder_act act;
	enum ladder_tier tier; /* of a wait */
	long long wait_ms;
	struct climb climb; /* with that wait, for the event */
};

void ladder_decide(const struct ladder_in *, struct ladder_out *);
/* "short", "long_wait", "known", "error", "process". */
const char *ladder_tier_name(enum ladder_tier);

#endif
