/*
 * The value tree: makers, lookups, copies, places.  Lists and maps grow by
 * doubling inside the arena, so that their room follows from their length
 * and a node needs no field for it.  How a value is said is text/render.
 */
#include "text/val.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"

static struct val *
node(struct arena *a, enum val_kind kind)
{
	struct val *v = arena_new(a, sizeof(*v));

	v->kind = (unsigned char)kind;
	return v;
}

struct val *
val_null(struct arena *a)
{
	return node(a, VAL_NULL);
}

struct val *
val_bool(struct arena *a, bool b)
{
	struct val *v = node(a, VAL_BOOL);

	v->b = b;
	return v;
}

struct val *
val_int(struct arena *a, long long i)
{
	struct val *v = node(a, VAL_INT);

	v->i = i;
	return v;
}

struct val *
val_real(struct arena *a, double r)
{
	struct val *v = node(a, VAL_REAL);

	v->r = r;
	return v;
}

struct val *
val_bytes(struct arena *a, const void *p, size_t n)
{
	struct val *v = node(a, VAL_TEXT);

	v->t = sv_make(arena_dup(a, p, n), n);
	return v;
}

struct val *
val_text(struct arena *a, const char *s)
{
	return val_bytes(a, s, strlen(s));
}

struct val *
val_list(struct arena *a)
{
	return node(a, VAL_LIST);
}

struct val *
val_map(struct arena *a)
{
	return node(a, VAL_MAP);
}

/* The array with room for one more: it is full at 0, 4, 8, 16, ... */
static void *
grown(struct arena *a, void *old, size_t len, size_t size)
{
	void *more;

	if (len && (len < 4 || (len & (len - 1))))
		return old;
	more = arena_new(a, (len ? len * 2 : 4) * size);
	if (len)
		memcpy(more, old, len * size);
	return more;
}

void
val_push(struct arena *a, struct val *list, const struct val *v)
{
	list->list.at =
	    grown(a, list->list.at, list->list.len, sizeof(const struct val *));
	list->list.at[list->list.len++] = v;
}

void
val_add(struct arena *a, struct val *map, struct member m)
{
	map->map.at =
	    grown(a, map->map.at, map->map.len, sizeof(struct member));
	map->map.at[map->map.len++] = m;
}

static struct member *
find(const struct val *map, struct sv key)
{
	if (!map || map->kind != VAL_MAP)
		return NULL;
	for (size_t i = 0; i < map->map.len; i++)
		if (sv_eq(key, map->map.at[i].key))
			return &map->map.at[i];
	return NULL;
}

void
val_set(struct arena *a, struct val *map, const char *key, const struct val *v)
{
	struct member *old = find(map, sv(key));

	if (!v)
		return;
	if (old)
		old->v = v;
	else
		val_add(
		    a, map, (struct member) { arena_strdup(a, key), v, v->at });
}

const struct member *
val_member(const struct val *map, const char *key)
{
	return find(map, sv(key));
}

const struct val *
val_get(const struct val *map, const char *key)
{
	const struct member *m = val_member(map, key);

	return m ? m->v : NULL;
}

const struct val *
val_step(const struct val *v, struct sv seg)
{
	const struct member *m = find(v, seg);
	long long i;

	if (m)
		return m->v;
	if (!v || v->kind != VAL_LIST || v->list.len == 0)
		return NULL;
	if (seg.n > 1 && seg.p[0] == '0')
		return NULL;
	if (!sv_to_long(seg, 0, (long long)v->list.len - 1, &i))
		return NULL;
	return v->list.at[i];
}

const char *
val_str(const struct val *map, const char *key, const char *otherwise)
{
	const struct val *v = val_get(map, key);

	return v && v->kind == VAL_TEXT ? v->t.p : otherwise;
}

long long
val_num(const struct val *map, const char *key, long long otherwise)
{
	const struct val *v = val_get(map, key);

	return v && v->kind == VAL_INT ? v->i : otherwise;
}

const struct val *
val_taint(struct arena *a, const struct val *v, enum origin o)
{
	struct val *copy = node(a, v->kind);

	*copy = *v;
	copy->origin = (unsigned char)origin_worse(v->origin, o);
	switch (v->kind) {
	case VAL_TEXT:
		copy->t.p = arena_dup(a, v->t.p, v->t.n);
		break;
	case VAL_LIST:
		copy->list.len = 0;
		for (size_t i = 0; i < v->list.len; i++)
			val_push(a, copy, val_taint(a, v->list.at[i], o));
		break;
	case VAL_MAP:
		copy->map.len = 0;
		for (size_t i = 0; i < v->map.len; i++) {
			struct member m = v->map.at[i];

			m.key = arena_strdup(a, m.key);
			m.v = val_taint(a, m.v, o);
			val_add(a, copy, m);
		}
		break;
	default:
		break;
	}
	return copy;
}

