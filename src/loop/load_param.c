/*
 * Fragments: libraries of them, and what a state gives to the parameters of
 * its own.  A value may refer to those before it and to everything a state
 * may; it is rendered when it is asked for, in the frame of the state.
 */
#include <string.h>

#include "base/auto.h"
#include "loop/load_part.h"
#include "loop/parameters.h"

/* The parameter of this name among the first `n`, or NULL. */
static const struct param *
param_among(const struct param *all, size_t n, struct sv name)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq(name, all[i].name))
			return &all[i];
	return NULL;
}

/* `${param.X}` in a value: X must have been given before. */
static void
check_order(struct loader *l, const struct state *s, size_t i, const char *path)
{
	const struct tmpl *t = s->param[i].tmpl;

	for (size_t k = 0; k < t->nparts; k++) {
		const struct ref *r = t->part[k].ref;

		if (!r || r->ns != NS_PARAM || !r->nseg ||
		    param_among(s->param, i, r->seg[0]))
			continue;
		diag_add(l->diags, r->at, "E137", path,
		    "'${%s}' is no parameter of an outer fragment", r->text);
	}
}

static void
compile(struct loader *l, const struct state *s, struct param *p, size_t i)
{
	const char *path = load_path(l, "states.%s.with.%s", s->name, p->name);
	struct tmpl *t;

	if (!p->value || p->value->kind != VAL_TEXT)
		return;
	t = tmpl_compile(l->mem, p->value, path, l->diags);
	if (tmpl_is_plain(t) && !strstr(p->value->t.p, "$${"))
		return;
	p->tmpl = t;
	check_order(l, s, i, path);
}

/* What is written must have the type; what is made is looked at then. */
static void
fit(struct loader *l, const struct state *s, struct param *p)
{
	const struct val *got;

	if (!p->value || p->tmpl || p->spec->kind != VAL_MAP)
		return;
	got = parameters_fit(l->mem, p->spec, p->value);
	if (got)
		p->value = got;
	else
		diag_add(l->diags, p->value->at, "E137",
		    load_path(l, "states.%s.with.%s", s->name, p->name),
		    "the parameter '%s' must be %s", p->name,
		    parameters_wants(l->mem, p->spec));
}

static void
check_parameters(struct loader *l, const struct val *spec, const char *path)
{
	for (size_t i = 0; spec && i < spec->map.len; i++) {
		const struct member *m = &spec->map.at[i];
		const char *at = load_path(l, "%s.%s", path, m->key);

		if (m->v->kind == VAL_MAP)
			load_keys_of(l, "parameter", m->v, at);
		else
			diag_add(l->diags, m->v->at, "E102", at,
			    "'%s' must be a mapping, not %s", m->key,
			    val_kind_name(m->v->kind));
	}
}

bool
load_is_library(const struct val *root)
{
	static const char *const keys[] = { "states", "flow", "from",
		"initial" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (load_get(root, keys[i]))
			return false;
	return load_kind(root, "fragments", VAL_MAP) != NULL;
}

static void
check_fragment(struct loader *l, const struct member *m)
{
	static const char *const own[] = { "parameters", NULL };
	struct merge g = { .mem = l->mem };
	const char *path = load_path(l, "fragments.%s", m->key);

	if (m->v->kind != VAL_MAP) {
		diag_add(l->diags, m->v->at, "E102", path,
		    "'%s' must be a mapping, not %s", m->key,
		    val_kind_name(m->v->kind));
		return;
	}
	load_keys_of(l, "state", merge_without(&g, m->v, own), path);
	check_parameters(l, load_kind(m->v, "parameters", VAL_MAP),
	    load_path(l, "%s.parameters", path));
}

void
load_library(struct loader *l, const struct val *root)
{
	const struct val *all = load_kind(root, "fragments", VAL_MAP);

	l->loop->library = true;
	load_keys(l, key_tables[0], root);
	for (size_t i = 0; i < all->map.len; i++)
		check_fragment(l, &all->map.at[i]);
}

/* Where a value will come from: what it refers to was asked about before, so
 * neither a circle of parameters nor a tower of them costs anything. */
static enum origin
worst_origin(const struct param *all, size_t i, script_origin *of, void *self)
{
	const struct tmpl *t = all[i].tmpl;
	enum origin worst = ORIGIN_FILE;

	for (size_t k = 0; t && k < t->nparts; k++) {
		const struct ref *r = t->part[k].ref;
		const struct param *p;

		if (!r)
			continue;
		if (r->ns != NS_PARAM) {
			worst = origin_worse(worst, of(self, r));
			continue;
		}
		p = r->nseg ? param_among(all, i, r->seg[0]) : NULL;
		worst = origin_worse(worst, p ? p->origin : ORIGIN_DATA);
	}
	return worst;
}

void
load_params(struct loader *l, struct state *s, script_origin *of, void *self)
{
	const struct map_entry *e = map_get(&l->bindings, s->name);
	const struct binding *b = e ? e->value : NULL;
	struct param *all;

	if (!b)
		return;
	s->has_fragment = true;
	check_parameters(
	    l, b->spec, load_path(l, "fragments.%s.parameters", b->fragment));
	all = arena_new(l->mem, (b->spec->map.len + 1) * sizeof(*all));
	s->param = all;
	for (size_t i = 0; i < b->spec->map.len; i++) {
		all[i].name = b->spec->map.at[i].key;
		all[i].spec = b->spec->map.at[i].v;
		all[i].value = val_get(b->with, all[i].name);
		compile(l, s, &all[i], i);
		fit(l, s, &all[i]);
		all[i].origin = worst_origin(all, i, of, self);
	}
	s->nparam = b->spec->map.len;
}

enum origin
load_param_origin(const struct state *s, const struct ref *r)
{
	const struct param *p =
	    r->nseg ? param_among(s->param, s->nparam, r->seg[0]) : NULL;

	return p ? p->origin : ORIGIN_DATA;
}
