/*
 * JSON text to values.  jansson parses and checks; its tree is turned into
 * ours at once and freed.  jansson itself allows 2048 levels, so the limit
 * is ours, and it refuses integers over 64 bits, which are read again as
 * reals.
 */
#include "text/json.h"

#include <jansson.h> /* after ours: it has a macro JSON_COMPACT of its own */
#include <string.h>

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

	if (!j && json_error_code(&why) == json_error_numeric_overflow)
		j = json_loadb(
		    text, len, flags | JSON_DECODE_INT_AS_REAL, &why);
	if (!j) {
		err_set(e, ERR_INPUT, "not JSON: line %d, column %d: %s",
		    why.line, why.column, why.text);
		return NULL;
	}
	v = convert(&rd, j, 1);
	json_decref(j);
	return v;
}
