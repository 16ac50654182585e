/*
 * Expansions: contexts 8, 9, 13 and 15, everything behind a `$`.
 */
#include "text/shell_scan.h"

#include <string.h>

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
		return shell_ansi(s);
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
