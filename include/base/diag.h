/*
 * Located complaints about the user's file: collected, sorted, then shown
 * all at once.  Ids ("E201", "W305") are stable; they are listed in
 * ll-loop(5).
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum severity { SEV_ERROR, SEV_WARNING };

/* Where something stands. `file` may be NULL (command line); line and col
 * are 1-based, 0 means unknown; col counts characters. */
struct place {
	const char *file;
	int line, col;
};

struct diag {
	enum severity sev;
	const char *id;   /* "E201" */
	const char *path; /* "states.fix.on_yes", "<root>" */
	const char *msg;
	struct place at;
	size_t order; /* order of finding, the last sort key */
};

struct diags {
	struct arena mem;
	struct diag *at;
	size_t len, room;
	size_t errors, warnings;
};

#define DIAGS_INIT                           \
	{                                    \
		ARENA_INIT, NULL, 0, 0, 0, 0 \
	}

/* Add one. The id's first letter is the severity: 'E' or 'W'. `path`, the
 * file name and the text are copied. At most 500 are kept; then one E000
 * says so. */
void diag_add(struct diags *, struct place, const char *id, const char *path,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* By file name, line, column, order of finding.  What is said again of the
 * same place is dropped. */
void diags_sort(struct diags *);
void diags_release(struct diags *);

#endif
