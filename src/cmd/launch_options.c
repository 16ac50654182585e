/*
 * The options that decide what a run does.  How it is shown is nobody's
 * business but the one's who looks, and what it was given is in the context.
 */
#include "cmd/launch_options.h"

#include "base/auto.h"
#include "base/round.h"

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
	const struct {
		const char *key, *word;
	} words[] = {
		{ "model", o->model },
		{ "effort", o->effort },
		{ "llm_model", o->llm_model },
		{ "host", set->host },
		{ "host_over", set->host_over },
	};
	struct val *v = val_map(a), *ignore = val_list(a);

	put_over(a, v, "max_steps", o->max_steps, 1);
	put_over(a, v, "max_iterations", o->max_iterations, 1);
	put_over(a, v, "delay_ms", set->delay_ms, 0);
	put_over(a, v, "timeout_ms", set->timeout_ms, 0);
	put_over(a, v, "max_cost_micro_usd",
	    o->max_cost < 0 ? -1 : round_near(o->max_cost * 1e6), 0);
	put_over(a, v, "max_time_ms",
	    o->max_time < 0 ? -1 : round_near(o->max_time * 1000), 0);
	put_over(a, v, "output_limit", set->output_limit_over, 1);
	for (size_t i = 0; i < COUNT(words); i++)
		if (words[i].word)
			val_set(a, v, words[i].key, val_text(a, words[i].word));
	put_over(a, v, "budget_mb", o->budget_mb, 0);
	put_over(a, v, "warn_chars", o->warn_chars, 0);
	put_over(a, v, "handoff_threshold", o->handoff_threshold, 1);
	put_over(a, v, "context_limit", o->context_limit, 1);
	if (o->no_host_guard)
		val_set(a, v, "no_host_guard", val_bool(a, true));
	if (o->no_size_guard)
		val_set(a, v, "no_size_guard", val_bool(a, true));
	if (o->no_llm)
		val_set(a, v, "no_llm", val_bool(a, true));
	if (o->lenient)
		val_set(a, v, "lenient", val_bool(a, true));
	if (o->worktree)
		val_set(a, v, "worktree", val_bool(a, true));
	if (o->wait)
		val_set(a, v, "wait", val_bool(a, true));
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

static bool
flag(const struct val *v, const char *key, bool otherwise)
{
	const struct val *b = val_get(v, key);

	return b && b->kind == VAL_BOOL ? b->b : otherwise;
}

void
launch_options_read(struct arena *a, const struct val *v, struct launch_opts *o)
{
	const struct val *ignore = val_get(v, "ignore");
	size_t n = ignore && ignore->kind == VAL_LIST ? ignore->list.len : 0;
	const char **keys = arena_new(a, (n + 1) * sizeof(*keys));

	o->max_steps = val_num(v, "max_steps", o->max_steps);
	o->max_iterations = val_num(v, "max_iterations", o->max_iterations);
	o->delay = seconds(v, "delay_ms", o->delay);
	o->timeout = seconds(v, "timeout_ms", o->timeout);
	o->max_time = seconds(v, "max_time_ms", o->max_time);
	if (val_num(v, "max_cost_micro_usd", -1) >= 0)
		o->max_cost = (double)val_num(v, "max_cost_micro_usd", 0) / 1e6;
	o->output_limit = val_num(v, "output_limit", o->output_limit);
	o->model = val_str(v, "model", o->model);
	o->effort = val_str(v, "effort", o->effort);
	o->llm_model = val_str(v, "llm_model", o->llm_model);
	o->host = val_str(v, "host", o->host);
	o->host_over = val_str(v, "host_over", o->host_over);
	o->lenient = flag(v, "lenient", o->lenient);
	o->worktree = flag(v, "worktree", o->worktree);
	o->no_llm = flag(v, "no_llm", o->no_llm);
	o->budget_mb = val_num(v, "budget_mb", o->budget_mb);
	o->warn_chars = val_num(v, "warn_chars", o->warn_chars);
	o->handoff_threshold =
	    val_num(v, "handoff_threshold", o->handoff_threshold);
	o->context_limit = val_num(v, "context_limit", o->context_limit);
	o->no_host_guard = flag(v, "no_host_guard", o->no_host_guard);
	o->no_size_guard = flag(v, "no_size_guard", o->no_size_guard);
	o->wait = o->wait || flag(v, "wait", false);
	for (size_t i = 0; i < n; i++)
		keys[o->ignore.n++] = ignore->list.at[i]->kind == VAL_TEXT
		    ? ignore->list.at[i]->t.p
		    : "";
	o->ignore.at = keys;
}

void
launch_options_keep(const struct launch_opts *said, struct launch_opts *o)
{
	if (said->max_cost >= 0)
		o->max_cost = said->max_cost;
	if (said->max_time >= 0)
		o->max_time = said->max_time;
	if (said->budget_mb >= 0)
		o->budget_mb = said->budget_mb;
	if (said->handoff_threshold)
		o->handoff_threshold = said->handoff_threshold;
	if (said->context_limit)
		o->context_limit = said->context_limit;
	o->no_host_guard |= said->no_host_guard;
	o->no_size_guard |= said->no_size_guard;
}
