/*
 * The context of a loop that another one calls.  The order of writing is the
 * order of precedence, as in inputs.c, with which it shares everything but
 * who may give.
 */
#include "loop/calling.h"

#include <string.h>

#include "loop/inputs_part.h"
#include "loop/parameters.h"

static const char by_with[] = "'with'";
static const char by_context[] = "the caller's context";
static const char by_captures[] = "the caller's captures";

static bool
has_value(const struct val *map, const char *key)
{
	const struct val *v = val_get(map, key);

	return v && v->kind != VAL_NULL;
}

/* With `with`, what it does not bind has its default, whatever the context
 * of the loop says: so it is in the reference. */
static void
put_unbound(struct build *b, const struct val *with)
{
	const struct val *all = b->l->parameters;

	for (size_t i = 0; all && i < all->map.len; i++) {
		const struct member *m = &all->map.at[i];
		const struct val *v = val_get(m->v, "default"), *fit;

		if (!v || v->kind == VAL_NULL || has_value(with, m->key))
			continue;
		fit = parameters_fit(b->a, m->v, v);
		inputs_put(b, m->key, fit ? fit : v, inputs_by_default);
	}
}

/* In the loop's own context an empty text gives nothing. */
static bool
is_missing(const struct build *b, const struct member *m)
{
	const struct val *must = val_get(m->v, "required");
	const struct val *v = val_get(b->map, m->key);

	if (!must || must->kind != VAL_BOOL || !must->b)
		return false;
	if (!v || v->kind == VAL_NULL)
		return true;
	return v->kind == VAL_TEXT && !v->t.n &&
	    strcmp(inputs_giver(b, m->key), inputs_by_file) == 0;
}

static int
check(const struct build *b, struct err *why)
{
	const struct val *all = b->l->parameters;

	if (b->diags->len)
		return err_set(why, ERR_INPUT, "loop '%s': %s", b->l->name,
		    b->diags->at[0].msg);
	for (size_t i = 0; all && i < all->map.len; i++)
		if (is_missing(b, &all->map.at[i]))
			return err_set(why, ERR_INPUT,
			    "loop '%s' requires the parameter '%s', which is "
			    "not given: it takes %s",
			    b->l->name, all->map.at[i].key,
			    parameters_wants(b->a, all->map.at[i].v));
	return 0;
}

int
calling_context(struct arena *a, const struct loop *child,
    const struct calling *in, const struct val **context, struct err *why)
{
	struct diags d = DIAGS_INIT;
	struct build b = { .a = a,
		.l = child,
		.map = val_map(a),
		.givers = val_map(a),
		.diags = &d,
		.called = true,
		.secrets = in->secrets,
		.is_secret = in->is_secret,
		.self = in->self };
	int rc;

	inputs_put_all(&b, in->context, by_context);
	inputs_put_all(&b, in->captures, by_captures);
	inputs_put_all(&b, child->context, inputs_by_file);
	if (in->with && in->with->map.len) {
		inputs_put_all(&b, in->with, by_with);
		put_unbound(&b, in->with);
	}
	inputs_put_parameters(&b);
	inputs_put_runner(&b, in->run_dir);
	rc = check(&b, why);
	if (rc == 0)
		*context = b.map;
	diags_release(&d);
	return rc;
}

bool
calling_gives(struct sv key)
{
	return inputs_runner_key(key);
}
