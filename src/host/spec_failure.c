/*
 * What the failures of a host mean: rows of conditions, tried by host/class.
 * Those of another host may follow.
 */
#include <string.h>

#include "host/spec_part.h"

static void
read_codes(const struct spec_map *m, struct host_failure *out)
{
	const struct val *v = spec_get(m->map, "exit");
	size_t n = v ? v->list.len : 0;
	long long *at = arena_new(m->r->mem, (n + 1) * sizeof(*at));

	for (size_t i = 0; i < n; i++)
		at[i] = v->list.at[i]->i;
	out->code = at;
	out->ncodes = n;
}

static void
read_member(const struct spec_map *m, struct host_failure *out)
{
	const struct val *equals = spec_get(m->map, "equals");
	const char *contains = spec_text(m->map, "contains");

	out->test.ways = spec_ways(m, "member");
	if (equals)
		spec_wants(m, "equals", equals, &out->test);
	out->contains = contains ? arena_strdup(m->r->mem, contains) : NULL;
	if (!spec_get(m->map, "member") != !(equals || contains) ||
	    (equals && contains))
		spec_fault(m, "member", "E515",
		    "'member' goes with one of 'equals' and 'contains'");
}

static void
read_failure(const struct spec_map *m, struct host_failure *out)
{
	const char *class = spec_text(m->map, "class");
	const char *hint = spec_text(m->map, "hint");

	out->class = class ? failure_class_of(class) : CLASSES;
	if (out->class == CLASSES)
		spec_fault(m, "class", "E515", "is missing");
	read_member(m, out);
	read_codes(m, out);
	out->error = spec_pattern(m, "error");
	out->stderr_rx = spec_pattern(m, "stderr");
	out->until = spec_ways(m, "until");
	out->after = spec_ways(m, "after");
	out->until_rx = spec_pattern(m, "until_pattern");
	out->after_rx = spec_pattern(m, "after_pattern");
	out->hint = arena_strdup(m->r->mem, hint);
	out->unverified = spec_true(m->map, "unverified");
	if (!out->test.ways.n && !out->error && !out->stderr_rx && !out->ncodes)
		spec_fault(m, "class", "E515",
		    "the row needs 'member', 'error', 'exit' or 'stderr'");
}

void
spec_failures(const struct spec_map *top)
{
	struct host *h = top->r->host;
	const struct val *list = spec_get(top->map, "failures");
	size_t n = list ? list->list.len : 0;
	size_t more = h->base ? h->base->nfailures : 0;
	struct host_failure *at;

	if (n > SPEC_ROWS) {
		spec_fault(top, "failures", "E514", "over %d rows", SPEC_ROWS);
		return;
	}
	at = arena_new(&h->mem, (n + more + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++) {
		struct spec_map m = { top->r, list->list.at[i],
			spec_path(top, "failures[%zu]", i) };

		at[i].by = spec_path(top, "%s: %s", h->name, m.path);
		read_failure(&m, &at[i]);
	}
	for (size_t i = 0; i < more; i++)
		at[n + i] = h->base->failure[i];
	h->failure = at;
	h->nfailures = n + more;
	h->nown_failures = n;
	if (spec_text(top->map, "failures_of") && !h->base)
		spec_fault(top, "failures_of", "E515",
		    "there is no host of that name, or it is wrong");
}

size_t
host_unverified(const struct host *h, struct arena *a, const char *const **out)
{
	size_t most = h->nunverified + h->nown_failures, n = 0;
	const char **at = arena_new(a, (most + 1) * sizeof(*at));

	for (size_t i = 0; i < h->nunverified; i++)
		at[n++] = h->unverified[i];
	for (size_t i = 0; i < h->nown_failures; i++)
		if (h->failure[i].unverified)
			at[n++] = arena_printf(a, "failures[%zu] (%s)", i,
			    failure_class_name(h->failure[i].class));
	*out = at;
	return n;
}
