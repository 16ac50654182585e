/*
 * What the JSON of a host means: rows of conditions, and where in an object
 * that meets them text, usage and the rest are.
 */
#include <string.h>

#include "host/spec_part.h"

static void
read_tests(const struct spec_map *m, struct host_event *out)
{
	const struct val *when = spec_get(m->map, "when");
	size_t n = when ? when->map.len : 0;
	struct spec_map in = { m->r, when, spec_path(m, "%s.when", m->path) };
	struct host_test *test;

	if (n > PICK_STEPS) {
		spec_fault(m, "when", "E514", "over %d members", PICK_STEPS);
		return;
	}
	test = arena_new(m->r->mem, (n + 1) * sizeof(*test));
	for (size_t i = 0; i < n; i++) {
		const char *key = when->map.at[i].key;
		struct pick *way = arena_new(m->r->mem, sizeof(*way));
		struct err e = ERR_INIT;

		if (pick_compile(m->r->mem, sv(key), way, &e) < 0)
			spec_fault(&in, key, "E512", "%s", e.msg);
		test[i].ways = (struct picks) { way, 1 };
		spec_wants(&in, key, when->map.at[i].v, &test[i]);
	}
	out->test = test;
	out->ntests = n;
}

static void
read_usage(const struct spec_map *m, struct host_usage *out)
{
	const char *mode = spec_text(m->map, "mode");

	out->step = mode && !strcmp(mode, "step");
	out->input_has_cached = spec_true(m->map, "input_has_cached");
	out->input = spec_ways(m, "input");
	out->output = spec_ways(m, "output");
	out->total = spec_ways(m, "total");
	out->cache_read = spec_ways(m, "cache_read");
	out->cache_write = spec_ways(m, "cache_write");
	out->cost = spec_ways(m, "cost");
}

static void
read_event(const struct spec_map *m, struct host_event *out)
{
	const struct val *usage = spec_get(m->map, "usage");

	read_tests(m, out);
	out->text = spec_ways(m, "text");
	out->answer = spec_ways(m, "answer");
	out->session = spec_ways(m, "session");
	out->model = spec_ways(m, "model");
	out->error = spec_ways(m, "error");
	out->piece = spec_true(m->map, "piece");
	out->failed = spec_true(m->map, "failed");
	out->keep = spec_true(m->map, "keep");
	out->end = spec_true(m->map, "end");
	if (usage) {
		struct spec_map in = { m->r, usage,
			spec_path(m, "%s.usage", m->path) };

		read_usage(&in, &out->usage);
	}
}

void
spec_events(const struct spec_map *top)
{
	struct host *h = top->r->host;
	const struct val *list = spec_get(top->map, "events");
	size_t n = list ? list->list.len : 0;
	struct host_event *at;

	if (n > SPEC_ROWS) {
		spec_fault(top, "events", "E514", "over %d rows", SPEC_ROWS);
		return;
	}
	at = arena_new(&h->mem, (n + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++) {
		struct spec_map m = { top->r, list->list.at[i],
			spec_path(top, "events[%zu]", i) };

		read_event(&m, &at[i]);
	}
	h->event = at;
	h->nevents = n;
	for (int k = 0; k < HOST_CALLS && !n; k++)
		if (h->own_call[k] && h->call[k].format != FORMAT_TEXT)
			spec_fault(top, host_call_name((enum host_call_kind)k),
			    "E515", "its format needs 'events'");
}
