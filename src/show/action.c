/* Actions as parts of a line: their text and their outcome. */
#include "show/action.h"

#include <string.h>

#include "base/auto.h"
#include "base/size.h"
#include "base/sv.h"
#include "loop/loop.h"

/* The reference behind the variable `name`, or NULL. */
static const char *
ref_of(const struct val *values, struct sv name)
{
	for (size_t i = 0;
	     values && values->kind == VAL_LIST && i < values->list.len; i++) {
		const struct val *v = values->list.at[i];

		if (sv_eq(name, val_str(v, "var", "")))
			return val_str(v, "ref", NULL);
	}
	return NULL;
}

void
action_source(struct str *out, const struct event *ev)
{
	const struct val *action = val_get(ev->fields, "action");
	const struct val *values = val_get(ev->fields, "values");
	struct sv rest, body;

	if (!action || action->kind != VAL_TEXT)
		return;
	rest = action->t;
	while (rest.n) {
		const char *at = memmem(rest.p, rest.n, "${LL_V", 6);
		const char *end =
		    at ? memchr(at, '}', rest.n - (size_t)(at - rest.p)) : NULL;
		const char *ref;

		if (!end)
			break;
		body = sv_make(at + 2, (size_t)(end - at) - 2);
		ref = ref_of(values, body);
		str_add(out, rest.p, (size_t)(at - rest.p) + 2);
		str_addsv(out, ref ? sv(ref) : body);
		rest.n -= (size_t)(end - rest.p);
		rest.p = end;
	}
	str_addsv(out, rest);
}

void
action_line(struct out *o, struct sv text, int room)
{
	struct sv rest = sv_trim(text), line = { "", 0 };
	bool more;

	sv_cut(&rest, '\n', &line);
	line = sv_trim(line);
	more = sv_trim(rest).n > 0;
	out_text(o, line.p, line.n, room - (more ? 4 : 0));
	if (more)
		str_addf(&o->buf, " %s", out_glyph(o, GLYPH_MORE));
}

void
action_full(struct out *o, struct sv text, int pad)
{
	struct sv rest = sv_trim(text), line = { "", 0 };

	sv_cut(&rest, '\n', &line);
	out_text(o, line.p, line.n, 0);
	while (sv_cut(&rest, '\n', &line)) {
		str_addf(&o->buf, "\n%*s", pad, "");
		out_text(o, line.p, line.n, 0);
	}
}

/* Of output that was not kept whole: what is there, of what came. */
static void
truncated(struct out *o, const struct event *ev, const char *name)
{
	auto_str kept = STR_INIT, key = STR_INIT;
	const struct val *v = val_get(ev->fields, name);
	long long came, n;

	str_addf(&key, "%s_came", name);
	came = val_num(ev->fields, key.buf, -1);
	if (came < 0)
		return;
	str_reset(&key);
	str_addf(&key, "%s_bytes", name);
	n = v && v->kind == VAL_TEXT ? (long long)v->t.n
				     : val_num(ev->fields, key.buf, 0);
	size_add(&kept, n);
	str_adds(&kept, n % 1024 || !n ? " bytes of " : " of ");
	size_add(&kept, came);
	out_paintf(o, PAINT_WARN, "  %s truncated: %s%s", name, kept.buf,
	    came % 1024 ? " bytes" : "");
}

/* A bound that was hit has a sentence of its own. */
static bool
is_bound(const char *kind)
{
	static const char *const kinds[] = { "output_limit", "disk_limit",
		"resource", "cancelled" };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i], kind) == 0)
			return true;
	return false;
}

static void
how_it_ended(struct out *o, const struct event *ev)
{
	const char *outcome = val_str(ev->fields, "outcome", "");
	const char *limit = val_str(ev->fields, "timeout_kind", "");
	long long code = val_num(ev->fields, "exit_code", 0);

	if (is_bound(val_str(ev->fields, "kind", "")))
		out_paintf(
		    o, PAINT_WARN, "  %s", val_str(ev->fields, "error", ""));
	else if (strcmp(outcome, "timeout") == 0)
		out_paintf(o, PAINT_WARN, "  timed out%s%s%s",
		    *limit ? " (" : "", limit, *limit ? ")" : "");
	else if (strcmp(outcome, "signaled") == 0)
		out_paintf(o, PAINT_WARN, "  signal: %lld",
		    code < 0         ? -code
			: code > 128 ? code - 128
				     : code);
	else if (code != 0)
		out_paintf(o, PAINT_WARN, "  exit: %lld", code);
}

void
action_outcome(struct out *o, const struct event *ev)
{
	how_it_ended(o, ev);
	truncated(o, ev, "output");
	truncated(o, ev, "stderr");
}

/* A word that the loop's author chose, as with classify, is no failure. */
static bool
is_failure(const char *verdict)
{
	static const char *const words[] = { "no", "error", "blocked", "stall",
		"timeout", "tool_error", "not_found", "cannot_judge" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(words[i], verdict) == 0)
			return true;
	return false;
}

void
action_verdict(struct out *o, const struct event *ev)
{
	const char *verdict = val_str(ev->fields, "verdict", "");
	const char *error = val_str(ev->fields, "error", NULL);

	if (verdict_is_success(verdict))
		out_paint(o, PAINT_GOOD, out_glyph(o, GLYPH_YES));
	else if (error || is_failure(verdict))
		out_paint(o, PAINT_BAD, out_glyph(o, GLYPH_NO));
	else
		out_paint(o, PAINT_NOTE, out_glyph(o, GLYPH_WORD));
	str_addc(&o->buf, ' ');
	out_text(o, verdict, strlen(verdict), 0);
	if (!error)
		return;
	str_adds(&o->buf, ": ");
	out_text(o, error, strlen(error), 0);
}
