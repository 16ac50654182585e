/*
 * `secrets` protects nothing when a name is wrong, and little when the value
 * stands in the file: both are told before anything runs.
 */
#include "loop/check_secret.h"

#include <string.h>

/* Upper case, digits, underscores: as environment variables are named. */
static bool
is_environment_name(struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool digit = c >= '0' && c <= '9';

		if (!(c >= 'A' && c <= 'Z') && c != '_' && !(digit && i))
			return false;
	}
	return s.n > 0;
}

static bool
is_in_list(const struct val *list, const char *name)
{
	for (size_t i = 0; list && i < list->list.len; i++)
		if (list->list.at[i]->kind == VAL_TEXT &&
		    strcmp(list->list.at[i]->t.p, name) == 0)
			return true;
	return false;
}

/* Does a reference name it, in the context or the environment? */
static bool
is_used(const struct checkup *c, const char *name)
{
	for (size_t i = 0; i < c->nuses; i++) {
		const struct ref *r = c->use[i].ref;

		if (r->nseg && (r->ns == NS_CONTEXT || r->ns == NS_ENV) &&
		    sv_eq(r->seg[0], name))
			return true;
	}
	return false;
}

static bool
is_known(const struct checkup *c, const char *name)
{
	const struct loop *l = c->loop;

	return val_get(l->context, name) ||
	    val_get(val_get(l->src, "parameters"), name) ||
	    (l->input_key && strcmp(l->input_key, name) == 0) ||
	    is_in_list(l->required_inputs, name) || is_used(c, name);
}

void
secret_unknown(struct checkup *c)
{
	const struct val *list = c->loop->secrets;

	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *name = list->list.at[i];

		if (name->kind != VAL_TEXT || is_environment_name(name->t) ||
		    is_known(c, name->t.p))
			continue;
		diag_add(c->diags, name->at, "W521", "secrets",
		    "secret '%s' is no context key of this loop and not "
		    "written like the name of an environment variable: it "
		    "hides nothing",
		    name->t.p);
	}
}

/* Is there a text or number in it that somebody could read? */
static bool
holds_text(const struct val *v)
{
	for (size_t i = 0; v->kind == VAL_LIST && i < v->list.len; i++)
		if (holds_text(v->list.at[i]))
			return true;
	for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++)
		if (holds_text(v->map.at[i].v))
			return true;
	return v->kind == VAL_INT || v->kind == VAL_REAL ||
	    (v->kind == VAL_TEXT && v->t.n);
}

void
secret_written(struct checkup *c)
{
	const struct val *list = c->loop->secrets;

	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *name = list->list.at[i], *v;

		if (name->kind != VAL_TEXT)
			continue;
		v = val_get(c->loop->context, name->t.p);
		if (!v || !holds_text(v))
			continue;
		diag_add(c->diags, v->at, "W522", "context",
		    "the value of the secret '%s' is written here: whoever "
		    "has the file has it, and so has every run, which keeps a "
		    "copy of the file (give it with --context or in the "
		    "environment)",
		    name->t.p);
	}
}
