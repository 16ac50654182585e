/*
 * A record of the journal is at most 128 KiB, a context may be more: one
 * argument alone may have 128 KiB.  Long values move to files of their own.
 */
#include "engine/context.h"

#include "base/auto.h"
#include "loop/inputs.h"
#include "text/json.h"

enum {
	CONTEXT_MAX = 64 * 1024, /* in the record, as JSON */
	VALUE_MAX = 1024,        /* of one value, once it is too long */
};

static size_t
json_len(const struct val *v)
{
	auto_str text = STR_INIT;

	json_write(&text, v, JSON_COMPACT);
	return text.len;
}

/* Move one value to a file; its row in `files` says where. */
static int
move(struct arena *a, const struct vault *vault, const struct member *m,
    struct val *files, struct err *e)
{
	struct val *row = val_map(a);
	auto_str text = STR_INIT;
	struct kept kept;
	struct sv bytes;

	if (m->v->kind != VAL_TEXT)
		json_write(&text, m->v, JSON_COMPACT);
	bytes = m->v->kind == VAL_TEXT ? m->v->t : str_sv(&text);
	if (vault->keep(vault->self, m->key, bytes, a, &kept, e) < 0)
		return -1;
	val_set(a, row, "file", val_text(a, kept.file));
	val_set(a, row, "bytes", val_int(a, kept.bytes));
	val_set(a, row, "sum", val_text(a, kept.sum));
	val_set(a, row, "origin", val_text(a, origin_name(val_origin(m->v))));
	if (m->v->kind != VAL_TEXT)
		val_set(a, row, "json", val_bool(a, true));
	val_set(a, files, m->key, row);
	return 0;
}

static int
split(struct arena *a, const struct vault *vault, const struct val *context,
    struct val *fields, struct err *e)
{
	struct val *files = val_map(a), *rest = val_map(a);

	for (size_t i = 0; i < context->map.len; i++) {
		const struct member *m = &context->map.at[i];

		if (json_len(m->v) <= VALUE_MAX)
			val_set(a, rest, m->key, m->v);
		else if (move(a, vault, m, files, e) < 0)
			return -1;
	}
	if (json_len(rest) > CONTEXT_MAX)
		return err_set(e, ERR_INPUT,
		    "the context has too many values (over %d KiB of them)",
		    CONTEXT_MAX / 1024);
	val_set(a, fields, "context", rest);
	val_set(a, fields, "origins", inputs_origins(a, rest));
	val_set(a, fields, "context_files", files);
	return 0;
}

const struct val *
context_short(
    struct arena *a, const struct val *context, const struct val **left)
{
	struct val *rows = val_map(a), *rest = val_map(a);

	*left = NULL;
	if (json_len(context) <= CONTEXT_MAX)
		return context;
	for (size_t i = 0; i < context->map.len; i++) {
		const struct member *m = &context->map.at[i];
		size_t n = json_len(m->v);
		struct val *row;

		if (n <= VALUE_MAX) {
			val_set(a, rest, m->key, m->v);
			continue;
		}
		row = val_map(a);
		val_set(a, row, "bytes",
		    val_int(a,
			(long long)(m->v->kind == VAL_TEXT ? m->v->t.n : n)));
		val_set(a, row, "origin",
		    val_text(a, origin_name(val_origin(m->v))));
		val_set(a, rows, m->key, row);
	}
	*left = rows;
	return rest;
}

int
context_put(struct arena *a, const struct vault *vault,
    const struct val *context, struct val *fields, struct err *e)
{
	if (json_len(context) > CONTEXT_MAX)
		return split(a, vault, context, fields, e);
	val_set(a, fields, "context", context);
	val_set(a, fields, "origins", inputs_origins(a, context));
	return 0;
}
