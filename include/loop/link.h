/*
 * Names of states become pointers.  All states are known before the first
 * target is read, so a target is linked where it is read.
 */
#ifndef LOOP_LINK_H
#define LOOP_LINK_H

#include "base/map.h"
#include "loop/loop.h"

struct linker {
	struct map states; /* name -> struct state *, NULL: it is broken */
	/* States may come from other files, which are not read. */
	bool partial;
	struct diags *diags;
};

/* Where a target is written. */
struct link_from {
	const struct state *state; /* NULL: in the loop itself */
	const char *path;          /* "states.a", "on_max_steps" */
	bool abort;                /* the word `abort` is fine here */
};

/* Fill *out from the text `v`. An unknown name adds E201 and leaves
 * `out->to` NULL; `v` NULL or no text leaves *out as it is. */
void link_target(struct linker *, const struct link_from *, const struct val *v,
    struct target *out);

#endif
