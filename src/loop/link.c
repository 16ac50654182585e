/*
 * Linking: each target is looked up among the states, and one that is not
 * there is answered with the nearest name.  A target is never a template.
 */
#include "loop/link.h"

#include <string.h>

static const char *
nearest(const struct map *states, const char *name)
{
	int near = strlen(name) < 4 ? 1 : 2;
	const char *best = NULL;

	for (size_t i = 0; i < states->len; i++) {
		int d = sv_distance(name, states->at[i].key, near);

		if (d > near)
			continue;
		best = states->at[i].key;
		near = d - 1;
	}
	return best;
}

static void
unknown(struct linker *l, const struct link_from *from, const struct val *v)
{
	const char *name = v->t.p;
	const char *near = nearest(&l->states, name);
	auto_str who = STR_INIT, hint = STR_INIT;

	if (from->state)
		str_addf(&who, "state '%s'", from->state->name);
	else
		str_addf(&who, "'%s'", from->path);
	if (!strcmp(name, "$current"))
		str_adds(&hint, " (`$current` is the state it is written in)");
	else if (strstr(name, "${"))
		str_adds(&hint, " (a target is a name, not a template)");
	else if (near)
		str_addf(&hint, " (did you mean '%s'?)", near);
	diag_add(l->diags, v->at, "E201", from->path,
	    "%s goes to '%s', which does not exist%s", who.buf, name, hint.buf);
}

void
link_target(struct linker *l, const struct link_from *from, const struct val *v,
    struct target *out)
{
	const struct map_entry *e;

	if (!v || v->kind != VAL_TEXT)
		return;
	out->name = v->t.p;
	out->at = v->at;
	out->to = NULL;
	out->current = from->state && !strcmp(out->name, "$current");
	if (out->current || (from->abort && !strcmp(out->name, "abort")))
		return;
	e = map_get(&l->states, out->name);
	if (e)
		out->to = e->value;
	else if (!l->partial)
		unknown(l, from, v);
}