const struct val *
val_copy(struct arena *a, const struct val *v)
{
	return val_taint(a, v, ORIGIN_FILE);
}

static bool
int_is_real(long long i, double r)
{
	return r >= -9223372036854775808.0 && r < 9223372036854775808.0 &&
	    (double)(long long)r == r && (long long)r == i;
}

static bool
lists_equal(const struct val *x, const struct val *y)
{
	if (x->list.len != y->list.len)
		return false;
	for (size_t i = 0; i < x->list.len; i++)
		if (!val_equal(x->list.at[i], y->list.at[i]))
			return false;
	return true;
}

static bool
maps_equal(const struct val *x, const struct val *y)
{
	if (x->map.len != y->map.len)
		return false;
	for (size_t i = 0; i < x->map.len; i++) {
		const struct val *other = val_get(y, x->map.at[i].key);

		if (!other || !val_equal(x->map.at[i].v, other))
			return false;
	}
	return true;
}

bool
val_equal(const struct val *x, const struct val *y)
{
	if (x->kind == VAL_INT && y->kind == VAL_REAL)
		return int_is_real(x->i, y->r);
	if (x->kind == VAL_REAL && y->kind == VAL_INT)
		return int_is_real(y->i, x->r);
	if (x->kind != y->kind)
		return false;
	switch (x->kind) {
	case VAL_BOOL:
		return x->b == y->b;
	case VAL_INT:
		return x->i == y->i;
	case VAL_REAL:
		return x->r == y->r;
	case VAL_TEXT:
		return x->t.n == y->t.n && memcmp(x->t.p, y->t.p, x->t.n) == 0;
	case VAL_LIST:
		return lists_equal(x, y);
	case VAL_MAP:
		return maps_equal(x, y);
	default:
		return true;
	}
}

enum origin
origin_worse(enum origin a, enum origin b)
{
	return a > b ? a : b;
}

enum origin
val_origin(const struct val *v)
{
	enum origin worst = v->origin;

	if (v->kind == VAL_LIST)
		for (size_t i = 0; i < v->list.len; i++)
			worst = origin_worse(worst, val_origin(v->list.at[i]));
	if (v->kind == VAL_MAP)
		for (size_t i = 0; i < v->map.len; i++)
			worst = origin_worse(worst, val_origin(v->map.at[i].v));
	return worst;
}

static const char *const origin_names[] = {
	[ORIGIN_FILE] = "file",
	[ORIGIN_COMMAND] = "command",
	[ORIGIN_OPERATOR] = "operator",
	[ORIGIN_DATA] = "data",
	[ORIGIN_RUNNER] = "runner",
};

const char *
origin_name(enum origin o)
{
	return origin_names[o];
}

enum origin
origin_of(const char *name)
{
	for (size_t i = 0; i < COUNT(origin_names); i++)
		if (strcmp(origin_names[i], name) == 0)
			return (enum origin)i;
	return ORIGIN_DATA;
}

const char *
val_kind_name(enum val_kind kind)
{
	static const char *const name[] = {
		[VAL_NULL] = "null",
		[VAL_BOOL] = "true or false",
		[VAL_INT] = "a whole number",
		[VAL_REAL] = "a number",
		[VAL_TEXT] = "text",
		[VAL_LIST] = "a list",
		[VAL_MAP] = "a mapping",
	};

	return name[kind];
}

struct place
val_place_at(const struct val *v, size_t off)
{
	struct place at = v->at;
	size_t line = 0;

	if (at.line == 0 || v->kind != VAL_TEXT || v->style == STYLE_FOLDED)
		return at;
	if (off > v->t.n)
		off = v->t.n;
	if (v->style == STYLE_BLOCK) {
		at.line++;
		at.col = v->indent + 1;
		for (size_t i = 0; i < off; i++) {
			if (v->t.p[i] != '\n')
				continue;
			at.line++;
			line = i + 1;
		}
	} else if (v->style == STYLE_QUOTED) {
		at.col++;
	}
	at.col += (int)utf8_count(v->t.p + line, off - line);
	return at;
}
