/* How an item of a `parallel` has ended, as its record says it. */
#ifndef ENGINE_ITEM_END_H
#define ENGINE_ITEM_END_H

#include "engine/run.h"

struct item_end {
	const char *status; /* NULL: interrupted, nothing is recorded */
	const char *kind, *error, *cause;
	bool coded;
	long long code;
};

/* Of the worker whose turn it is; texts are the worker's. */
struct item_end item_end(struct run *);
/* Is the time of the frame that has the items used up? */
bool item_is_late(struct run *);

#endif
