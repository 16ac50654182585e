/*
 * Rules over several keys of the loop itself and of its parameters.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "loop/parameters.h"

static void
rule_required(struct loader *l)
{
	static const char *const keys[] = { "name", "initial", "states" };
	const struct val *src = l->loop->src;

	for (size_t i = 0; !l->partial && i < COUNT(keys); i++)
		if (!load_get(src, keys[i]))
			diag_add(l->diags, src->at, "E105", "<root>",
			    "the key '%s' is missing", keys[i]);
	if (l->loop->name &&
	    (!*l->loop->name || strlen(l->loop->name) > LOAD_NAME_MAX))
		diag_add(l->diags, load_at(src, "name"), "E105", "name",
		    "'name' must have 1 to %d bytes", LOAD_NAME_MAX);
	else if (l->loop->name &&
	    !utf8_is_plain(l->loop->name, strlen(l->loop->name)))
		diag_add(l->diags, load_at(src, "name"), "E105", "name",
		    "'name' must have no control characters");
}

static void
rule_pass_cap(struct loader *l)
{
	const struct val *src = l->loop->src;

	if (load_get(src, "on_max_iterations") && !load_get(src, "max_steps"))
		diag_add(l->diags, load_at(src, "on_max_iterations"), "W114",
		    "on_max_iterations",
		    "'on_max_iterations' never counts: without 'max_steps', "
		    "'max_iterations' is a bound on steps");
}

static void
check_parameter(struct loader *l, const struct member *m)
{
	const char *path = load_path(l, "parameters.%s", m->key);
	const char *type = load_text(m->v, "type");
	const struct val *values = load_kind(m->v, "values", VAL_LIST);
	const struct val *otherwise = load_get(m->v, "default");

	if (!load_get(m->v, "type"))
		diag_add(l->diags, m->at, "E209", path,
		    "parameter '%s' needs a 'type'", m->key);
	if (type && !strcmp(type, "enum") && (!values || !values->list.len))
		diag_add(l->diags, m->at, "E209", path,
		    "parameter '%s' is an enum and needs 'values'", m->key);
	if (otherwise && !parameters_fit(l->mem, m->v, otherwise))
		diag_add(l->diags, otherwise->at, "E209", path,
		    "the default of parameter '%s' is not %s", m->key,
		    parameters_wants(l->mem, m->v));
	if (load_true(m->v, "required") && otherwise)
		diag_add(l->diags, m->at, "E209", path,
		    "parameter '%s' is required, so its default never counts",
		    m->key);
}

static void
rule_parameters(struct loader *l)
{
	const struct val *all = load_kind(l->loop->src, "parameters", VAL_MAP);

	for (size_t i = 0; all && i < all->map.len; i++)
		if (all->map.at[i].v->kind == VAL_MAP)
			check_parameter(l, &all->map.at[i]);
}

void
load_loop_rules(struct loader *l)
{
	rule_required(l);
	rule_pass_cap(l);
	rule_parameters(l);
}
