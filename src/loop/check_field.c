/*
 * Rules of fields.  A value that looks like a template in a field that is
 * none is told: it stays as it stands, which is seldom what was meant.
 */
#include "loop/check_field.h"

#include <string.h>

#include "base/auto.h"

/* Does `${NAMESPACE.` stand in the text, and not as `$${`? */
static bool
looks_like_template(const struct val *v)
{
	const char *p = v->kind == VAL_TEXT ? v->t.p : "";

	while ((p = strstr(p, "${"))) {
		bool escaped = p > v->t.p && p[-1] == '$';

		p += 2;
		for (int ns = 0; ns < NS_COUNT && !escaped; ns++) {
			const char *name = ref_ns_name((enum ref_ns)ns);
			size_t n = strlen(name);

			if (!strncmp(p, name, n) && p[n] == '.')
				return true;
		}
	}
	return false;
}

static void
check_plain(struct checkup *c, const struct val *v, const char *path)
{
	if (v && v->kind == VAL_LIST)
		for (size_t i = 0; i < v->list.len; i++)
			check_plain(c, v->list.at[i], path);
	if (v && v->kind == VAL_MAP)
		for (size_t i = 0; i < v->map.len; i++)
			check_plain(c, v->map.at[i].v,
			    arena_printf(
				&c->mem, "%s.%s", path, v->map.at[i].key));
	if (v && looks_like_template(v))
		diag_add(c->diags, v->at, "W432", path,
		    "'%.60s' stays as it stands: this is no template", v->t.p);
}

void
field_no_template(struct checkup *c)
{
	static const char *const keys[] = { "pattern", "error_patterns", "path",
		"key" };

	check_plain(c, val_get(c->loop->src, "context"), "context");
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		const struct val *e = rule_key(s, "evaluate");

		check_plain(
		    c, rule_key(s, "capture"), rule_path(c, s, "capture"));
		for (size_t k = 0; k < COUNT(keys); k++)
			check_plain(c, val_get(e, keys[k]),
			    rule_path(c, s,
				arena_printf(&c->mem, "evaluate.%s", keys[k])));
	}
}

static bool
has_param(const struct state *s, const struct ref *r)
{
	for (size_t i = 0; r->nseg && i < s->nparam; i++)
		if (sv_eq(r->seg[0], s->param[i].name))
			return s->param[i].value != NULL;
	return false;
}

void
field_param(struct checkup *c)
{
	for (size_t i = 0; i < c->nuses; i++) {
		const struct use *u = &c->use[i];

		if (u->ref->ns != NS_PARAM || !rule_must_exist(u->ref) ||
		    has_param(u->state, u->ref))
			continue;
		diag_add(c->diags, u->ref->at, "E433",
		    rule_path(c, u->state, u->field),
		    u->state->has_fragment
			? "state '%s' uses '${%s}', which its fragment has "
			  "not or which is not given and has no default"
			: "state '%s' uses '${%s}', but only a state with "
			  "`fragment` has parameters",
		    u->state->name, u->ref->text);
	}
}
