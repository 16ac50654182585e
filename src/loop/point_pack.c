/*
 * Copies that stay: what a point keeps for the rest of a run has no spare
 * room, and the values and names that every record has are not copied.
 */
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "loop/point_fold.h"

const struct val point_null = { .kind = VAL_NULL };
static const struct val zero = { .kind = VAL_INT };
static const struct val empty = { .kind = VAL_TEXT, .t = { "", 0 } };

static const char *const streams[] = { "output", "stderr" };

static const char *
pack_key(struct arena *a, const char *key)
{
	static const char *const known[] = { "output", "stderr", "exit_code",
		"duration_ms", "timeout_kind", "failure_type", "verdict",
		"index", "status", "terminated_by", "error", "kind" };

	for (size_t i = 0; i < COUNT(known); i++)
		if (strcmp(known[i], key) == 0)
			return known[i];
	return arena_strdup(a, key);
}

/* A long text that is also in a record whose seq is known. */
static bool
is_far(const struct val *map, const struct member *m)
{
	char key[32];

	if (m->v->kind != VAL_TEXT || m->v->t.n <= POINT_TEXT_MAX)
		return false;
	for (size_t i = 0; i < COUNT(streams); i++) {
		snprintf(key, sizeof(key), "%s_at", streams[i]);
		if (strcmp(streams[i], m->key) == 0)
			return val_num(map, key, -1) >= 0;
	}
	return false;
}

static const struct val *
copy_of(struct arena *a, const struct val *v, bool light)
{
	struct val *out;

	if (v->kind == VAL_NULL)
		return &point_null;
	if (v->kind == VAL_INT && v->i == 0)
		return &zero;
	if (v->kind == VAL_TEXT && v->t.n == 0)
		return &empty;
	out = arena_new(a, sizeof(*out));
	*out = *v;
	if (v->kind == VAL_TEXT)
		out->t.p = arena_dup(a, v->t.p, v->t.n);
	if (v->kind == VAL_LIST) {
		out->list.at =
		    arena_new(a, v->list.len * sizeof(*out->list.at));
		for (size_t i = 0; i < v->list.len; i++)
			out->list.at[i] = copy_of(a, v->list.at[i], light);
	}
	if (v->kind == VAL_MAP) {
		out->map.len = 0;
		out->map.at = arena_new(a, v->map.len * sizeof(*out->map.at));
		for (size_t i = 0; i < v->map.len; i++) {
			const struct member *m = &v->map.at[i];

			if (light && is_far(v, m))
				continue;
			out->map.at[out->map.len++] = (struct member) {
				.key = pack_key(a, m->key),
				.v = copy_of(a, m->v, light),
				.at = m->at,
			};
		}
	}
	return out;
}

const struct val *
point_pack(struct arena *a, const struct val *v)
{
	return v ? copy_of(a, v, false) : NULL;
}

const struct val *
point_light(struct arena *a, const struct val *v)
{
	return v ? copy_of(a, v, true) : NULL;
}
