/*
 * The context at start.  The order of writing is the order of precedence;
 * what the runner adds comes last and only where nobody wrote.
 */
#include "loop/inputs.h"

#include <string.h>

static const struct val *
with_origin(struct arena *a, const struct val *v, enum origin o)
{
	struct val *copy = arena_new(a, sizeof(*copy));

	*copy = *v;
	copy->origin = (unsigned char)o;
	return copy;
}

static void
set_default(
    struct arena *a, struct val *map, const char *key, const struct val *v)
{
	if (!val_get(map, key))
		val_set(a, map, key, v);
}

/* KEY=VALUE; blanks around the key are dropped, the value stays as it is. */
static int
set_pair(struct arena *a, struct val *map, const char *pair, struct err *e)
{
	struct sv rest = sv(pair), key;

	if (!strchr(pair, '='))
		return err_set(
		    e, ERR_USAGE, "--context '%s' is not KEY=VALUE", pair);
	sv_cut(&rest, '=', &key);
	key = sv_trim(key);
	if (!key.n)
		return err_set(e, ERR_USAGE, "--context '%s' has no key", pair);
	val_set(a, map, arena_dup(a, key.p, key.n),
	    with_origin(a, val_bytes(a, rest.p, rest.n), ORIGIN_OPERATOR));
	return 0;
}

const struct val *
inputs_context(struct arena *a, const struct loop *l, const struct inputs *in,
    struct err *e)
{
	struct val *map = val_map(a);

	for (size_t i = 0; i < l->context->map.len; i++)
		val_set(
		    a, map, l->context->map.at[i].key, l->context->map.at[i].v);
	if (in->input)
		val_set(a, map, l->input_key,
		    with_origin(a, val_text(a, in->input), ORIGIN_DATA));
	for (size_t i = 0; i < in->ncontext; i++)
		if (set_pair(a, map, in->context[i], e) < 0)
			return NULL;
	set_default(a, map, "run_dir",
	    with_origin(a, val_text(a, in->run_dir), ORIGIN_RUNNER));
	set_default(a, map, "max_steps", val_int(a, in->max_steps));
	if (in->max_iterations >= 0)
		set_default(
		    a, map, "max_iterations", val_int(a, in->max_iterations));
	set_default(a, map, "readiness_threshold", val_int(a, 85));
	set_default(a, map, "outcome_threshold", val_int(a, 65));
	set_default(a, map, "design_tokens_context", val_text(a, ""));
	return map;
}

const struct val *
inputs_origins(struct arena *a, const struct val *context)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < context->map.len; i++) {
		enum origin o = val_origin(context->map.at[i].v);

		if (o != ORIGIN_FILE)
			val_set(a, out, context->map.at[i].key,
			    val_text(a, origin_name(o)));
	}
	return out;
}
