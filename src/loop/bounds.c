/*
 * Limits in force.  Their values are looked up where the loader looks, their
 * defaults stand in the key tables; nothing is known twice.
 */
#include "loop/bounds.h"

#include <stdio.h>

#include "base/auto.h"
#include "base/sv.h"
#include "loop/keys.h"
#include "loop/loop_val.h"

struct row {
	const char *path;
	enum bound_unit unit;
	/* The loop's key for states that have none, or the state's key whose
	 * default is the loop's. */
	const char *other;
	bool always; /* also while the part it stands in is not written */
	bool bare;   /* only when it is written itself */
};

static const struct row loop_rows[] = {
	{ "max_steps", BOUND_COUNT, NULL, true, false },
	{ "max_iterations", BOUND_COUNT, NULL, true, false },
	{ "max_edge_revisits", BOUND_COUNT, NULL, true, false },
	{ "timeout", BOUND_SECONDS, NULL, true, false },
	{ "default_timeout", BOUND_SECONDS, "timeout", true, false },
	{ "default_idle_timeout", BOUND_SECONDS, "idle_timeout", true, false },
	{ "backoff", BOUND_SECONDS, NULL, true, false },
	{ "circuit.repeated_failure.window", BOUND_COUNT, NULL, false, false },
	{ "circuit.repeated_failure.recurrent_window", BOUND_COUNT, NULL, false,
	    false },
	{ "output_limit", BOUND_WORD, NULL, true, false },
	{ "on_output_limit", BOUND_WORD, NULL, true, false },
	{ "limits.disk", BOUND_WORD, NULL, true, false },
	{ "limits.steps", BOUND_WORD, NULL, false, true },
	{ "limits.wall", BOUND_WORD, NULL, false, true },
	{ "limits.agent_calls", BOUND_WORD, NULL, false, true },
	{ "limits.tokens", BOUND_WORD, NULL, false, true },
	{ "limits.usd", BOUND_WORD, NULL, false, true },
	{ "limits.usd_per_day", BOUND_WORD, NULL, false, true },
	{ "leftovers", BOUND_WORD, NULL, true, false },
};

static const struct row state_rows[] = {
	{ "timeout", BOUND_SECONDS, "default_timeout", true, false },
	{ "idle_timeout", BOUND_SECONDS, "default_idle_timeout", true, false },
	{ "max_retries", BOUND_COUNT, NULL, true, false },
	{ "retry_backoff.base", BOUND_SECONDS, NULL, false, false },
	{ "retry_backoff.cap", BOUND_SECONDS, NULL, false, false },
	{ "throttle.normal_max", BOUND_COUNT, NULL, false, false },
	{ "throttle.warn_max", BOUND_COUNT, NULL, false, false },
	{ "throttle.hard_max", BOUND_COUNT, NULL, false, false },
	{ "limits.agent_calls", BOUND_WORD, NULL, false, true },
	{ "limits.tokens", BOUND_WORD, NULL, false, true },
	{ "limits.usd", BOUND_WORD, NULL, false, true },
	{ "cost_ceiling.cost_ceiling_per_state", BOUND_WORD, NULL, false,
	    true },
	{ "cost_ceiling.cost_warn_at", BOUND_WORD, NULL, false, true },
	{ "resources.procs", BOUND_COUNT, NULL, false, false },
	{ "resources.memory", BOUND_WORD, NULL, false, false },
	{ "resources.files", BOUND_COUNT, NULL, false, false },
	{ "output_limit", BOUND_WORD, "output_limit", true, false },
	{ "on_output_limit", BOUND_WORD, "on_output_limit", true, false },
	{ "leftovers", BOUND_WORD, "leftovers", true, false },
};

/* A key at the end of its path. */
struct spot {
	const struct key *key;   /* its row; NULL: a key without one */
	const struct member *at; /* NULL: not written */
	bool declared;           /* the object it stands in is written */
	bool acted;              /* this version acts on it */
};

static struct spot
find(const char *object, const struct val *map, const char *path)
{
	struct spot s = { NULL, NULL, true, true };
	struct sv rest = sv(path), one;
	char name[64];

	while (sv_cut(&rest, '.', &one)) {
		const struct key_table *t =
		    object ? key_table_of(object) : NULL;

		snprintf(name, sizeof(name), "%.*s", SV_ARG(one));
		s.declared = map != NULL;
		s.key = t ? key_of(t, name) : NULL;
		s.acted = s.acted && (!s.key || s.key->class == KEY_ACTED);
		s.at =
		    map ? loop_written(object ? object : "", map, name) : NULL;
		map = s.at && s.at->v->kind == VAL_MAP ? s.at->v : NULL;
		object = s.key && *s.key->words ? s.key->words : NULL;
	}
	return s;
}

/* The default as the manual has it, as a value; NULL: none. */
static const struct val *
otherwise(struct arena *a, const struct key *k)
{
	double x;

	if (!k || !*k->otherwise)
		return NULL;
	if (!sv_to_real(sv(k->otherwise), &x))
		return val_text(a, k->otherwise);
	return x == (double)(long long)x ? val_int(a, (long long)x)
					 : val_real(a, x);
}

/*
 * What is in force at a spot.  A part like `circuit` or `throttle` bounds
 * nothing while it is not written.
 */
static bool
fill(struct arena *a, const struct row *r, const struct spot *s,
    struct bound *out)
{
	if (!s->acted || (!s->declared && !r->always) || (!s->key && !s->at) ||
	    (r->bare && !s->at))
		return false;
	out->name = r->path;
	out->unit = r->unit;
	out->key = s->at;
	out->value = s->at ? s->at->v : otherwise(a, s->key);
	return true;
}

const struct bound *
bounds_of_loop(struct arena *a, const struct loop *l, size_t *n)
{
	struct bound *all = arena_new(a, COUNT(loop_rows) * sizeof(*all));
	size_t k = 0;

	for (size_t i = 0; i < COUNT(loop_rows); i++) {
		const struct row *r = &loop_rows[i];
		struct spot s = find("loop", l->src, r->path);

		if (!fill(a, r, &s, &all[k]))
			continue;
		if (!all[k].value && r->other)
			all[k].value = otherwise(
			    a, key_of(key_table_of("state"), r->other));
		k++;
	}
	*n = k;
	return all;
}

const struct bound *
bounds_of_state(
    struct arena *a, const struct loop *l, const struct state *s, size_t *n)
{
	struct bound *all = arena_new(a, COUNT(state_rows) * sizeof(*all));
	size_t k = 0;

	for (size_t i = 0; !s->terminal && i < COUNT(state_rows); i++) {
		const struct row *r = &state_rows[i];
		struct spot at = find("state", s->src, r->path);

		if (!fill(a, r, &at, &all[k]))
			continue;
		if (!at.at && r->other) {
			struct spot up = find("loop", l->src, r->other);

			all[k].key = up.at;
			all[k].outer = up.at != NULL;
			if (up.at)
				all[k].value = up.at->v;
		}
		k++;
	}
	*n = k;
	return all;
}
