/*
 * What records say about a call of a host: who was asked, what it used, and
 * what went wrong.  What was not told is absent, never zero.
 */
#include "engine/ask.h"

#include "base/auto.h"
#include "host/line.h"

static void
put_text(struct arena *a, struct val *f, const char *key, const char *s)
{
	if (s && *s)
		val_set(a, f, key, val_text(a, s));
}

static void
put_used(struct arena *a, struct val *f, const struct host_used *u)
{
	const struct {
		const char *key;
		long long n;
	} rows[] = {
		{ "input_tokens", u->input },
		{ "output_tokens", u->output },
		{ "cache_read_tokens", u->cache_read },
		{ "cache_creation_tokens", u->cache_write },
		{ "cost_micro_usd", u->cost },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].n >= 0)
			val_set(a, f, rows[i].key, val_int(a, rows[i].n));
}

void
ask_put(struct run *run, const struct asked *x, struct val *f)
{
	const struct failure *bad = &x->failure;
	struct arena *a = run_mem(run);

	put_text(a, f, "host", x->host->name);
	put_text(a, f, "model", x->seen->model);
	put_text(a, f, "session", x->seen->session);
	put_used(a, f, &x->seen->used);
	if (bad->class == CLASS_NONE)
		return;
	put_text(a, f, "failure_class", failure_class_name(bad->class));
	put_text(a, f, "failure_by", bad->by);
	put_text(a, f, "failure_text", bad->text);
	put_text(a, f, "failure_hint", bad->hint);
	if (bad->until_us)
		val_set(a, f, "until_us", val_int(a, bad->until_us));
}
