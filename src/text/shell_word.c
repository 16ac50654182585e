/*
 * Words, quotes and expansions: contexts 1 to 6, 8, 12, 13, 27 and 28.
 * Everything here stops at the first byte that is not its own, and leaves
 * what the word will be (without quotes) in s->cx.cook.
 */
#include "text/shell_scan.h"

#include <string.h>

void
shell_blanks(struct shell *s)
{
	for (;;) {
		int c = shell_at(s, 0);

		if (c == ' ' || c == '\t')
			s->pos++;
		else if (c == '\\' && shell_at(s, 1) == '\n')
			s->pos += 2;
		else
			return;
	}
}

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
static int
ansi(struct shell *s)
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

static bool
is_special(int c)
{
	return c > 0 && c < 128 && strchr("@*#?-$!0123456789", c);
}

/* The word of `${name op word}`, up to and over the `}`. */
static int
param_word(struct shell *s, bool dq, bool pattern)
{
	for (;;) {
		int c = shell_at(s, 0), n = shell_at(s, 1), rc = 0;

		if (c == UNIT_END)
			return shell_fail(
			    s, s->pos, "E411", "a ${ that is never closed");
		if (c == '}') {
			s->pos++;
			return 0;
		}
		if (c == '\\' && unit_is_atom(n)) {
			shell_slash(s, !dq);
		} else if (c == '\\' && n != UNIT_END) {
			s->pos++;
			shell_take(s);
		} else if (c == '\'' && (pattern || !dq)) {
			rc = shell_single(s);
		} else if (c == '"') {
			rc = shell_double(s);
		} else if (c == '`') {
			rc = shell_tick(s, dq);
		} else if (c == '$') {
			rc = shell_dollar(s, dq && !pattern);
		} else if (unit_is_atom(c)) {
			shell_note(s, dq ? SHELL_PARAMQ : SHELL_PARAM);
		} else {
			shell_take(s);
		}
		if (rc < 0)
			return -1;
	}
}

/* `${name`: over the name, which must not hold a reference (R5). */
static int
param_name(struct shell *s)
{
	int c = shell_at(s, 0);
	size_t from;

	if ((c == '#' || c == '!') && shell_at(s, 1) != '}' &&
	    (unit_is_name(shell_at(s, 1)) || unit_is_atom(shell_at(s, 1)) ||
		is_special(shell_at(s, 1))))
		s->pos++;
	from = s->pos;
	while (unit_is_name(shell_at(s, 0)))
		s->pos++;
	if (unit_is_atom(shell_at(s, 0)))
		return shell_fail(s, s->pos, "E412",
		    "a reference cannot be the name of a shell variable");
	if (s->pos > from) {
		if (s->cx.arith)
			shell_use(s, from);
		return 0;
	}
	if (!is_special(shell_at(s, 0)))
		return shell_fail(s, s->pos, "E411", "bad substitution");
	s->pos++;
	return 0;
}

/* The first byte of `-word`, `=word`, `?word`, `+word`. */
static bool
is_default(int c)
{
	return c == '-' || c == '=' || c == '?' || c == '+';
}

static int
param_rest(struct shell *s, bool dq, struct units *cook)
{
	int c = shell_at(s, 0), n = shell_at(s, 1);
	bool value = is_default(c);

	if (c == ':' && is_default(n)) {
		s->pos++;
		value = true;
	} else if (c == ':') {
		s->pos++;
		return shell_arith(s, "}", false);
	}
	if (c != '}')
		s->pos++;
	s->cx.cook = value ? cook : NULL;
	return param_word(s, dq, !value);
}

static int
param(struct shell *s, bool dq)
{
	struct shell_cx cx = s->cx;

	shell_cook(s, UNIT_OPAQUE);
	s->cx.cook = NULL;
	s->pos += 2;
	if (shell_enter(s) < 0 || param_name(s) < 0)
		return -1;
	if (shell_at(s, 0) == '[') {
		s->pos++;
		if (shell_arith(s, "]", false) < 0)
			return -1;
	}
	if (param_rest(s, dq, cx.cook) < 0)
		return -1;
	shell_leave(s);
	s->cx = cx;
	return 0;
}

/* `$name`; a reference behind it must not make the name longer. */
static void
dollar_name(struct shell *s)
{
	int c;

	shell_cook(s, UNIT_OPAQUE);
	s->pos++;
	if (s->cx.arith)
		shell_use(s, s->pos);
	while (unit_is_name(shell_at(s, 0)))
		s->pos++;
	c = shell_at(s, 0);
	if (unit_is_atom(c))
		s->out->atom[c - UNIT_ATOM].glued = true;
}

