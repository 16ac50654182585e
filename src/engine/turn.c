/*
 * The checks of a turn.  Each is a small function; their order is the array
 * at the end.  A terminal comes before every cap: what was reached counts.
 */
#include "engine/turn.h"

#include "base/auto.h"
#include "engine/route.h"

static struct turn
finish(const char *cause)
{
	return (struct turn) { .kind = TURN_FINISH, .cause = cause };
}

static const struct turn nothing = { .kind = TURN_NONE };

/* The closing state of a cap has run: the run ends with the cap's word. */
static struct turn
check_closed(const struct turn_facts *t)
{
	if (t->again || !t->frame->closing || t->frame->entered)
		return nothing;
	return finish(
	    t->frame->steps_summary ? "max_steps" : "max_iterations_reached");
}

static bool
is_closing_state(const struct turn_facts *t)
{
	return (t->frame->steps_summary || t->frame->passes_summary) &&
	    !t->frame->closing;
}

static struct turn
check_terminal(const struct turn_facts *t)
{
	struct turn out = finish("terminal");

	if (!t->state->terminal || t->loop->maintain || is_closing_state(t))
		return nothing;
	out.failure = t->state->failure;
	return out;
}

static struct turn
check_stop(const struct turn_facts *t)
{
	return t->stop ? finish("interrupted") : nothing;
}

/* An action asked for it: the state behind it is for a resume. */
static struct turn
check_parked(const struct turn_facts *t)
{
	return t->parked ? finish("stopped_by_marker") : nothing;
}

static struct turn
check_steps(const struct turn_facts *t)
{
	struct turn out = { .kind = TURN_SUMMARY_STEPS };

	if (t->again || is_closing_state(t) || t->frame->steps < t->max_steps)
		return nothing;
	if (!t->loop->on_max_steps.name)
		return finish("max_steps");
	out.to = t->loop->on_max_steps.to;
	return out;
}

static struct turn
check_passes(const struct turn_facts *t)
{
	struct turn out = { .kind = TURN_SUMMARY_PASSES };

	if (t->again || is_closing_state(t) || t->max_iterations < 0 ||
	    t->frame->passes < t->max_iterations)
		return nothing;
	if (!t->loop->on_max_iterations.name)
		return finish("max_iterations_reached");
	out.to = t->loop->on_max_iterations.to;
	return out;
}

static struct turn
check_timeout(const struct turn_facts *t)
{
	if (t->timeout_ms < 0 || t->elapsed_ms <= t->timeout_ms)
		return nothing;
	return finish("timeout");
}

/* From one terminal to the next and never to a state that does something:
 * no step would ever be counted. */
static bool
restarts_forever(const struct loop *l, const struct state *s)
{
	for (size_t i = 0; i <= l->nstates && s->terminal; i++)
		s = route_state(route_restart(l, s), s);
	return s->terminal;
}

static struct turn
check_restart(const struct turn_facts *t)
{
	struct turn out = { .kind = TURN_RESTART };

	if (!t->state->terminal || !t->loop->maintain || is_closing_state(t))
		return nothing;
	if (restarts_forever(t->loop, t->state)) {
		out = finish("terminal");
		out.failure = t->state->failure;
		return out;
	}
	out.to = route_state(route_restart(t->loop, t->state), t->state);
	return out;
}

static struct turn
check_retries(const struct turn_facts *t)
{
	const struct map_entry *n = map_get(&t->frame->retries, t->state->name);
	struct turn out = { .kind = TURN_EXHAUSTED };

	if (t->again || t->state->max_retries < 0 || !n ||
	    n->count <= t->state->max_retries)
		return nothing;
	if (!t->state->on_retry_exhausted.name)
		return finish("error");
	out.to = route_state(&t->state->on_retry_exhausted, t->state);
	return out;
}

static struct turn (*const turn_order[])(const struct turn_facts *) = {
	check_closed,
	check_terminal,
	check_stop,
	check_parked,
	check_steps,
	check_passes,
	check_timeout,
	check_restart,
	check_retries,
};

struct turn
turn_next(const struct turn_facts *t)
{
	for (size_t i = 0; i < COUNT(turn_order); i++) {
		struct turn got = turn_order[i](t);

		if (got.kind != TURN_NONE)
			return got;
	}
	return (struct turn) { .kind = TURN_ENTER, .to = t->state };
}
