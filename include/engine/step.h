/* One circle: a state is entered, acts, is judged and routed. */
#ifndef ENGINE_STEP_H
#define ENGINE_STEP_H

#include "engine/run.h"

/* Why the frame ends here; cause NULL: it goes on. */
struct finish {
	const char *cause;
	const char *state; /* where, when it is not where the frame stands */
	const char *error; /* one sentence, or NULL; in the step's arena */
	bool failure;
};

/* Execute one state.  -1 and *e only when it could not be recorded. */
int step_go(struct run *, const struct state *, struct finish *, struct err *);

#endif
