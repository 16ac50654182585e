/*
 * The inputs of a run that runs again are those of the first, so nothing may
 * be given but what nobody has kept: the values of its secrets, all of them.
 * What is given is trusted no more than the value it stands for.
 */
#include "cmd/opened_again.h"

#include <string.h>

#include "base/auto.h"
#include "cmd/again.h"
#include "cmd/opened_inputs.h"
#include "loop/parameters.h"
#include "text/json.h"

static const struct input_pair *
pair_of(const struct opened *in, const char *key)
{
	const struct input_pair *got = NULL;

	for (size_t i = 0; i < in->given.npairs; i++)
		if (strcmp(in->given.pair[i].key, key) == 0)
			got = &in->given.pair[i];
	return got;
}

static bool
is_withheld(const struct again *g, const char *key)
{
	for (size_t i = 0; i < g->withheld->list.len; i++)
		if (sv_eq(g->withheld->list.at[i]->t, key))
			return true;
	return false;
}

static int
check_pairs(const struct opened *in, struct err *e)
{
	const struct again *g = in->o->again;
	auto_str missing = STR_INIT;

	for (size_t i = 0; i < in->given.npairs; i++)
		if (!is_withheld(g, in->given.pair[i].key))
			return err_set(e, ERR_USAGE,
			    "--context %s: the inputs are those of '%s'; only "
			    "what it withheld can be given",
			    in->given.pair[i].key, g->run);
	for (size_t i = 0; i < g->withheld->list.len; i++) {
		const char *key = g->withheld->list.at[i]->t.p;

		if (!pair_of(in, key))
			str_addf(&missing, " --context %s=VALUE", key);
	}
	if (!missing.len)
		return 0;
	return err_set(e, ERR_INPUT,
	    "'%s' has not recorded its secrets; give them again:%s", g->run,
	    missing.buf);
}

/* What was given as the parameter has it; NULL and *e. */
static const struct val *
fit(const struct opened *in, const char *key, const struct val *v,
    struct err *e)
{
	struct arena *a = in->args->mem;
	const struct val *all = in->loop->parameters;
	const struct val *spec = all ? val_get(all, key) : NULL, *got;

	if (!spec || spec->kind != VAL_MAP)
		return v;
	got = parameters_fit(a, spec, v);
	if (!got)
		err_set(e, ERR_INPUT, "--context %s: the parameter takes %s",
		    key, parameters_wants(a, spec));
	return got;
}

/* A value in place of the masked one. */
static const struct val *
value_of(const struct opened *in, const struct input_pair *p,
    const struct val *masked, struct err *e)
{
	struct arena *a = in->args->mem;
	bool text = masked->kind != VAL_LIST && masked->kind != VAL_MAP;
	enum origin was = val_origin(masked), o;
	const struct val *v;

	o = was == ORIGIN_COMMAND ? was : origin_worse(was, ORIGIN_OPERATOR);
	v = text ? val_bytes(a, p->value.p, p->value.n)
		 : json_read(a, p->value.p, p->value.n, ORIGIN_FILE, e);
	if (v && v->kind != masked->kind && !text)
		v = NULL;
	if (!v) {
		/* The reader's message could show a part of a secret. */
		err_set(e, ERR_INPUT, "--context %s: it was %s, as JSON",
		    p->key, val_kind_name(masked->kind));
		return NULL;
	}
	v = fit(in, p->key, v, e);
	return v ? val_taint(a, v, o) : NULL;
}

int
opened_again(struct opened *in, struct err *e)
{
	const struct again *g = in->o->again;
	struct val *all = val_map(in->args->mem);

	if (opened_inputs_pairs(in, e) < 0 || check_pairs(in, e) < 0)
		return -1;
	for (size_t i = 0; i < g->context->map.len; i++) {
		const struct member *m = &g->context->map.at[i];
		const struct val *v = m->v;

		if (is_withheld(g, m->key))
			v = value_of(in, pair_of(in, m->key), v, e);
		if (!v)
			return -1;
		val_set(in->args->mem, all, m->key, v);
	}
	in->given.again = all;
	return 0;
}