static int
dollar_paren(struct shell *s)
{
	if (shell_at(s, 2) != '(' || !shell_is_arith(s, 3))
		return shell_process(s);
	shell_cook(s, UNIT_OPAQUE);
	s->pos += 3;
	return shell_arith(s, "))", false);
}

int
shell_dollar(struct shell *s, bool dq)
{
	int c = shell_at(s, 1);

	if (unit_is_atom(c))
		return shell_fail(s, s->pos + 1, "E412",
		    "a reference behind `$` would be the name of a variable");
	if (c == '(')
		return dollar_paren(s);
	if (c == '{')
		return param(s, dq);
	if (c == '[') {
		shell_cook(s, UNIT_OPAQUE);
		s->pos += 2;
		return shell_arith(s, "]", false);
	}
	if (!dq && c == '\'') {
		s->pos++;
		return ansi(s);
	}
	if (!dq && c == '"') {
		s->pos++;
		return shell_double(s);
	}
	if (unit_is_name(c) && (c < '0' || c > '9')) {
		dollar_name(s);
	} else if (is_special(c)) {
		shell_cook(s, UNIT_OPAQUE);
		s->pos += 2;
	} else {
		shell_take(s);
	}
	return 0;
}

/* One piece of a word in no quotes. */
static int
plain(struct shell *s)
{
	int c = shell_at(s, 0), n = shell_at(s, 1);

	switch (c) {
	case '\\':
		if (unit_is_atom(n)) {
			shell_slash(s, true);
		} else if (n == '\n') {
			s->pos += 2;
		} else {
			s->pos += n == UNIT_END ? 0 : 1;
			shell_take(s);
		}
		return 0;
	case '\'':
		return shell_single(s);
	case '"':
		return shell_double(s);
	case '`':
		return shell_tick(s, false);
	case '$':
		return shell_dollar(s, false);
	default:
		if (unit_is_atom(c))
			shell_note(s, SHELL_PLAIN);
		else
			shell_take(s);
		return 0;
	}
}

/* `?(a|b)` and the groups of a regular expression: over the `)`. */
static int
group(struct shell *s)
{
	size_t open = s->pos;

	if (shell_enter(s) < 0)
		return -1;
	shell_take(s);
	for (;;) {
		int c = shell_at(s, 0);

		if (c == UNIT_END)
			return shell_fail(
			    s, open, "E411", "a ( that is never closed");
		if (c == ')') {
			shell_take(s);
			shell_leave(s);
			return 0;
		}
		if ((c == '(' ? group(s) : plain(s)) < 0)
			return -1;
	}
}

/* Does the word end at this byte? */
static bool
word_ends(const struct shell *s, int c)
{
	if (c == UNIT_END || c == ' ' || c == '\t' || c == '\n')
		return true;
	if (c == '&' || c == ';' || c == ')')
		return !s->cx.regex || c != ';';
	if (c == '|')
		return !s->cx.regex || shell_at(s, 1) == '|';
	if (c == '<' || c == '>')
		return !s->cx.regex && shell_at(s, 1) != '(';
	return false;
}

static void
fix_text(struct shell *s, struct word *w)
{
	char *text = arena_new(s->mem, w->is.len + 1);

	w->text = NULL;
	for (size_t i = 0; i < w->is.len; i++) {
		if (w->is.at[i].c < 0 || unit_is_atom(w->is.at[i].c))
			return;
		text[i] = (char)w->is.at[i].c;
	}
	w->text = text;
}

int
shell_word(struct shell *s, struct word *w)
{
	struct units *cook = s->cx.cook;
	size_t from = s->pos;

	s->cx.cook = &w->is;
	for (;;) {
		int c = shell_at(s, 0), rc;
		int prev = s->pos > from ? s->u[s->pos - 1].c : 0;

		if (word_ends(s, c))
			break;
		if (c == '(') {
			if (!s->cx.regex &&
			    !((s->extglob || s->cx.globs) && prev > 0 &&
				prev < 128 && strchr("?*+@!", prev)))
				break;
			rc = group(s);
		} else if (c == '<' || c == '>') {
			rc = s->cx.regex ? (shell_take(s), 0)
					 : shell_process(s);
		} else {
			rc = plain(s);
		}
		if (rc < 0)
			return -1;
	}
	s->cx.cook = cook;
	fix_text(s, w);
	return 0;
}
