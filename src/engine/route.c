/* Verdict to target.  No clock, no files, no run: only the state. */
#include "engine/route.h"

#include <string.h>

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

const struct target *
route_verdict(const struct state *s, const char *verdict)
{
	const struct target *t;

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
