/*
 * What a tool said: the exit status of `mcp-call`, or of a program that does
 * as it does, and the result on its stdout.
 */
#include "engine/judge.h"

#include "base/auto.h"
#include "base/utf8.h"
#include "host/mcp.h"
#include "text/json.h"

enum { WHY_MAX = 500 };

static const char *
shortened(struct arena *a, struct sv text)
{
	auto_str fit = STR_INIT;

	text = sv_trim(text);
	utf8_repair(&fit, text.p, utf8_floor(text.p, text.n, WHY_MAX));
	return arena_dup(a, fit.buf, fit.len);
}

/* Its error's message, or the first text among what it holds. */
static const char *
reason(struct arena *a, const struct val *envelope)
{
	const struct val *error = val_get(envelope, "error");
	const struct val *list = val_get(envelope, "content");
	const struct val *text = val_get(error, "message");

	for (size_t i = 0;
	     !text && list && list->kind == VAL_LIST && i < list->list.len; i++)
		text = val_get(list->list.at[i], "text");
	return text && text->kind == VAL_TEXT ? shortened(a, text->t) : NULL;
}

static struct judged
bad(const struct judge_in *in, struct val *d, const char *verdict,
    const char *why)
{
	if (why)
		val_set(in->mem, d, "error", val_text(in->mem, why));
	return judged_word(verdict, d);
}

static struct judged
by_envelope(
    const struct judge_in *in, struct val *d, const struct val *envelope)
{
	const struct val *said = val_get(envelope, "isError");
	bool failed =
	    said && said->kind == VAL_BOOL ? said->b : in->exit_code != 0;
	const char *why = failed ? reason(in->mem, envelope) : NULL;

	val_set(in->mem, d, "envelope", envelope);
	if (!failed)
		return judged_word("success", d);
	return bad(in, d, "tool_error",
	    why ? why
		: arena_printf(
		      in->mem, "the tool ended with %lld", in->exit_code));
}

struct judged
judge_mcp(const struct judge_in *in, struct sv text)
{
	struct val *d = val_map(in->mem);
	const struct val *envelope;
	struct err e = ERR_INIT;

	val_set(in->mem, d, "exit_code", val_int(in->mem, in->exit_code));
	text = sv_trim(text);
	envelope = text.n ? json_read(in->mem, text.p, text.n, ORIGIN_DATA, &e)
			  : val_map(in->mem);
	if (in->exit_code == MCP_TIMEOUT)
		return bad(in, d, "timeout",
		    envelope ? reason(in->mem, envelope) : NULL);
	if (in->exit_code == MCP_NOT_FOUND)
		return bad(in, d, "not_found",
		    envelope ? reason(in->mem, envelope) : NULL);
	if (!envelope)
		return bad(in, d, "tool_error",
		    arena_printf(in->mem, "the output: %s", e.msg));
	if (envelope->kind != VAL_MAP)
		return bad(
		    in, d, "tool_error", "the output is JSON, but no object");
	return by_envelope(in, d, envelope);
}
