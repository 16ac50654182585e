/*
 * The options that decide what a run does.  How it is shown is nobody's
 * business but the one's who looks, and what it was given is in the context.
 */
#include "cmd/launch_options.h"

#include "base/auto.h"

static void
put_over(struct arena *a, struct val *v, const char *key, long long n,
    long long least)
{
	if (n >= least)
		val_set(a, v, key, val_int(a, n));
}

const struct val *
launch_options_val(struct arena *a, const struct launch_opts *o,
    const struct launch_values *set)
{
	struct val *v = val_map(a), *ignore = val_list(a);

	put_over(a, v, "max_steps", o->max_steps, 1);
	put_over(a, v, "max_iterations", o->max_iterations, 1);
	put_over(a, v, "delay_ms", set->delay_ms, 0);
	put_over(a, v, "timeout_ms", set->timeout_ms, 0);
	put_over(a, v, "output_limit", set->output_limit_over, 1);
	if (o->lenient)
		val_set(a, v, "lenient", val_bool(a, true));
	for (size_t i = 0; i < o->ignore.n; i++)
		val_push(a, ignore, val_text(a, o->ignore.at[i]));
	if (o->ignore.n)
		val_set(a, v, "ignore", ignore);
	return v;
}

static double
seconds(const struct val *v, const char *key, double otherwise)
{
	long long ms = val_num(v, key, -1);

	return ms < 0 ? otherwise : (double)ms / 1000;
}

void
launch_options_read(struct arena *a, const struct val *v, struct launch_opts *o)
{
	const struct val *lenient = val_get(v, "lenient");
	const struct val *ignore = val_get(v, "ignore");
	size_t n = ignore && ignore->kind == VAL_LIST ? ignore->list.len : 0;
	const char **keys = arena_new(a, (n + 1) * sizeof(*keys));

	o->max_steps = val_num(v, "max_steps", o->max_steps);
	o->max_iterations = val_num(v, "max_iterations", o->max_iterations);
	o->delay = seconds(v, "delay_ms", o->delay);
	o->timeout = seconds(v, "timeout_ms", o->timeout);
	o->output_limit = val_num(v, "output_limit", o->output_limit);
	if (lenient && lenient->kind == VAL_BOOL)
		o->lenient = lenient->b;
	for (size_t i = 0; i < n; i++)
		keys[o->ignore.n++] = ignore->list.at[i]->kind == VAL_TEXT
		    ? ignore->list.at[i]->t.p
		    : "";
	o->ignore.at = keys;
}
