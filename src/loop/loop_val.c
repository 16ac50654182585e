/*
 * The key tables, which the loader holds a file against, here drive the way
 * back: one walk over table and document together.  What is said twice in
 * the language (aliases) is said once.
 */
#include "loop/loop_val.h"

#include <string.h>

#include "base/auto.h"
#include "loop/keys.h"
#include "text/render.h"

/* Other names of keys. */
static const struct alias {
	const char *object, *name, *real;
	bool own; /* where the real one is written too, a key of its own */
} aliases[] = {
	{ "state", "on_success", "on_yes", false },
	{ "state", "on_failure", "on_no", false },
	{ "loop", "max_iterations", "max_steps", true },
	{ "config", "continuation", "automation", false },
};

/*
 * Keys that say something even when their value is the default: being
 * written counts (`throttle: {}` declares one), or an outer default would
 * take their place.
 */
static const struct kept {
	const char *object, *key;
	const char *beside; /* only when this is written too */
} kept[] = {
	{ "loop", "max_steps", "max_iterations" },
	{ "loop", "backoff", NULL },
	{ "loop", "session_mode", NULL },
	{ "loop", "states", NULL },
	{ "loop", "pruning_profile", NULL },
	{ "state", "timeout", NULL },
	{ "state", "idle_timeout", NULL },
	{ "state", "throttle", NULL },
	{ "state", "tools", NULL },
	{ "state", "session_mode", NULL },
	{ "state", "pruning_profile", NULL },
	{ "state", "learning", NULL },
	{ "state", "parallel", NULL },
	{ "state", "cost_ceiling", NULL },
	{ "state", "output_limit", NULL },
	{ "state", "on_output_limit", NULL },
	{ "state", "leftovers", NULL },
	{ "state", "on_interrupted", NULL },
	{ "state", "rate_limit_backoff_base_seconds", NULL },
	{ "state", "rate_limit_max_wait_seconds", NULL },
	{ "throttle", "normal_max", NULL },
	{ "throttle", "warn_max", NULL },
	{ "throttle", "hard_max", NULL },
	{ "learning", "max_retries", NULL },
	{ "evaluate", "tolerance", NULL },
	{ "evaluate", "scope", NULL },
	{ "evaluate", "error_patterns", NULL },
	{ "evaluate", "line", NULL },
	{ "circuit", "repeated_failure", NULL },
};

struct walk {
	struct arena *mem;
	const struct loop *loop;
};

static const struct member *
present(const struct val *map, const char *key)
{
	const struct member *m = val_member(map, key);

	return m && m->v->kind != VAL_NULL ? m : NULL;
}

const struct member *
loop_written(const char *object, const struct val *map, const char *key)
{
	const struct member *m = present(map, key);

	for (size_t i = 0; i < COUNT(aliases); i++) {
		const struct alias *x = &aliases[i];

		if (strcmp(x->object, object) != 0)
			continue;
		if (!m && strcmp(x->real, key) == 0)
			return present(map, x->name);
		if (strcmp(x->name, key) == 0 &&
		    (!x->own || !present(map, x->real)))
			return NULL;
	}
	return m;
}

static bool
is_kept(const char *object, const struct val *map, const char *key)
{
	for (size_t i = 0; i < COUNT(kept); i++)
		if (strcmp(kept[i].object, object) == 0 &&
		    strcmp(kept[i].key, key) == 0)
			return !kept[i].beside ||
			    (present(map, key) && present(map, kept[i].beside));
	return false;
}

/* An empty part asks for nothing, whatever its members' defaults are. */
static bool
is_default(const struct key *k, const struct val *v)
{
	bool part = k->type >= KT_OBJECT;
	auto_str text = STR_INIT;
	double a, b;

	if (v->kind == VAL_MAP && part)
		return v->map.len == 0;
	if (v->kind == VAL_LIST && part)
		return v->list.len == 0;
	if (!*k->otherwise)
		return false;
	val_render(&text, v);
	if (strcmp(text.buf, k->otherwise) == 0)
		return true;
	return v->kind != VAL_TEXT && sv_to_real(str_sv(&text), &a) &&
	    sv_to_real(sv(k->otherwise), &b) && a == b;
}

static struct val *map_val(
    const struct walk *, const struct key_table *, const struct val *);

/* A terminal may be a failure by its name alone. */
static void
add_failure(const struct walk *w, const char *name, struct val *out)
{
	const struct state *s = loop_state(w->loop, name);

	if (s && s->failure)
		val_set(w->mem, out, "failure", val_bool(w->mem, true));
}

static const struct val *
named_val(const struct walk *w, const struct key_table *t, const struct val *v)
{
	struct val *out = val_map(w->mem);

	for (size_t i = 0; i < v->map.len; i++) {
		const struct member *m = &v->map.at[i];
		struct val *one;

		if (m->v->kind != VAL_MAP) {
			val_set(w->mem, out, m->key, m->v);
			continue;
		}
		one = map_val(w, t, m->v);
		if (strcmp(t->object, "state") == 0)
			add_failure(w, m->key, one);
		val_set(w->mem, out, m->key, one);
	}
	return out;
}

static const struct val *
value_of(const struct walk *w, const struct key *k, const struct val *v)
{
	const struct key_table *t =
	    k->type >= KT_OBJECT ? key_table_of(k->words) : NULL;
	struct val *list;

	if (k->type == KT_OBJECT && v->kind == VAL_MAP)
		return map_val(w, t, v);
	if (k->type == KT_NAMED && v->kind == VAL_MAP)
		return named_val(w, t, v);
	if (k->type != KT_OBJECTS || v->kind != VAL_LIST)
		return v;
	list = val_list(w->mem);
	for (size_t i = 0; i < v->list.len; i++)
		val_push(w->mem, list,
		    v->list.at[i]->kind == VAL_MAP
			? map_val(w, t, v->list.at[i])
			: v->list.at[i]);
	return list;
}

/* `on_WORD` is a route for the verdict WORD and in no table. */
static void
add_custom_routes(const struct walk *w, const struct key_table *t,
    const struct val *src, struct val *out)
{
	for (size_t i = 0; i < src->map.len; i++) {
		const struct member *m = &src->map.at[i];

		if (m->v->kind == VAL_TEXT && strncmp(m->key, "on_", 3) == 0 &&
		    m->key[3] && !key_of(t, m->key))
			val_set(w->mem, out, m->key, m->v);
	}
}

static struct val *
map_val(const struct walk *w, const struct key_table *t, const struct val *src)
{
	struct val *out = val_map(w->mem);

	out->at = src->at;
	for (size_t i = 0; i < t->len; i++) {
		const struct key *k = &t->at[i];
		const struct member *m = loop_written(t->object, src, k->name);
		const struct val *v = m ? value_of(w, k, m->v) : NULL;

		if (v &&
		    (is_kept(t->object, src, k->name) || !is_default(k, v)))
			val_set(w->mem, out, k->name, v);
	}
	if (strcmp(t->object, "state") == 0)
		add_custom_routes(w, t, src, out);
	return out;
}

struct val *
loop_val(struct arena *a, const struct loop *l)
{
	struct walk w = { a, l };

	return map_val(&w, key_tables[0], l->src);
}
