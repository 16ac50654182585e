/* What bounds a run: every limit in force, and who set it. */
#ifndef LOOP_BOUNDS_H
#define LOOP_BOUNDS_H

#include "loop/loop.h"

enum bound_unit { BOUND_COUNT, BOUND_SECONDS, BOUND_WORD };

struct bound {
	const char *name; /* "max_steps", "throttle.hard_max" */
	enum bound_unit unit;
	const struct val *value;  /* NULL: there is no such bound */
	const struct member *key; /* where it is written; NULL: the default */
	bool outer;               /* the loop's value for all its states */
};

/* The bounds of a loop, in the order of a fixed list; keys that this version
 * does not act on are left out. */
const struct bound *bounds_of_loop(
    struct arena *, const struct loop *, size_t *n);
/* The bounds of one of its states; a terminal has none. */
const struct bound *bounds_of_state(
    struct arena *, const struct loop *, const struct state *, size_t *n);

#endif
