/* The loops of a run that call each other, and the items of its `parallel`,
 * as a view shows them. */
#ifndef CMD_REPORT_STACK_H
#define CMD_REPORT_STACK_H

#include "loop/point.h"
#include "show/out.h"

/* A list of {loop, state, depth, iteration}, the outermost first; empty
 * before the first loop began. */
const struct val *report_stack(struct arena *, const struct point *);
/* The `parallel` that is not over: {state, total, succeeded, failed, running,
 * unfinished, skipped}, where total is the sum of the others; null when there
 * is none.  Of a run that is not `alive` no item runs: they are unfinished. */
const struct val *report_parallel(
    struct arena *, const struct point *, bool alive);
/* A line for each loop below the outermost and one for the items. */
void report_stack_say(
    struct out *, const struct val *stack, const struct val *parallel);

#endif
