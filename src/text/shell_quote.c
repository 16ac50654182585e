/*
 * Quotes: contexts 2 to 6 and 12.  Each function begins at the opening byte
 * and ends behind the closing one.
 */
#include "text/shell_scan.h"

#include <string.h>

void
shell_slash(struct shell *s, bool drop)
{
	const struct unit *u = &s->u[s->pos];

	s->out->atom[u[1].c - UNIT_ATOM].slash = true;
	if (drop) {
		shell_edit(s, u->off, u->len, "");
	} else {
		/* Each level of backticks halves the backslashes. */
		size_t n = (size_t)1 << (s->ticks < 5 ? s->ticks : 5);

		shell_edit(s, u->off, 0,
		    &"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"
		     "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\"[32 - n]);
		shell_cook(s, '\\');
	}
	s->pos++;
}

int
shell_single(struct shell *s)
{
	size_t open = s->pos++;
	struct shell_span span = { s->u[open].off, 0 };

	for (;;) {
		int c = shell_at(s, 0);

		if (c == UNIT_END)
			return shell_fail(
			    s, open, "E411", "a ' that is never closed");
		if (c == '\'') {
			span.to = s->u[s->pos++].off;
			vec_push(&s->singles, span);
			return 0;
		}
		if (unit_is_atom(c))
			shell_note(s, SHELL_SQUOTE);
		else
			shell_take(s);
	}
}

/* $'...': pos is at the quote. */
int
shell_ansi(struct shell *s)
{
	static const char from[] = "nrt", to[] = "\n\r\t";
	size_t open = s->pos++;

	for (;;) {
		int c = shell_at(s, 0), n = shell_at(s, 1);
		const char *known;

		if (c == UNIT_END)
			return shell_fail(
			    s, open, "E411", "a $' that is never closed");
		if (c == '\'') {
			s->pos++;
			return 0;
		}
		if (unit_is_atom(c)) {
			shell_note(s, SHELL_ANSI);
		} else if (c == '\\' && unit_is_atom(n)) {
			shell_slash(s, false);
		} else if (c == '\\' && n != UNIT_END) {
			known = n > 0 ? strchr(from, n) : NULL;
			shell_cook(s, known ? to[known - from] : n);
			s->pos += 2;
		} else {
			shell_take(s);
		}
	}
}

static void
quoted_slash(struct shell *s, bool doc)
{
	int n = shell_at(s, 1);

	if (unit_is_atom(n)) {
		shell_slash(s, false);
	} else if (n == '\n') {
		s->pos += 2;
	} else if (n == '$' || n == '`' || n == '\\' || (n == '"' && !doc)) {
		s->pos++;
		shell_take(s);
	} else {
		shell_take(s);
	}
}

/* Between double quotes, or the body of a heredoc. */
static int
quoted(struct shell *s, bool doc)
{
	size_t open = s->pos;

	for (;;) {
		int c = shell_at(s, 0), rc = 0;

		if (c == UNIT_END && doc)
			return 0;
		if (c == UNIT_END)
			return shell_fail(
			    s, open - 1, "E411", "a \" that is never closed");
		if (c == '"' && !doc) {
			s->pos++;
			return 0;
		}
		if (c == '\\')
			quoted_slash(s, doc);
		else if (c == '$')
			rc = shell_dollar(s, true);
		else if (c == '`')
			rc = shell_tick(s, !doc);
		else if (unit_is_atom(c))
			shell_note(s, doc ? SHELL_DOC : SHELL_DQUOTE);
		else
			shell_take(s);
		if (rc < 0)
			return -1;
	}
}

int
shell_double(struct shell *s)
{
	s->pos++;
	return quoted(s, false);
}

int
shell_body(struct shell *s)
{
	return quoted(s, true);
}

/* A list of commands with a lexical level of its own, up to `)`. */
static int
inner_list(struct shell *s, enum stop stop)
{
	struct shell_cx cx = s->cx;
	struct doc *pending = s->pending;
	size_t open = s->pos;

	s->cx = (struct shell_cx) { 0 };
	s->pending = NULL;
	if (shell_list(s, stop) < 0)
		return -1;
	if (s->pending && stop == STOP_PAREN)
		return shell_fail(
		    s, open, "E411", "a heredoc that has no body here");
	s->cx = cx;
	s->pending = pending;
	return 0;
}

/* `$(`, `<(`, `>(`: pos is at the first byte. */
int
shell_process(struct shell *s)
{
	shell_cook(s, UNIT_OPAQUE);
	s->pos += 2;
	if (inner_list(s, STOP_PAREN) < 0)
		return -1;
	s->pos++;
	return 0;
}

/* Backticks: what is between them loses one level of backslashes. */
int
shell_tick(struct shell *s, bool in_double)
{
	struct units is = { 0 };
	size_t open = s->pos, after, end = s->end;
	const struct unit *u = s->u;
	int rc;

	shell_cook(s, UNIT_OPAQUE);
	for (s->pos++; shell_at(s, 0) != '`'; s->pos++) {
		int c = shell_at(s, 0), n = shell_at(s, 1);
		struct unit one;

		if (c == UNIT_END)
			return shell_fail(
			    s, open, "E411", "a ` that is never closed");
		one = s->u[s->pos];
		if (c == '\\' &&
		    (n == '\\' || n == '$' || n == '`' ||
			(n == '"' && in_double))) {
			one.c = n;
			one.len += s->u[++s->pos].len;
		}
		units_push(s->mem, &is, one);
	}
	after = s->pos + 1;
	s->u = is.at;
	s->pos = 0;
	s->end = is.len;
	s->ticks++;
	rc = inner_list(s, STOP_END);
	s->ticks--;
	s->u = u;
	s->pos = after;
	s->end = end;
	return rc;
}
