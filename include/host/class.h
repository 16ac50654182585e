/*
 * What a failure of a host is.  Looks at what the host told in members of
 * its own first, then at its exit code, then at stderr; never at the text of
 * an answer.
 */
#ifndef HOST_CLASS_H
#define HOST_CLASS_H

#include "host/stream.h"
#include "os/child.h"

struct class_in {
	const struct host *host;
	const struct outcome *how;
	const struct host_seen *seen; /* after host_stream_end() */
	struct sv stderr_end;         /* the last bytes of it */
	long long now_us;             /* clock_wall_us() */
};

enum { CLASS_STDERR_MAX = 16384, CLASS_TEXT_MAX = 500 };

struct failure {
	enum failure_class class; /* CLASS_NONE: the call was good */
	const char *by;     /* what said so: "claude: failures[3]", "exit" */
	const char *text;   /* the host's own words, one line; "" none */
	const char *hint;   /* what to do about it, or NULL */
	long long until_us; /* since 1970: not before; 0: unknown */
};

/* A call is good when its end came without an error, whatever became of the
 * process then, or when it left with 0 and said nothing of an error.  The
 * texts are in the arena, or the host's. */
void class_of(const struct class_in *, struct arena *, struct failure *out);

/* "20", "1.5", "90s", "5m30s", "3 days 4 hours 9 minutes" in microseconds;
 * false for anything else. */
bool class_after(struct sv, long long *us);
/* Seconds, milliseconds or microseconds since 1970, ISO 8601, or by the clock
 * of this machine "Nov 21st, 2026 10:00 PM", "Nov 21, 3pm" and "2:04 AM", of
 * which the next one from now on is meant; in microseconds.  False for
 * anything else. */
bool class_until(struct sv, long long now_us, long long *us);

#endif
