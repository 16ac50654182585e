/*
 * Loops that call loops: a frame on top of another in the same run
 * (decisions.md §3.10; spec/execution.md part 6).
 */
#ifndef ENGINE_CALL_H
#define ENGINE_CALL_H

#include "engine/run.h"

/*
 * Begin the loop that the state calls: its context is made, loop_start
 * recorded, and the worker stands in the new frame.  The worker's act is
 * ACT_RAISED instead, with kind "not_started", when there is no such loop,
 * it cannot be given what it needs, or too many stand on each other.  -1
 * and *e: it could not be recorded.
 */
int call_begin(struct run *, const struct state *, struct err *);
/*
 * A frame that stands on the worker's in the point of a run that is resumed:
 * its loop is found again, and the worker stands in it.  -1 and *e.
 */
int call_again(struct run *, const struct frame *, struct err *);
/* The worker's innermost frame has ended like this: loop_complete with what
 * the caller makes of it; the worker stands in the caller again. */
int call_end(struct run *, const struct finish *, struct err *);

/* The fields that every loop_complete has. */
void call_complete(struct run *, const struct frame *, const struct finish *,
    struct val *fields);

/* What a called loop came to. */
struct called {
	const char *cause;   /* terminated_by */
	const char *verdict; /* "yes", "no" or "error" */
};

/* Of the last one that this frame's state called. */
struct called call_result(const struct frame *);

#endif
