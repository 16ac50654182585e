/*
 * Laying mappings over each other.  Only the way down to a difference is
 * made anew; everything else is shared with the files it came from, places
 * included, so that an error still points where the fault was written.
 */
#include "loop/merge.h"

#include <string.h>

#include "base/auto.h"
#include "base/map.h"

/* Below this, looking through all members is quicker than a table. */
enum { FEW = 16 };

/* The members of a mapping by name. */
struct names {
	const struct val *map;
	struct map index; /* of the position + 1 */
};

static void
names_of(struct names *n, const struct val *map)
{
	*n = (struct names) { .map = map };
	if (map->map.len <= FEW)
		return;
	for (size_t i = 0; i < map->map.len; i++)
		map_put(&n->index, map->map.at[i].key)->count =
		    (long long)i + 1;
}

static const struct member *
named(const struct names *n, const char *key)
{
	const struct map_entry *e;

	if (n->map->map.len <= FEW)
		return val_member(n->map, key);
	e = map_get(&n->index, key);
	return e ? &n->map->map.at[e->count - 1] : NULL;
}

void
merge_add(struct merge *g, struct val *map, const struct member *m)
{
	g->over = g->over || g->made >= MERGE_MAX_MEMBERS;
	if (g->over)
		return;
	g->made++;
	val_add(g->mem, map, *m);
}

/* Where a null is a value and not a removal. */
static bool
holds_values(const char *key)
{
	static const char *const keys[] = { "context", "with", "params" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

static const struct val *merge(struct merge *, const struct val *base,
    const struct val *over, bool values);

/* What becomes of a member of the base under `o`, which is laid over it. */
static void
merge_member(struct merge *g, struct val *out, const struct member *b,
    const struct member *o, bool values)
{
	struct member m = o ? *o : *b;
	bool keeps_null = values || !strcmp(b->key, "default");

	if (o && o->v->kind == VAL_NULL && !keeps_null)
		return;
	if (o && b->v->kind == VAL_MAP && o->v->kind == VAL_MAP)
		m.v = merge(g, b->v, o->v, values || holds_values(b->key));
	merge_add(g, out, &m);
}

static const struct val *
merge(struct merge *g, const struct val *base, const struct val *over,
    bool values)
{
	struct val *out = val_map(g->mem);
	struct names in_base, in_over;

	out->at = over->at;
	names_of(&in_base, base);
	names_of(&in_over, over);
	for (size_t i = 0; i < base->map.len && !g->over; i++) {
		const struct member *b = &base->map.at[i];

		merge_member(g, out, b, named(&in_over, b->key), values);
	}
	for (size_t i = 0; i < over->map.len && !g->over; i++)
		if (!named(&in_base, over->map.at[i].key))
			merge_add(g, out, &over->map.at[i]);
	map_release(&in_base.index);
	map_release(&in_over.index);
	return out;
}

const struct val *
merge_maps(struct merge *g, const struct val *base, const struct val *over)
{
	return merge(g, base, over, false);
}

static const char *
real_name(const char *key)
{
	static const char *const aliases[][2] = {
		{ "on_success", "on_yes" },
		{ "on_failure", "on_no" },
	};

	for (size_t i = 0; i < COUNT(aliases); i++)
		if (!strcmp(key, aliases[i][0]))
			return aliases[i][1];
	return key;
}

const struct val *
merge_real_names(struct merge *g, const struct val *state)
{
	struct val *out = NULL;

	for (size_t i = 0; i < state->map.len; i++) {
		struct member m = state->map.at[i];
		const char *real = real_name(m.key);

		if (real == m.key || val_member(state, real))
			continue;
		if (!out) {
			out = val_map(g->mem);
			out->at = state->at;
			for (size_t k = 0; k < state->map.len; k++)
				merge_add(g, out, &state->map.at[k]);
		}
		if (!g->over)
			out->map.at[i].key = real;
	}
	return out ? out : state;
}

const struct val *
merge_without(struct merge *g, const struct val *map, const char *const *keys)
{
	struct val *out = val_map(g->mem);

	out->at = map->at;
	for (size_t i = 0; i < map->map.len && !g->over; i++) {
		bool drop = false;

		for (size_t k = 0; keys[k] && !drop; k++)
			drop = !strcmp(map->map.at[i].key, keys[k]);
		if (!drop)
			merge_add(g, out, &map->map.at[i]);
	}
	return out;
}
