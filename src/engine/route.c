/* Verdict to target.  No clock, no files, no run: only the state. */
#include "engine/route.h"

#include <string.h>

#include "base/auto.h"

static const struct target *
find(const struct route *r, size_t n, const char *verdict)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(r[i].verdict, verdict) == 0)
			return &r[i].to;
	return NULL;
}

static const struct target *
in_table(const struct state *s, const char *verdict)
{
	bool error = strcmp(verdict, "error") == 0;
	const struct target *t = find(s->route, s->nroute, verdict);

	if (!t && error)
		t = find(s->route, s->nroute, "_error");
	if (!t)
		t = find(s->route, s->nroute, "_");
	if (!t && strcmp(verdict, "no") == 0)
		t = find(s->route, s->nroute, "_error");
	return t;
}

static const struct target *
exactly(const struct state *s, const char *verdict)
{
	return s->has_route ? find(s->route, s->nroute, verdict)
			    : find(s->on, s->non, verdict);
}

const struct target *
route_verdict(const struct state *s, const char *verdict)
{
	const struct target *t;

	if (!exactly(s, verdict))
		verdict = state_verdict_like(s, verdict);
	/* `_` and `_error` are words of the table, not verdicts. */
	if (s->has_route && verdict[0] == '_')
		return find(s->route, s->nroute, "_");
	if (s->has_route)
		return in_table(s, verdict);
	t = find(s->on, s->non, verdict);
	if (!t && strcmp(verdict, "no") == 0)
		t = find(s->on, s->non, "error");
	return t;
}

const struct target *
route_raised(const struct state *s)
{
	const struct target *t = NULL;

	if (s->has_route) {
		t = find(s->route, s->nroute, "error");
		if (!t)
			t = find(s->route, s->nroute, "_error");
	}
	return t ? t : route_on_error(s);
}

/* What an end is taken for when nothing routes its own word. */
static const struct {
	const char *cause;
	const char *like[3];
} endings[] = {
	{ "terminal", { NULL } },
	{ "timeout", { "timeout" } },
	{ "max_steps", { "max_steps", "timeout" } },
	{ "max_iterations_reached", { "max_iterations_reached", "timeout" } },
	{ "cycle_detected", { "cycle_detected", "error" } },
	{ "stall_detected", { "stall_detected", "error" } },
};

bool
route_declares(const struct state *s, const char *verdict)
{
	return exactly(s, verdict) != NULL;
}

const struct target *
route_next(const struct state *s, const char *verdict)
{
	const struct target *on_error = route_on_error(s);

	if (strcmp(verdict, "error") == 0)
		return on_error;
	return strcmp(verdict, "no") == 0 && on_error ? on_error : &s->next;
}

const struct target *
route_called(const struct state *s, const struct called *c)
{
	const struct target *t = NULL;

	if (s->has_next)
		return route_next(s, c->verdict);
	for (size_t i = 0; i < COUNT(endings); i++)
		for (size_t k = 0; !t && k < COUNT(endings[i].like) &&
		     endings[i].like[k] && !strcmp(endings[i].cause, c->cause);
		     k++)
			t = exactly(s, endings[i].like[k]);
	if (!t)
		t = route_verdict(s, c->verdict);
	/* As the reference: an error nobody waits for is a no. */
	if (!t && strcmp(c->verdict, "error") == 0)
		t = exactly(s, "no");
	return t;
}

const struct target *
route_unstarted(const struct state *s, const char *kind)
{
	const struct target *t = exactly(s, kind);

	if (t && strcmp(kind, "not_started") == 0)
		return t;
	return s->has_next ? route_on_error(s) : route_raised(s);
}

const struct target *
route_on_error(const struct state *s)
{
	return find(s->on, s->non, "error");
}

const struct state *
route_state(const struct target *t, const struct state *from)
{
	return t->current ? from : t->to;
}

const struct target *
route_restart(const struct loop *l, const struct state *s)
{
	return s->on_maintain.name ? &s->on_maintain : &l->initial;
}

bool
route_not_retryable(const struct state *s, long long code)
{
	for (size_t i = 0; i < s->nretryable; i++)
		if (s->retryable[i] == code)
			return false;
	return s->has_retryable;
}

const struct target *
route_give_up(const struct state *s)
{
	return s->on_retry_exhausted.name ? &s->on_retry_exhausted
					  : route_on_error(s);
}
