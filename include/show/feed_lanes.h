/*
 * Live output of several actions at once, cut into lines: what an item of a
 * `parallel` has not finished is never joined with what another prints.
 */
#ifndef SHOW_FEED_LANES_H
#define SHOW_FEED_LANES_H

#include "base/vec.h"
#include "loop/seam.h"
#include "show/feed.h"

struct feed_lane;

struct feed_lanes {
	VEC(struct feed_lane *) lanes; /* of items that printed, and of none */
	void (*line)(void *self, const struct voice *, int stream,
	    const char *p, size_t n);
	void *self;
};

/* Bytes came, as sink.output. */
void feed_lanes_bytes(struct feed_lanes *, const struct voice *, int stream,
    const char *p, size_t n);
/* No more will come of this item: what is left of it are lines too. */
void feed_lanes_end(struct feed_lanes *, long long item);
/* The same for all. */
void feed_lanes_end_all(struct feed_lanes *);
void feed_lanes_release(struct feed_lanes *);

#endif
