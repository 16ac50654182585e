/*
 * What records say about a call of a host: who was asked, what it used, and
 * what went wrong.  What was not told is absent, never zero.
 */
#include "engine/ask.h"

#include "base/auto.h"
#include "engine/spend.h"
#include "host/line.h"

static void
put_text(struct arena *a, struct val *f, const char *key, const char *s)
{
	if (s && *s)
		val_set(a, f, key, val_text(a, s));
}

void
ask_put(struct run *run, const struct asked *x, struct val *f)
{
	const struct failure *bad = &x->failure;
	struct arena *a = run_mem(run);

	put_text(a, f, "host", x->host->name);
	put_text(a, f, "model", x->seen->model);
	put_text(a, f, "session", x->seen->session);
	spend_put_tokens(a, f, &x->seen->used);
	if (x->seen->used.cost >= 0)
		val_set(a, f, "cost_micro_usd", val_int(a, x->seen->used.cost));
	if (bad->class == CLASS_NONE)
		return;
	put_text(a, f, "failure_class", failure_class_name(bad->class));
	put_text(a, f, "failure_by", bad->by);
	put_text(a, f, "failure_text", bad->text);
	put_text(a, f, "failure_hint", bad->hint);
	if (bad->until_us)
		val_set(a, f, "until_us", val_int(a, bad->until_us));
}
