/*
 * Four places of a loop name variables: `parameters`, `required_inputs`,
 * `context` and the references themselves.  Here they become one list with
 * one entry a name.
 */
#include "loop/asks.h"

#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "loop/check_text.h"
#include "loop/rule.h"

struct list {
	struct arena *mem;
	const struct loop *loop;
	struct map names; /* name -> index, in `count` */
	VEC(struct ask) all;
};

bool
asks_secret(const struct loop *l, const char *name)
{
	const struct val *list = val_get(l->src, "secrets");

	if (!list || list->kind != VAL_LIST)
		return false;
	for (size_t i = 0; i < list->list.len; i++) {
		const struct val *v = list->list.at[i];

		if (v->kind == VAL_TEXT && sv_eq(v->t, name))
			return true;
	}
	return false;
}

static struct ask *
entry(struct list *l, const char *name, const char *from, struct place at)
{
	struct map_entry *e = map_get(&l->names, name);
	struct ask one = { .name = name, .from = from, .at = at };

	if (e)
		return &l->all.at[e->count];
	map_put(&l->names, name)->count = (long long)l->all.len;
	one.secret = asks_secret(l->loop, name);
	one.input = l->loop->input_key && !strcmp(name, l->loop->input_key);
	vec_push(&l->all, one);
	return &l->all.at[l->all.len - 1];
}

static void
add_parameters(struct list *l)
{
	const struct val *src = val_get(l->loop->src, "parameters");

	for (size_t i = 0; src && src->kind == VAL_MAP && i < src->map.len;
	     i++) {
		const struct member *m = &src->map.at[i];
		const struct val *required = val_get(m->v, "required");
		struct ask *x = entry(l, m->key, "parameters", m->at);

		x->type = val_str(m->v, "type", NULL);
		x->about = val_str(m->v, "description", NULL);
		x->value = val_get(m->v, "default");
		x->words = val_get(m->v, "values");
		x->required =
		    required && required->kind == VAL_BOOL && required->b;
	}
}

static void
add_required(struct list *l)
{
	const struct val *src = l->loop->required_inputs;

	for (size_t i = 0; src && i < src->list.len; i++) {
		const struct val *v = src->list.at[i];

		if (v->kind == VAL_TEXT)
			entry(l, v->t.p, "required_inputs", v->at)->required =
			    true;
	}
}

/* Does such a value leave what is required open? */
static bool
is_open(const struct ask *x, const struct val *v)
{
	if (!x->type)
		return rule_is_empty(v);
	return v->kind == VAL_NULL || (v->kind == VAL_TEXT && !v->t.n);
}

/* A value there is what a run without arguments starts with. */
static void
add_context(struct list *l)
{
	const struct val *src = l->loop->context;

	for (size_t i = 0; i < src->map.len; i++) {
		const struct member *m = &src->map.at[i];
		struct ask *x = entry(l, m->key, "context", m->at);

		x->value = m->v;
		x->required = x->required && is_open(x, m->v);
	}
}

/* Only what an action that can be reached cannot do without is needed. */
static void
add_references(struct list *l)
{
	struct diags unused = DIAGS_INIT;
	struct checkup c;

	checkup_init(&c, l->loop, &unused);
	for (size_t i = 0; i < c.nuses; i++) {
		const struct use *u = &c.use[i];
		const struct ref *r = u->ref;
		struct ask *x;

		if (r->ns != NS_CONTEXT || !r->nseg ||
		    text_is_injected(r->seg[0]))
			continue;
		x = entry(l, arena_dup(l->mem, r->seg[0].p, r->seg[0].n),
		    "references", r->at);
		if (!x->value && rule_must_exist(r) &&
		    c.graph.reached[u->state->index])
			x->required = true;
	}
	checkup_release(&c);
	diags_release(&unused);
}

const struct ask *
asks_of(struct arena *a, const struct loop *l, size_t *n)
{
	struct list list = { .mem = a, .loop = l };
	struct ask *out;

	add_parameters(&list);
	add_required(&list);
	add_context(&list);
	add_references(&list);
	*n = list.all.len;
	out = arena_new(a, (list.all.len + 1) * sizeof(*out));
	if (list.all.len)
		memcpy(out, list.all.at, list.all.len * sizeof(*out));
	vec_release(&list.all);
	map_release(&list.names);
	return out;
}
