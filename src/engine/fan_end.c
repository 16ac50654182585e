/*
 * What the items of a `parallel` come to, once all are over: one verdict for
 * the state.
 */
#include "engine/fan.h"

#include <string.h>

/* Was there one that could not be done as it should (decisions.md §3.6)? */
static bool
any_broken(const struct fan *f)
{
	for (size_t i = 0; i < f->results.len; i++)
		if (strcmp(val_str(f->results.at[i], "status", ""), "failed") ==
			0 &&
		    val_get(f->results.at[i], "kind"))
			return true;
	return false;
}

/* Those that failed because an agent was asked too often. */
static long long
refused(const struct fan *f)
{
	long long n = 0;

	for (size_t i = 0; i < f->results.len; i++) {
		const struct val *v = f->results.at[i];

		n += strcmp(val_str(v, "status", ""), "failed") == 0 &&
		    strcmp(val_str(v, "kind", ""),
			failure_class_name(CLASS_QUOTA)) == 0;
	}
	return n;
}

static const char *
verdict_of(const struct fan *f, const struct fan_spec *spec)
{
	if (f->succeeded == f->count)
		return "yes";
	if (f->failed <= spec->tolerate && f->succeeded + f->failed == f->count)
		return "partial";
	return any_broken(f) || !f->failed ? "error" : "no";
}

int
fan_end(struct run *r, const struct state *s, struct judged *out, struct err *e)
{
	const struct fan *f = run_frame_of(r->workers.at[0])->fan;
	struct arena *a = run_mem(r);
	struct val *v = val_map(a);

	*out = (struct judged) { .type = "parallel",
		.verdict = verdict_of(f, &s->fan),
		.details = v };
	val_set(a, v, "type", val_text(a, out->type));
	val_set(a, v, "verdict", val_text(a, out->verdict));
	val_set(a, v, "attempted", val_int(a, f->count));
	val_set(a, v, "succeeded", val_int(a, f->succeeded));
	val_set(a, v, "failed", val_int(a, f->failed));
	val_set(a, v, "skipped", val_int(a, f->count - f->next));
	val_set(a, v, "unfinished", val_int(a, f->unfinished));
	if (refused(f))
		val_set(a, v, "refused", val_int(a, refused(f)));
	if (s->capture)
		val_set(a, v, "capture", val_text(a, s->capture));
	return run_emit(r, EV_EVALUATE, v, e);
}
