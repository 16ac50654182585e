/*
 * What a state hands to the loop that it calls, held against what that loop
 * declares and uses.  What the parent may have at run time (passthrough) is
 * at most a warning; what stands in the two files is an error.
 */
#include "loop/check_call.h"

#include <string.h>

#include "base/auto.h"
#include "base/map.h"
#include "loop/calling.h"
#include "loop/parameters.h"
#include "text/form.h"

/* One call whose loop is known. */
struct call_site {
	struct checkup *c;
	const struct state *s;
	const struct loop *child;
	const struct val *with; /* a map with members, or NULL */
	const char *in;         /* "parallel." or "" */
};

typedef void site_rule(const struct call_site *);

static void
each_site(struct checkup *c, site_rule *check)
{
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		const struct form *with = s->call.with;
		const struct call_site site = { c, s, s->call.loop,
			with && form_src(with)->map.len ? form_src(with) : NULL,
			s->fan.as ? "parallel." : "" };

		if (site.child)
			check(&site);
	}
}

static const char *
path_of(const struct call_site *x, const char *key)
{
	return rule_path(
	    x->c, x->s, arena_printf(&x->c->mem, "%s%s", x->in, key));
}

static struct place
place_of(const struct call_site *x)
{
	return x->s->call.word->src->at;
}

/* ---- parameters ---- */

static void
check_bound(const struct call_site *x, const struct member *m)
{
	const struct val *spec = val_get(x->child->parameters, m->key);
	const char *path =
	    path_of(x, arena_printf(&x->c->mem, "with.%s", m->key));

	if (!spec)
		diag_add(x->c->diags, m->at, "E440", path,
		    "loop '%s' has no parameter '%s'", x->child->name, m->key);
	else if (m->v->kind != VAL_NULL &&
	    form_is_plain(form_get(x->s->call.with, m->key)) &&
	    !parameters_fit(&x->c->mem, spec, m->v))
		diag_add(x->c->diags, m->v->at, "E442", path,
		    "the parameter '%s' of loop '%s' takes %s", m->key,
		    x->child->name, parameters_wants(&x->c->mem, spec));
}

static bool
has_value(const struct val *map, const char *key)
{
	const struct val *v = val_get(map, key);

	return v && v->kind != VAL_NULL;
}

static bool
is_listed(const struct val *list, const char *key)
{
	for (size_t i = 0; list && i < list->list.len; i++)
		if (list->list.at[i]->kind == VAL_TEXT &&
		    sv_eq(list->list.at[i]->t, key))
			return true;
	return false;
}

/* May the parent have it to pass on? */
static bool
parent_may_have(const struct call_site *x, const char *key)
{
	const struct loop *l = x->c->loop;

	for (size_t i = 0; i < l->nstates; i++)
		if (l->states[i]->capture &&
		    strcmp(l->states[i]->capture, key) == 0)
			return true;
	return val_get(l->context, key) || val_get(l->parameters, key) ||
	    is_listed(l->required_inputs, key) ||
	    strcmp(l->input_key, key) == 0;
}

static bool
own_gives(const struct loop *l, const char *key)
{
	const struct val *v = val_get(l->context, key);

	return v && v->kind != VAL_NULL && (v->kind != VAL_TEXT || v->t.n);
}

static void
check_required(const struct call_site *x, const struct member *m)
{
	const struct val *must = val_get(m->v, "required");
	bool passes = x->s->call.passthrough;

	if (!must || must->kind != VAL_BOOL || !must->b ||
	    has_value(x->with, m->key) || own_gives(x->child, m->key) ||
	    calling_gives(sv(m->key)) || (passes && parent_may_have(x, m->key)))
		return;
	diag_add(x->c->diags, place_of(x), passes ? "W441" : "E441",
	    path_of(x, "loop"),
	    "loop '%s' requires the parameter '%s', which %s: it takes %s",
	    x->child->name, m->key,
	    passes ? "neither the context nor a capture of this file has"
		   : "this state does not give (add it to 'with')",
	    parameters_wants(&x->c->mem, m->v));
}

static void
site_parameters(const struct call_site *x)
{
	const struct val *all = x->child->parameters;

	if (!all || !all->map.len)
		return;
	for (size_t i = 0; x->with && i < x->with->map.len; i++)
		check_bound(x, &x->with->map.at[i]);
	for (size_t i = 0; i < all->map.len; i++)
		check_required(x, &all->map.at[i]);
}

void
call_parameters(struct checkup *c)
{
	each_site(c, site_parameters);
}

/* ---- the context ---- */

static bool
is_given(const struct call_site *x, const char *key)
{
	const struct val *spec = val_get(x->child->parameters, key);
	const struct val *must = val_get(spec, "required");

	return val_get(x->child->context, key) || val_get(x->with, key) ||
	    has_value(spec, "default") || calling_gives(sv(key)) ||
	    (must && must->kind == VAL_BOOL && must->b);
}

static void
check_use(const struct call_site *x, const struct use *u, struct map *said)
{
	const struct ref *r = u->ref;
	const char *key;

	if (r->ns != NS_CONTEXT || !r->nseg || !rule_must_exist(r))
		return;
	key = arena_dup(&x->c->mem, r->seg[0].p, r->seg[0].n);
	if (is_given(x, key) || map_get(said, key))
		return;
	map_put(said, key);
	diag_add(x->c->diags, place_of(x), "W443", path_of(x, "loop"),
	    "state '%s' of loop '%s' uses '${%s}' (%s:%d), but '%s' is not "
	    "given to it (add it to 'with')",
	    u->state->name, x->child->name, r->text, r->at.file, r->at.line,
	    key);
}

static void
site_context(const struct call_site *x)
{
	struct diags unused = DIAGS_INIT;
	struct map said = MAP_INIT;
	struct checkup child;

	if (x->s->call.passthrough)
		return;
	checkup_init(&child, x->child, &unused);
	for (size_t i = 0; i < child.nuses; i++)
		if (child.graph.reached[child.use[i].state->index])
			check_use(x, &child.use[i], &said);
	checkup_release(&child);
	map_release(&said);
	diags_release(&unused);
}

void
call_context(struct checkup *c)
{
	each_site(c, site_context);
}

/* ---- parallel within parallel ---- */

/* The first state with `parallel` of the loop or of one that it calls; each
 * is looked at once. */
static const struct state *
first_fan(const struct loop *l, struct map *seen)
{
	const struct state *found = NULL;

	if (map_get(seen, l->file))
		return NULL;
	map_put(seen, l->file);
	for (size_t i = 0; i < l->nstates && !found; i++) {
		const struct state *s = l->states[i];

		if (s->fan.as)
			found = s;
		else if (s->call.loop)
			found = first_fan(s->call.loop, seen);
	}
	return found;
}

static void
site_nested(const struct call_site *x)
{
	struct map seen = MAP_INIT;
	const struct state *inner =
	    x->s->fan.as ? first_fan(x->child, &seen) : NULL;

	map_release(&seen);
	if (inner)
		diag_add(x->c->diags, place_of(x), "E245", path_of(x, "loop"),
		    "'parallel' cannot stand within 'parallel': loop '%s' "
		    "comes to state '%s' (%s:%d), which has it",
		    x->child->name, inner->name, inner->at.file,
		    inner->at.line);
}

void
call_nested(struct checkup *c)
{
	each_site(c, site_nested);
}
