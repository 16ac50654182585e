/*
 * A short-lived fork of us for what may be slow, hang or crash: it computes
 * an answer, writes it as JSON into a pipe and exits.  It has none of our
 * descriptors above 2, no handlers of ours, a session of its own, and dies
 * with us.
 */
#ifndef OS_HELPER_H
#define OS_HELPER_H

#include "os/sig.h"
#include "text/val.h"

/* Runs in the helper: a map.  helper_fault() says why there is none. */
typedef const struct val *helper_answer(const struct val *args, struct arena *);

struct helper {
	helper_answer *answer;
	const struct val *args; /* handed to it; a map */
	long long limit_ms;     /* at its end the helper is killed */
	struct sig *sig;        /* a stop signal kills it too; NULL: none can */
};

/* Kinds that helper_ask() gives by itself. */
#define HELPER_STOPPED "stopped" /* a stop signal came */
#define HELPER_TIMEOUT "timeout"
#define HELPER_DIED "died" /* without an answer */

struct helped {
	const struct val *v; /* the answer; NULL: `kind` and `error` say why */
	const char *kind, *error;
};

/*
 * Ask, and wait for the answer, which lives in the arena.  When it is here
 * the helper and what it started are gone, but for a process that the kernel
 * does not let die within a second.
 */
void helper_ask(const struct helper *, struct arena *, struct helped *out);
/* In a helper: the answer that there is none. */
const struct val *helper_fault(
    struct arena *, const char *kind, const char *error);

#endif
