/*
 * A run as lines: what `run` shows on a terminal and in a pipe, and what
 * `history RUN` shows of a journal.  It renders into the `out` it was given
 * and flushes after each event.
 */
#ifndef SHOW_PLAIN_H
#define SHOW_PLAIN_H

#include "loop/seam.h"
#include "show/out.h"

struct plain_opts {
	struct out *out;
	const char *loop, *file, *run; /* for the head; NULL: as recorded */
	bool verbose;                  /* actions in full */
	bool replay;         /* a journal: times of day, stored output */
	long long max_steps; /* for "[3/50]"; 0: as run_start says, or none */
};

struct plain;

struct plain *plain_new(const struct plain_opts *);
/* Never refuses an event. */
struct sink plain_sink(struct plain *);
void plain_free(struct plain *); /* NULL is fine */

#endif
