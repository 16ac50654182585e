/*
 * The options that decide what a run does: a row each, with which they are
 * recorded, read back and laid over each other.  How a run is shown is
 * nobody's business but the one's who looks, and what it was given is in the
 * context.
 */
#include "cmd/launch_options.h"

#include "base/auto.h"
#include "base/round.h"

/* What the member is, what it is recorded as, and the least that counts as
 * given. */
enum kept_type {
	KEPT_FLAG,  /* bool: true */
	KEPT_TEXT,  /* const char *: not NULL */
	KEPT_WHOLE, /* long long: at least `least` */
	KEPT_REAL,  /* double, recorded in 1/`scale`: at least 0 */
};

struct kept {
	enum kept_type type;
	char key[20];
	size_t at;
	long long least, scale;
};

#define AT(member) offsetof(struct launch_opts, member)

static const struct kept rows[] = {
	{ KEPT_WHOLE, "max_steps", AT(max_steps), 1, 0 },
	{ KEPT_WHOLE, "max_iterations", AT(max_iterations), 1, 0 },
	{ KEPT_REAL, "delay_ms", AT(delay), 0, 1000 },
	{ KEPT_REAL, "timeout_ms", AT(timeout), 0, 1000 },
	{ KEPT_REAL, "max_cost_micro_usd", AT(max_cost), 0, 1000000 },
	{ KEPT_REAL, "max_time_ms", AT(max_time), 0, 1000 },
	{ KEPT_WHOLE, "output_limit", AT(output_limit), 1, 0 },
	{ KEPT_TEXT, "model", AT(model), 0, 0 },
	{ KEPT_TEXT, "effort", AT(effort), 0, 0 },
	{ KEPT_TEXT, "llm_model", AT(llm_model), 0, 0 },
	{ KEPT_TEXT, "host", AT(host), 0, 0 },
	{ KEPT_TEXT, "host_over", AT(host_over), 0, 0 },
	{ KEPT_WHOLE, "budget_mb", AT(budget_mb), 0, 0 },
	{ KEPT_WHOLE, "warn_chars", AT(warn_chars), 0, 0 },
	{ KEPT_WHOLE, "handoff_threshold", AT(handoff_threshold), 1, 0 },
	{ KEPT_WHOLE, "context_limit", AT(context_limit), 1, 0 },
	{ KEPT_FLAG, "no_host_guard", AT(no_host_guard), 0, 0 },
	{ KEPT_FLAG, "no_size_guard", AT(no_size_guard), 0, 0 },
	{ KEPT_FLAG, "no_llm", AT(no_llm), 0, 0 },
	{ KEPT_FLAG, "lenient", AT(lenient), 0, 0 },
	{ KEPT_FLAG, "worktree", AT(worktree), 0, 0 },
	{ KEPT_FLAG, "wait", AT(wait), 0, 0 },
};

/* The member as a value; NULL when it was not given. */
static const struct val *
given(struct arena *a, const struct kept *k, const struct launch_opts *o)
{
	const char *p = (const char *)o + k->at;
	const char *text;
	long long n;
	double r;

	switch (k->type) {
	case KEPT_FLAG:
		return *(const bool *)p ? val_bool(a, true) : NULL;
	case KEPT_TEXT:
		text = *(const char *const *)p;
		return text ? val_text(a, text) : NULL;
	case KEPT_WHOLE:
		n = *(const long long *)p;
		return n >= k->least ? val_int(a, n) : NULL;
	case KEPT_REAL:
		r = *(const double *)p;
		return r < 0 ? NULL
			     : val_int(a, round_near(r * (double)k->scale));
	}
	return NULL;
}

static void
take(const struct kept *k, const struct val *v, struct launch_opts *o)
{
	char *p = (char *)o + k->at;

	if (k->type == KEPT_FLAG && v->kind == VAL_BOOL)
		*(bool *)p = v->b;
	else if (k->type == KEPT_TEXT && v->kind == VAL_TEXT)
		*(const char **)p = v->t.p;
	else if (k->type == KEPT_WHOLE && v->kind == VAL_INT)
		*(long long *)p = v->i;
	else if (k->type == KEPT_REAL && v->kind == VAL_INT)
		*(double *)p = (double)v->i / (double)k->scale;
}

const struct val *
launch_options_val(struct arena *a, const struct launch_opts *said,
    const struct launch_values *set)
{
	struct val *v = val_map(a), *ignore = val_list(a);
	struct launch_opts o = *said;

	o.delay = (double)set->delay_ms / 1000;
	o.output_limit = set->output_limit_over;
	o.host = set->host;
	o.host_over = set->host_over;
	for (size_t i = 0; i < COUNT(rows); i++)
		val_set(a, v, rows[i].key, given(a, &rows[i], &o));
	for (size_t i = 0; i < o.ignore.n; i++)
		val_push(a, ignore, val_text(a, o.ignore.at[i]));
	if (o.ignore.n)
		val_set(a, v, "ignore", ignore);
	return v;
}

static void
read_ignored(struct arena *a, const struct val *v, struct launch_opts *o)
{
	size_t n = v && v->kind == VAL_LIST ? v->list.len : 0;
	const char **keys = arena_new(a, (n + 1) * sizeof(*keys));

	o->ignore.n = 0;
	for (size_t i = 0; i < n; i++)
		if (v->list.at[i]->kind == VAL_TEXT)
			keys[o->ignore.n++] = v->list.at[i]->t.p;
	o->ignore.at = keys;
}

void
launch_options_read(
    struct arena *a, const struct val *map, struct launch_opts *o)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct val *v = val_get(map, rows[i].key);

		if (v)
			take(&rows[i], v, o);
	}
	if (val_get(map, "ignore"))
		read_ignored(a, val_get(map, "ignore"), o);
}

void
launch_options_keep(
    struct arena *a, const struct launch_opts *said, struct launch_opts *o)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct val *v = given(a, &rows[i], said);

		if (v)
			take(&rows[i], v, o);
	}
}
