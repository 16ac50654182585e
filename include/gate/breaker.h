/*
 * What the runs of a project tell each other of hosts that refuse: one small
 * file beside the queue, put whole, under the queue's lock.  It is advice: a
 * file that is damaged says nothing, and a guess is not believed for longer
 * than an hour after somebody was last refused.
 */
#ifndef GATE_BREAKER_H
#define GATE_BREAKER_H

#include <stdbool.h>

#include "base/err.h"

enum { BREAKER_TRUST_S = 3600, BREAKER_FILE_MAX = 64 * 1024 };

struct breaker_says {
	long long until_us; /* since 1970; 0: the host may be asked */
	bool known;         /* the host said until when; else it is a guess */
};

/* -1 and *e: the file is damaged or cannot be read; *out says nothing then. */
int breaker_ask(
    const char *root, const char *host, struct breaker_says *out, struct err *);
/* It was refused until then. What was said before is only ever prolonged. */
int breaker_shut(const char *root, const char *host,
    const struct breaker_says *, struct err *);
/* It was good: nothing is left of that. */
int breaker_open(const char *root, const char *host, struct err *);

#endif
