/*
 * A run while it runs: what it was given, where it stands.  The engine opens
 * no files and knows no store, gate or screen: those are hung in as seams by
 * cmd/launch.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "engine/secret.h"
#include "loop/loop.h"
#include "loop/point.h"
#include "loop/seam.h"
#include "os/child.h"
#include "os/probe.h"
#include "os/sig.h"

/* Who performs an action: a real child, or a test's script. */
struct actor {
	int (*perform)(void *self, const struct child_spec *, struct outcome *,
	    struct err *);
	void *self;
};

enum { RUN_COMMAND_MAX = 512 };

/* What actions leave behind: told when new, ended with the run. Both
 * functions may be NULL (tests without processes). */
struct sweep {
	/* A list of {pid, start, command}, or NULL when nothing is new. A
	 * command has at most RUN_COMMAND_MAX bytes. */
	const struct val *(*news)(void *self, struct arena *);
	int (*end)(void *self, struct err *);
	void *self;
};

/* Who answers questions about files and repositories: os/probe when `ask` is
 * NULL, or a test's script. */
struct oracle {
	void (*ask)(void *self, const struct probe *, struct arena *,
	    struct helped *out);
	void *self;
};

/* What the command line laid over the loop file; -1: nothing. */
struct overrides {
	long long max_steps, max_iterations, backoff_ms, timeout_ms;
};

/* The last bytes of a stream, for the preview in its record. */
struct tail {
	char buf[2000];
	size_t len;
};

struct run {
	/* given by the caller */
	const struct loop *loop;
	struct overrides over;
	long long output_limit;   /* bytes, over every state's; 0: as written */
	const struct sink *sinks; /* the journal first */
	size_t nsinks;
	struct vault vault;
	struct actor actor;
	struct sweep sweep;
	struct oracle oracle;
	struct sig *sig;
	char *const *env; /* of actions, NULL-ended; LL_STATE, LL_STEP added */
	const char *cwd;  /* where actions run */
	const char *bash; /* absolute */
	const char *path; /* PATH\'s text, for direct execution */
	bool direct;      /* neither BASH_ENV nor exported functions are set */
	long long grace_ms;
	struct secret secret; /* what is never recorded */

	/* the engine's own */
	struct point point;
	struct arena step; /* reset after each step */
	long long seq;
	long long began_boot_ms; /* when active time was 0 */
	struct tail tail[2];     /* of the action that runs */
	int signal;              /* that ended it, 0: none */
};

void run_release(struct run *);

/* Effective limits: loop file under command line. */
long long run_max_steps(const struct run *);
long long run_max_iterations(const struct run *);
long long run_backoff_ms(const struct run *);
long long run_timeout_ms(const struct run *); /* of all; -1: none */
/* Milliseconds of active time so far. */
long long run_elapsed_ms(const struct run *);

/* Is its JSON form short (32 KiB) and flat enough for a record? */
bool run_fits(const struct val *);
/*
 * Set KEY; what does not fit into a record goes to a file instead: KEY_file,
 * KEY_bytes, KEY_sum (a list or map as JSON).  -1 and *e when it cannot.
 */
int run_put(struct run *, struct val *fields, const char *key,
    const struct val *, struct err *);

/* Decide is done: append to every sink, then apply.  -1 stops the run. */
int run_emit(
    struct run *, enum event_kind, const struct val *fields, struct err *);

#endif
