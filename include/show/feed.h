/*
 * Live output of an action cut into lines, each stream for itself.  A line
 * over 8 KiB is given in pieces.  A carriage return inside a line starts it
 * again, as on a terminal: of a progress bar only its last form is a line.
 */
#ifndef SHOW_FEED_H
#define SHOW_FEED_H

#include "base/str.h"

enum { FEED_LINE_MAX = 8192 };

struct feed {
	struct str part[2]; /* what came after the last newline: 1, 2 */
	void (*line)(void *self, int stream, const char *p, size_t n);
	void *self;
};

/* Bytes came from stream 1 or 2. */
void feed_bytes(struct feed *, int stream, const char *p, size_t n);
/* No more will come: what is left of both is a line too. */
void feed_end(struct feed *);
void feed_release(struct feed *);

#endif
