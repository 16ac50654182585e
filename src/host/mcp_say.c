/*
 * Messages of the protocol, both ways.  Nothing here waits or reads: a value
 * in, text out, or the other way round.
 */
#include "host/mcp_part.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "text/json.h"

enum { TEXT_MAX = 500 };

/* The newest first: that one is offered. */
static const char *const versions[] = { "2025-11-25", "2025-06-18",
	"2025-03-26", "2024-11-05", "2024-10-07" };

const char *
mcp_version(void)
{
	return versions[0];
}

bool
mcp_version_known(const char *v)
{
	for (size_t i = 0; i < COUNT(versions); i++)
		if (strcmp(versions[i], v) == 0)
			return true;
	return false;
}

static struct val *
message(struct arena *a)
{
	struct val *m = val_map(a);

	val_set(a, m, "jsonrpc", val_text(a, "2.0"));
	return m;
}

static void
put(struct str *out, const struct val *m)
{
	json_write(out, m, JSON_COMPACT);
	str_addc(out, '\n');
}

void
mcp_say_request(struct str *out, long long id, const char *method,
    const struct val *params, struct arena *a)
{
	struct val *m = message(a);

	val_set(a, m, "id", val_int(a, id));
	val_set(a, m, "method", val_text(a, method));
	val_set(a, m, "params", params);
	put(out, m);
}

void
mcp_say_notice(struct str *out, const char *method, const struct val *params,
    struct arena *a)
{
	struct val *m = message(a);

	val_set(a, m, "method", val_text(a, method));
	val_set(a, m, "params", params);
	put(out, m);
}

void
mcp_say_reply(
    struct str *out, const char *method, const struct val *id, struct arena *a)
{
	struct val *m = message(a), *why;

	val_set(a, m, "id", id);
	if (strcmp(method, "ping") == 0) {
		val_set(a, m, "result", val_map(a));
	} else {
		why = val_map(a);
		val_set(a, why, "code", val_int(a, MCP_NO_METHOD));
		val_set(a, why, "message", val_text(a, "Method not found"));
		val_set(a, m, "error", why);
	}
	put(out, m);
}

/* An error is a map; who sends something else meant its message. */
static const struct val *
error_of(const struct val *v, struct arena *a)
{
	struct val *m;

	if (v->kind == VAL_MAP)
		return v;
	m = val_map(a);
	val_set(a, m, "message", v);
	return m;
}

/* Is it the answer to ours?  Who could not read our question says null. */
static bool
answers(const struct val *id, const struct val *error, long long waits)
{
	if (id->kind == VAL_INT)
		return id->i == waits;
	return id->kind == VAL_NULL && error;
}

void
mcp_hear(const struct val *v, long long waits, struct arena *a,
    struct mcp_message *out)
{
	const struct val *id = val_get(v, "id"), *result, *error;
	const char *method = val_str(v, "method", NULL);

	*out = (struct mcp_message) { .method = method, .id = id };
	if (!id)
		return;
	if (method) {
		out->kind = id->kind == VAL_NULL ? MCP_NOISE : MCP_REQUEST;
		return;
	}
	result = val_get(v, "result");
	error = val_get(v, "error");
	if (error && error->kind == VAL_NULL)
		error = NULL;
	if (!answers(id, error, waits))
		return;
	out->kind = MCP_RESPONSE;
	if (error) {
		out->error = error_of(error, a);
	} else if (result && result->kind == VAL_MAP) {
		out->result = result;
	} else {
		out->error = error_of(
		    val_text(a, "the answer has no object as its result"), a);
	}
}

static const char *
shortened(struct sv text, struct arena *a)
{
	auto_str fit = STR_INIT;

	utf8_show_line(&fit, text.p, utf8_floor(text.p, text.n, TEXT_MAX));
	return arena_printf(a, "%s%s", fit.buf, text.n > TEXT_MAX ? "..." : "");
}

const char *
mcp_error_text(const struct val *error, struct arena *a)
{
	const struct val *code = val_get(error, "code");
	const struct val *text = val_get(error, "message");
	const char *words = text && text->kind == VAL_TEXT
	    ? shortened(text->t, a)
	    : "without a message";

	if (code && code->kind == VAL_INT)
		return arena_printf(a, "error %lld: %s", code->i, words);
	return arena_printf(a, "error: %s", words);
}

const char *
mcp_result_text(const struct val *result, struct arena *a)
{
	const struct val *list = val_get(result, "content");

	for (size_t i = 0; list && list->kind == VAL_LIST && i < list->list.len;
	     i++) {
		const struct val *text = val_get(list->list.at[i], "text");

		if (text && text->kind == VAL_TEXT)
			return shortened(sv_trim(text->t), a);
	}
	return NULL;
}

bool
mcp_is_error(const struct val *result)
{
	const struct val *v = val_get(result, "isError");

	return v && v->kind == VAL_BOOL && v->b;
}
