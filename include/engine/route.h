/* Verdict to target: pure, from the state alone (spec/execution.md 1.6). */
#ifndef ENGINE_ROUTE_H
#define ENGINE_ROUTE_H

#include "loop/loop.h"

/*
 * Where a verdict leads, or NULL: nowhere.  A table beats shorthands; `_`
 * catches what is not listed, but `_error` beats it for `error` and also
 * takes `no` when there is no `_`.  Without a table `no` falls to on_error.
 */
const struct target *route_verdict(const struct state *, const char *verdict);
/* Where a failure leads that never became a verdict: the table's `error` or
 * `_error`, else on_error; NULL: it ends the run. */
const struct target *route_raised(const struct state *);
/* on_error as written, or NULL. */
const struct target *route_on_error(const struct state *);
/* Where the next pass of a `maintain` loop begins after this state. */
const struct target *route_restart(const struct loop *, const struct state *);
/* Is this exit code declared not to be worth another try? */
bool route_not_retryable(const struct state *, long long code);
/* Where a state without another try leads, or NULL. */
const struct target *route_give_up(const struct state *);
/* The state a target means when it stands in `from`. */
const struct state *route_state(
    const struct target *, const struct state *from);

#endif
