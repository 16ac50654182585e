/*
 * JSON text to values.  jansson parses and checks; its tree is turned into
 * ours at once and freed.  jansson itself allows 2048 levels, so the limit
 * is ours, and it refuses integers over 64 bits, which are read again as
 * reals.
 */
#include "text/json.h"

#include <jansson.h> /* after ours: it has a macro JSON_COMPACT of its own */
#include <limits.h>
#include <string.h>

#include "base/auto.h"
#include "base/sv.h"

enum { MAX_DEPTH = 64 };

struct reader {
	struct arena *mem;
	enum origin origin;
	struct err *err;
};

static struct val *convert(const struct reader *, json_t *, int depth);

static struct val *
convert_map(const struct reader *rd, json_t *j, int depth)
{
	struct val *map = val_map(rd->mem);

	for (void *it = json_object_iter(j); it;
	     it = json_object_iter_next(j, it)) {
		const char *key = json_object_iter_key(it);
		struct val *v =
		    convert(rd, json_object_iter_value(it), depth + 1);

		if (!v)
			return NULL;
		val_add(rd->mem, map,
		    (struct member) { arena_strdup(rd->mem, key), v, v->at });
	}
	return map;
}

static struct val *
convert_list(const struct reader *rd, json_t *j, int depth)
{
	struct val *list = val_list(rd->mem);

	for (size_t i = 0; i < json_array_size(j); i++) {
		struct val *v = convert(rd, json_array_get(j, i), depth + 1);

		if (!v)
			return NULL;
		val_push(rd->mem, list, v);
	}
	return list;
}

static struct val *
convert_plain(struct arena *a, const json_t *j)
{
	switch (json_typeof(j)) {
	case JSON_TRUE:
	case JSON_FALSE:
		return val_bool(a, json_is_true(j));
	case JSON_INTEGER:
		return val_int(a, json_integer_value(j));
	case JSON_REAL:
		return val_real(a, json_real_value(j));
	case JSON_STRING:
		return val_bytes(
		    a, json_string_value(j), json_string_length(j));
	default:
		return val_null(a);
	}
}

static struct val *
convert(const struct reader *rd, json_t *j, int depth)
{
	struct val *v;

	if (depth > MAX_DEPTH && (json_is_object(j) || json_is_array(j))) {
		err_set(rd->err, ERR_INPUT,
		    "not usable as JSON: over %d levels deep", MAX_DEPTH);
		return NULL;
	}
	if (json_is_object(j))
		v = convert_map(rd, j, depth);
	else if (json_is_array(j))
		v = convert_list(rd, j, depth);
	else
		v = convert_plain(rd->mem, j);
	if (v)
		v->origin = (unsigned char)rd->origin;
	return v;
}

static bool
is_of_number(char c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
	    c == 'e' || c == 'E';
}

static bool
is_too_big(struct sv t)
{
	long long n;
	size_t digits = t.n - (t.n && t.p[0] == '-');

	return digits > 18 && !memchr(t.p, '.', t.n) &&
	    !memchr(t.p, 'e', t.n) && !memchr(t.p, 'E', t.n) &&
	    !sv_to_long(t, LLONG_MIN, LLONG_MAX, &n);
}

/* The same document with quotes around its integers over 64 bits. */
static void
quote_big(struct str *out, const char *p, size_t n)
{
	bool inside = false;
	size_t i = 0, k;

	while (i < n) {
		bool big;

		for (k = i; !inside && k < n && is_of_number(p[k]); k++)
			;
		big = k > i && is_too_big(sv_make(p + i, k - i));
		if (k == i) {
			k += inside && p[i] == '\\' && i + 1 < n ? 2 : 1;
			inside ^= p[i] == '"';
		}
		str_adds(out, big ? "\"" : "");
		str_add(out, p + i, k - i);
		str_adds(out, big ? "\"" : "");
		i = k;
	}
}

const struct val *
json_read(struct arena *a, const char *text, size_t len, enum origin origin,
    struct err *e)
{
	size_t flags =
	    JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
	struct reader rd = { a, origin, e };
	json_error_t why;
	struct val *v;
	json_t *j = json_loadb(text, len, flags, &why);

	if (!j && json_error_code(&why) == json_error_numeric_overflow) {
		auto_str quoted = STR_INIT;

		quote_big(&quoted, text, len);
		j = json_loadb(quoted.buf, quoted.len, flags, &why);
	}
	if (!j) {
		err_set(e, ERR_INPUT, "not JSON: line %d, column %d: %s",
		    why.line, why.column, why.text);
		return NULL;
	}
	v = convert(&rd, j, 1);
	json_decref(j);
	return v;
}
