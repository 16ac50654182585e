/*
 * The outline as a value: the loop as the reference prints it and, in one
 * member that no loop file has, what follows from it.
 */
#include "show/outline.h"

#include <string.h>

#include "base/auto.h"
#include "loop/asks.h"
#include "loop/bounds.h"
#include "loop/loop_val.h"
#include "show/outline_part.h"

static const struct val *
text_or_null(struct arena *a, const char *s)
{
	return s ? val_text(a, s) : val_null(a);
}

static const struct val *
bound_val(struct arena *a, const struct bound *b)
{
	struct val *v = val_map(a);

	val_set(a, v, "value", b->value ? b->value : val_null(a));
	val_set(a, v, "from", val_text(a, b->key ? "file" : "default"));
	if (b->key) {
		val_set(a, v, "key", val_text(a, b->key->key));
		val_set(a, v, "line", val_int(a, b->key->at.line));
	}
	return v;
}

static const struct val *
over_val(struct arena *a, const struct outline_over *over)
{
	struct val *v = val_map(a);

	val_set(a, v, "value", over->value);
	val_set(a, v, "from", val_text(a, over->by));
	return v;
}

static struct val *
bounds_val(struct arena *a, const struct bound *b, size_t n)
{
	struct val *v = val_map(a);

	for (size_t i = 0; i < n; i++)
		val_set(a, v, b[i].name, bound_val(a, &b[i]));
	return v;
}

/* Who gives the verdict; a shell action without `evaluate` has one too. */
static const char *
evaluator(const struct state *s)
{
	if (s->evaluate.set)
		return eval_type_name(s->evaluate.type);
	return s->type == ACTION_SHELL && !s->has_next && !s->terminal
	    ? eval_type_name(EVAL_EXIT_CODE)
	    : NULL;
}

static const struct val *
state_val(struct arena *a, const struct loop *l, const struct state *s)
{
	struct val *v = val_map(a), *ways = val_list(a);
	size_t n;
	const struct way *at = outline_ways(a, s, &n);
	const struct bound *b;

	for (size_t i = 0; i < n; i++) {
		struct val *one = val_map(a);

		val_set(a, one, "on", val_text(a, at[i].on));
		val_set(a, one, "to", val_text(a, at[i].to));
		val_push(a, ways, one);
	}
	b = bounds_of_state(a, l, s, &n);
	val_set(a, v, "type", val_text(a, outline_kind(s)));
	val_set(a, v, "evaluator", text_or_null(a, evaluator(s)));
	val_set(a, v, "transitions", ways);
	val_set(a, v, "limits", bounds_val(a, b, n));
	val_set(a, v, "line", val_int(a, s->at.line));
	return v;
}

static const struct val *
states_val(struct arena *a, const struct loop *l)
{
	struct val *v = val_map(a);

	for (size_t i = 0; i < l->nstates; i++)
		val_set(
		    a, v, l->states[i]->name, state_val(a, l, l->states[i]));
	return v;
}

static const struct val *
inputs_val(struct arena *a, const struct loop *l)
{
	struct val *list = val_list(a);
	size_t n;
	const struct ask *at = asks_of(a, l, &n);

	for (size_t i = 0; i < n; i++) {
		const struct ask *x = &at[i];
		struct val *v = val_map(a);

		val_set(a, v, "name", val_text(a, x->name));
		val_set(a, v, "type", text_or_null(a, x->type));
		val_set(a, v, "required", val_bool(a, x->required));
		val_set(a, v, "positional", val_bool(a, x->input));
		val_set(a, v, "from", val_text(a, x->from));
		val_set(a, v, "default",
		    x->value && x->secret ? val_text(a, OUTLINE_HIDDEN)
					  : x->value);
		val_set(a, v, "values", x->words);
		if (x->about)
			val_set(a, v, "description", val_text(a, x->about));
		val_push(a, list, v);
	}
	return list;
}

static const struct val *
later_val(struct arena *a, const struct loop *l)
{
	struct val *said = val_map(a), *list = val_list(a);

	for (size_t i = 0; i < l->nlater; i++)
		val_set(a, said, l->later[i].key, val_null(a));
	for (size_t i = 0; i < said->map.len; i++)
		val_push(a, list, val_text(a, said->map.at[i].key));
	return list;
}

/* A map of variables without the values of secrets; of parameters it is
 * the default that is hidden. */
static const struct val *
without_secrets(
    struct arena *a, const struct loop *l, const struct val *map, bool params)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < map->map.len; i++) {
		const struct member *m = &map->map.at[i];
		struct val *one = val_map(a);

		val_set(a, out, m->key, m->v);
		if (!asks_secret(l, m->key))
			continue;
		if (!params) {
			val_set(a, out, m->key, val_text(a, OUTLINE_HIDDEN));
			continue;
		}
		for (size_t k = 0; k < m->v->map.len; k++)
			val_set(a, one, m->v->map.at[k].key, m->v->map.at[k].v);
		if (val_get(one, "default"))
			val_set(a, one, "default", val_text(a, OUTLINE_HIDDEN));
		val_set(a, out, m->key, one);
	}
	return out;
}

static void
hide(struct arena *a, const struct loop *l, struct val *doc, const char *key)
{
	const struct val *map = val_get(doc, key);

	if (map && map->kind == VAL_MAP && val_get(l->src, "secrets"))
		val_set(a, doc, key,
		    without_secrets(a, l, map, strcmp(key, "parameters") == 0));
}

struct val *
outline_val(struct arena *a, const struct outline *x)
{
	const struct loop *l = x->loop;
	struct val *v = loop_val(a, l), *own = val_map(a);
	size_t n;
	const struct bound *b = bounds_of_loop(a, l, &n);
	struct val *limits;

	hide(a, l, v, "context");
	hide(a, l, v, "parameters");
	val_set(a, own, "file", val_text(a, x->file));
	val_set(a, own, "warnings", val_int(a, (long long)x->warnings));
	val_set(a, own, "not_acted_on", later_val(a, l));
	limits = bounds_val(a, b, n);
	for (size_t i = 0; i < x->nover; i++)
		val_set(a, limits, x->over[i].name, over_val(a, &x->over[i]));
	val_set(a, own, "limits", limits);
	val_set(a, own, "scope", x->scope);
	val_set(a, own, "inputs", inputs_val(a, l));
	val_set(a, own, "hosts", x->hosts);
	val_set(a, own, "states", states_val(a, l));
	val_set(a, v, "effective", own);
	return v;
}
