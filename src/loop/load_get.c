/*
 * Members of a mapping by kind, for the readers of the loader.  A member of
 * another kind is passed over: load_keys() has told its fault.
 */
#include "loop/load_part.h"

#include <math.h>

#include "base/size.h"

const struct val *
load_get(const struct val *map, const char *key)
{
	const struct val *v = map ? val_get(map, key) : NULL;

	return v && v->kind != VAL_NULL ? v : NULL;
}

const struct val *
load_kind(const struct val *map, const char *key, enum val_kind kind)
{
	const struct val *v = load_get(map, key);

	return v && v->kind == kind ? v : NULL;
}

const char *
load_text(const struct val *map, const char *key)
{
	const struct val *v = load_kind(map, key, VAL_TEXT);

	return v ? v->t.p : NULL;
}

bool
load_true(const struct val *map, const char *key)
{
	const struct val *v = load_kind(map, key, VAL_BOOL);

	return v && v->b;
}

long long
load_int(const struct val *map, const char *key, long long otherwise)
{
	const struct val *v = load_kind(map, key, VAL_INT);

	return v ? v->i : otherwise;
}

bool
load_real(const struct val *map, const char *key, double *out)
{
	const struct val *v = load_get(map, key);

	if (!v || (v->kind != VAL_INT && v->kind != VAL_REAL))
		return false;
	*out = v->kind == VAL_INT ? (double)v->i : v->r;
	return true;
}

long long
load_ms(const struct val *map, const char *key, long long otherwise)
{
	double s;

	/* Beyond the range of the tables nothing is loaded anyway. */
	if (!load_real(map, key, &s) || !(s >= 0 && s <= 1e9))
		return otherwise;
	return (long long)(s * 1000 + 0.5);
}

long long
load_size(const struct val *map, const char *key, long long otherwise)
{
	const struct val *v = load_kind(map, key, VAL_TEXT);
	long long n;

	return v && size_parse(v->t, &n) ? n : load_int(map, key, otherwise);
}

struct place
load_at(const struct val *map, const char *key)
{
	const struct member *m = val_member(map, key);

	return m ? m->at : map->at;
}

struct tmpl *
load_tmpl_item(struct loader *l, const struct val *map, const char *key,
    const char *path, const char *item)
{
	const struct val *v = load_kind(map, key, VAL_TEXT);

	return v ? tmpl_compile_item(l->mem, v, path, item, l->diags) : NULL;
}

struct tmpl *
load_tmpl(
    struct loader *l, const struct val *map, const char *key, const char *path)
{
	return load_tmpl_item(l, map, key, path, NULL);
}
