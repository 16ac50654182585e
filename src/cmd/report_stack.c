/*
 * Where a run stands when loops call loops and items run beside each other:
 * the stack of its first lane, and how many items of which kind.
 */
#include "cmd/report_stack.h"

#include <string.h>

#include "base/auto.h"

static void
set_num(struct arena *a, struct val *v, const char *key, long long n)
{
	val_set(a, v, key, val_int(a, n));
}

const struct val *
report_stack(struct arena *a, const struct point *p)
{
	const struct lane *l = point_lane(p, -1);
	struct val *out = val_list(a);

	for (size_t i = 0; l && i < l->frames.len; i++) {
		const struct frame *f = l->frames.at[i];
		struct val *v = val_map(a);

		val_set(a, v, "loop", val_text(a, f->loop));
		val_set(a, v, "state", val_text(a, f->state));
		set_num(a, v, "depth", (long long)i);
		set_num(a, v, "iteration", f->steps);
		val_push(a, out, v);
	}
	return out;
}

const struct val *
report_parallel(struct arena *a, const struct point *p, bool alive)
{
	const struct frame *f = point_fan(p);
	long long open = (long long)p->lanes.len - 1;
	struct val *v = val_map(a);

	if (!f)
		return val_null(a);
	val_set(a, v, "state", val_text(a, f->state));
	set_num(a, v, "total", f->fan->count);
	set_num(a, v, "succeeded", f->fan->succeeded);
	set_num(a, v, "failed", f->fan->failed);
	set_num(a, v, "running", alive ? open : 0);
	set_num(a, v, "unfinished", f->fan->unfinished + (alive ? 0 : open));
	set_num(a, v, "skipped", f->fan->count - f->fan->next);
	return v;
}

static void
say_text(struct out *o, const struct val *v, const char *key)
{
	const char *text = val_str(v, key, "");

	out_text(o, text, strlen(text), 0);
}

static void
say_items(struct out *o, const struct val *v)
{
	static const char *const parts[] = { "succeeded", "failed",
		"unfinished", "running" };
	long long total = val_num(v, "total", 0);
	const char *before = ": ";

	str_addf(&o->buf, "  %lld of %lld items",
	    total - val_num(v, "skipped", 0), total);
	for (size_t i = 0; i < COUNT(parts); i++) {
		long long n = val_num(v, parts[i], 0);

		if (!n)
			continue;
		str_addf(&o->buf, "%s%lld %s", before, n, parts[i]);
		before = ", ";
	}
	str_addc(&o->buf, '\n');
}

void
report_stack_say(
    struct out *o, const struct val *stack, const struct val *parallel)
{
	for (size_t i = 1; i < stack->list.len; i++) {
		const struct val *v = stack->list.at[i];

		str_adds(&o->buf, "  ");
		say_text(o, v, "loop");
		str_adds(&o->buf, " at state '");
		say_text(o, v, "state");
		str_addf(&o->buf, "', step %lld\n", val_num(v, "iteration", 0));
	}
	if (parallel->kind == VAL_MAP)
		say_items(o, parallel);
}
