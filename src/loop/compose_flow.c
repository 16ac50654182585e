/*
 * `flow`: states in a row.  `NAME` goes on to the next entry, `NAME?YES:NO`
 * branches, the last entry is terminal; `state_defs`, and `states` of the
 * same name, are laid over that (spec/loopfile.md 7.5).
 */
#include <string.h>

#include "loop/compose_part.h"

/* One entry, cut up. */
struct entry {
	struct sv name, yes, no;
	bool branches;
};

static bool
cut_entry(struct compose *c, const struct val *v, size_t i, struct entry *out)
{
	struct sv rest, both;

	if (v->kind != VAL_TEXT) {
		compose_wrong(c, v, compose_text(c, "flow[%zu]", i), "text");
		return false;
	}
	rest = v->t;
	*out = (struct entry) { 0 };
	sv_cut(&rest, '?', &out->name);
	out->branches = out->name.n < v->t.n;
	out->name = sv_trim(out->name);
	both = rest;
	if (out->branches) {
		sv_cut(&both, ':', &out->yes);
		out->yes = sv_trim(out->yes);
		out->no = sv_trim(both);
	}
	if (out->name.n && (!out->branches || (out->yes.n && out->no.n)))
		return true;
	diag_add(c->diags, v->at, "E134", compose_text(c, "flow[%zu]", i),
	    "'%.60s' is no entry of a flow: NAME, or NAME?YES:NO", v->t.p);
	return false;
}

static void
set(struct compose *c, struct val *map, const char *key, struct val *v,
    struct place at)
{
	struct member m = { arena_strdup(c->mem, key), v, at };

	v->at = at;
	merge_add(&c->merge, map, &m);
}

static struct val *
text(struct compose *c, struct sv t)
{
	return val_bytes(c->mem, t.p, t.n);
}

/* The state that an entry means by itself; `next` NULL: it is the last. */
static struct val *
skeleton(struct compose *c, const struct entry *e, const struct val *v,
    const struct entry *next)
{
	struct val *s = val_map(c->mem);

	s->at = v->at;
	if (e->branches) {
		set(c, s, "on_yes", text(c, e->yes), v->at);
		set(c, s, "on_no", text(c, e->no), v->at);
	} else if (next) {
		set(c, s, "next", text(c, next->name), v->at);
	}
	if (!next)
		set(c, s, "terminal", val_bool(c->mem, true), v->at);
	return s;
}

static const struct val *
row_of(struct compose *c, const struct val *flow)
{
	struct val *states = val_map(c->mem);
	struct entry *all =
	    arena_new(c->mem, (flow->list.len + 1) * sizeof(*all));

	states->at = flow->at;
	for (size_t i = 0; i < flow->list.len; i++)
		if (!cut_entry(c, flow->list.at[i], i, &all[i]))
			return states;
	for (size_t i = 0; i < flow->list.len; i++) {
		const struct val *v = flow->list.at[i];
		char *name = arena_dup(c->mem, all[i].name.p, all[i].name.n);

		if (val_member(states, name))
			diag_add(c->diags, v->at, "E134",
			    compose_text(c, "flow[%zu]", i),
			    "state '%s' is in the flow twice", name);
		else
			set(c, states, name,
			    skeleton(c, &all[i], v,
				i + 1 < flow->list.len ? &all[i + 1] : NULL),
			    v->at);
	}
	return states;
}

/* What state_defs says about states that are not there. */
static const struct val *
known_defs(struct compose *c, const struct val *row, const struct val *defs,
    const struct val *states)
{
	struct val *out = val_map(c->mem);

	out->at = defs->at;
	for (size_t i = 0; i < defs->map.len; i++) {
		const struct member *m = &defs->map.at[i];

		if (val_member(row, m->key) ||
		    (states && val_member(states, m->key)))
			merge_add(&c->merge, out, m);
		else if (m->v->kind != VAL_NULL)
			diag_add(c->diags, m->at, "W131",
			    compose_text(c, "state_defs.%s", m->key),
			    "'%s' is not in the flow, so this counts for "
			    "nothing",
			    m->key);
	}
	return out;
}

static const struct val *
kind_or_wrong(struct compose *c, const struct val *root, const char *key,
    enum val_kind kind, const char *must)
{
	const struct val *v = val_get(root, key);

	if (!v || v->kind == VAL_NULL || v->kind == kind)
		return v && v->kind == kind ? v : NULL;
	compose_wrong(c, v, key, must);
	return NULL;
}

const struct val *
compose_flow(struct compose *c, const struct val *root)
{
	static const char *const own[] = { "flow", "state_defs", NULL };
	const struct val *flow =
	    kind_or_wrong(c, root, "flow", VAL_LIST, "a list");
	const struct val *defs =
	    kind_or_wrong(c, root, "state_defs", VAL_MAP, "a mapping");
	const struct val *states = val_get(root, "states");
	const struct val *row;
	struct val *over = val_map(c->mem);

	if (states && states->kind != VAL_MAP)
		states = NULL;
	if (!flow)
		return merge_without(&c->merge, root, own);
	if (!flow->list.len)
		diag_add(
		    c->diags, flow->at, "E134", "flow", "the flow is empty");
	if (states && !strcmp(states->at.file, flow->at.file))
		diag_add(c->diags, states->at, "E135", "states",
		    "'flow' and 'states' in one file: what a flow's states do "
		    "stands in 'state_defs'");
	row = row_of(c, flow);
	if (defs)
		row = merge_maps(
		    &c->merge, row, known_defs(c, row, defs, states));
	if (states)
		row = merge_maps(&c->merge, row, states);
	over->at = root->at;
	val_set(c->mem, over, "states", row);
	return merge_maps(&c->merge,
	    merge_without(&c->merge, root,
		(const char *const[]) { "flow", "state_defs", "states", NULL }),
	    over);
}
