/*
 * Where the files of a family write values.  A secret of one loop is a secret
 * of the run: what its caller writes under `with` too.
 */
#include "base/vec.h"
#include "cmd/secrets.h"
#include "text/form.h"

struct gather {
	struct arena *mem;
	VEC(const struct val *) all;
};

static void
add_defaults(struct gather *g, const struct loop *l)
{
	const struct val *spec = l->parameters;
	struct val *out = val_map(g->mem);

	for (size_t i = 0; spec && i < spec->map.len; i++)
		val_set(g->mem, out, spec->map.at[i].key,
		    val_get(spec->map.at[i].v, "default"));
	if (out->map.len)
		vec_push(&g->all, out);
}

/* What is a template has its value from elsewhere. */
static void
add_with(struct gather *g, const struct form *with)
{
	const struct val *src = form_src(with);
	struct val *out = val_map(g->mem);

	for (size_t i = 0; i < src->map.len; i++) {
		const struct member *m = &src->map.at[i];

		if (form_is_plain(form_get(with, m->key)))
			val_set(g->mem, out, m->key, m->v);
	}
	if (out->map.len)
		vec_push(&g->all, out);
}

static void
add_loop(struct gather *g, const struct loop *l)
{
	if (l->context)
		vec_push(&g->all, l->context);
	add_defaults(g, l);
	for (size_t i = 0; i < l->nstates; i++)
		if (l->states[i]->call.with)
			add_with(g, l->states[i]->call.with);
}

const struct val *const *
secrets_contexts(struct arena *a, const struct loop *l,
    const struct family *family, size_t *n)
{
	struct gather g = { .mem = a };
	const struct val *const *out;

	add_loop(&g, l);
	for (size_t i = 0; i < family_len(family); i++)
		add_loop(&g, family_at(family, i));
	*n = g.all.len;
	out = (const struct val *const *)arena_dup(
	    a, g.all.at, g.all.len * sizeof(*g.all.at));
	vec_release(&g.all);
	return out;
}
