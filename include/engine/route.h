/* Verdict to target: pure, from the state alone (spec/execution.md 1.6). */
#ifndef ENGINE_ROUTE_H
#define ENGINE_ROUTE_H

#include "engine/call.h"
#include "loop/loop.h"

/*
 * Where a verdict leads, or NULL: nowhere.  A table beats shorthands; `_`
 * catches what is not listed, but `_error` beats it for `error` and also
 * takes `no` when there is no `_`.  Without a table `no` falls to on_error.
 * What a tool came to goes by state_verdict_like().
 */
const struct target *route_verdict(const struct state *, const char *verdict);
/* Where a failure leads that never became a verdict: the table's `error` or
 * `_error`, else on_error; NULL: it ends the run. */
const struct target *route_raised(const struct state *);
/* Where a loop that was called leads: the first that there is of its own
 * word (`timeout`, `max_steps`, `stall_detected`, ...), what is like it, and
 * its verdict. */
const struct target *route_called(const struct state *, const struct called *);
/* `next` of a state that came to this verdict: an error needs on_error, and
 * a no takes it where there is one. */
const struct target *route_next(const struct state *, const char *verdict);
/* Where a state leads that could not do what it should; `kind` is the
 * record's word for why. */
const struct target *route_unstarted(const struct state *, const char *kind);
/* Is a target written for exactly this verdict? */
bool route_declares(const struct state *, const char *verdict);
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
