/* Evaluators that read text: output_contains, output_json, classify. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "engine/judge.h"
#include "text/json.h"

enum { VERDICT_MAX = 256 };

static bool
holds(struct sv text, struct sv word)
{
	return word.n == 0 || memmem(text.p, text.n, word.p, word.n) != NULL;
}

struct judged
judge_contains(const struct judge_in *in, struct sv text)
{
	const struct evaluate *ev = in->evaluate;
	const struct val *words = ev->error_patterns;
	struct val *d = val_map(in->mem);
	struct err e = ERR_INIT;
	int found;

	found = ev->rx ? rx_search(ev->rx, text.p, text.n, &e)
		       : holds(text, ev->pattern->t);
	if (found < 0)
		return judged_error(in, "pattern: %s", e.msg);
	val_set(in->mem, d, "matched", val_bool(in->mem, found));
	val_set(in->mem, d, "pattern", ev->pattern);
	val_set(in->mem, d, "negate", val_bool(in->mem, ev->negate));
	for (size_t i = 0;
	     !found && !ev->negate && words && i < words->list.len; i++)
		if (holds(text, words->list.at[i]->t)) {
			val_set(in->mem, d, "error_pattern", words->list.at[i]);
			return judged_word("error", d);
		}
	return judged_word((found != 0) != ev->negate ? "yes" : "no", d);
}

/* One segment of a path: NAME, NAME[2], or [2][3]. */
static const struct val *
json_step(const struct val *v, struct sv seg)
{
	const char *open = seg.n ? memchr(seg.p, '[', seg.n) : NULL;
	const struct val *whole = val_step(v, seg);

	if (whole || !open)
		return whole;
	if (open > seg.p)
		v = val_step(v, sv_make(seg.p, (size_t)(open - seg.p)));
	seg = sv_make(open, seg.n - (size_t)(open - seg.p));
	while (v && seg.n) {
		const char *end = memchr(seg.p, ']', seg.n);

		if (seg.p[0] != '[' || !end)
			return NULL;
		v = val_step(v, sv_make(seg.p + 1, (size_t)(end - seg.p) - 1));
		seg = sv_make(end + 1, seg.n - (size_t)(end + 1 - seg.p));
	}
	return v;
}

static const struct val *
json_path(const struct val *v, const char *path)
{
	struct sv rest = sv(path), seg;

	if (strcmp(path, ".") == 0)
		return v;
	if (sv_starts(rest, "."))
		rest = sv_make(rest.p + 1, rest.n - 1);
	while (v && sv_cut(&rest, '.', &seg))
		v = json_step(v, seg);
	return v;
}

/* Booleans count as 0 and 1; text counts only when told so. */
static bool
as_number(const struct val *v, bool text_too, double *out)
{
	switch (v->kind) {
	case VAL_BOOL:
		*out = v->b;
		return true;
	case VAL_INT:
		*out = (double)v->i;
		return true;
	case VAL_REAL:
		*out = v->r;
		return true;
	case VAL_TEXT:
		return text_too && sv_to_real(sv_trim(v->t), out);
	default:
		return false;
	}
}

static const struct val *
json_target(const struct judge_in *in, struct err *e)
{
	const struct evaluate *ev = in->evaluate;
	auto_str text = STR_INIT;

	if (!ev->target_tmpl)
		return ev->target;
	if (tmpl_render(ev->target_tmpl, in->lookup, in->mem, &text, NULL, e) <
	    0)
		return NULL;
	return val_bytes(in->mem, text.buf, text.len);
}

struct judged
judge_json(const struct judge_in *in, struct sv text)
{
	const struct evaluate *ev = in->evaluate;
	const struct val *doc, *value, *target;
	struct val *d = val_map(in->mem);
	struct err e = ERR_INIT;
	double a, b;
	bool same;

	doc = json_read(in->mem, text.p, text.n, ORIGIN_DATA, &e);
	if (!doc)
		return judged_error(in, "the output is not JSON: %s", e.msg);
	value = json_path(doc, ev->path);
	if (!value)
		return judged_error(in, "nothing at '%s'", ev->path);
	target = json_target(in, &e);
	if (!target)
		return judged_error(in, "target: %s", e.msg);
	val_set(in->mem, d, "value", value);
	val_set(in->mem, d, "path", val_text(in->mem, ev->path));
	val_set(in->mem, d, "target", target);
	val_set(
	    in->mem, d, "operator", val_text(in->mem, operator_name(ev->op)));
	if (as_number(value, false, &a) &&
	    as_number(target, value->kind != VAL_BOOL, &b))
		return judged_word(
		    operator_holds(ev->op, a, b) ? "yes" : "no", d);
	if (ev->op != OP_EQ && ev->op != OP_NE)
		return judged_error(in, "%s needs numbers on both sides",
		    operator_name(ev->op));
	same = val_equal(value, target);
	return judged_word(same == (ev->op == OP_EQ) ? "yes" : "no", d);
}

/* The n-th line that is not blank, from the end when n is negative. */
static bool
pick_line(struct sv text, long long n, struct sv *out)
{
	struct sv rest = text, line;
	long long count = 0, want = n;

	if (n < 0) {
		while (sv_cut(&rest, '\n', &line))
			count += sv_trim(line).n > 0;
		want = count + n;
	}
	rest = text;
	for (long long i = 0; want >= 0 && sv_cut(&rest, '\n', &line);) {
		if (sv_trim(line).n == 0)
			continue;
		if (i++ == want) {
			*out = sv_trim(line);
			return true;
		}
	}
	return false;
}

struct judged
judge_classify(const struct judge_in *in, struct sv text)
{
	const struct evaluate *ev = in->evaluate;
	long long n = ev->line == LINE_FIRST ? 0
	    : ev->line == LINE_INDEX         ? ev->line_index
					     : -1;
	struct val *d = val_map(in->mem);
	struct sv token = { "", 0 };

	if (!pick_line(text, n, &token))
		token = sv("");
	if (token.n > VERDICT_MAX || memchr(token.p, '\0', token.n) ||
	    !utf8_valid(token.p, token.n))
		return judged_error(in,
		    "the line is no verdict (over %d bytes, or not text)",
		    VERDICT_MAX);
	val_set(in->mem, d, "token", val_bytes(in->mem, token.p, token.n));
	val_set(in->mem, d, "line", val_int(in->mem, n));
	return judged_word(arena_dup(in->mem, token.p, token.n), d);
}
