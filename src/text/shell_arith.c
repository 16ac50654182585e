/*
 * Arithmetic: contexts 9 to 11, 14, 15 and 17.  Every reference in it must
 * be an integer, because bash evaluates the value of a variable as an
 * expression again, with command substitution in it.
 */
#include "text/shell_scan.h"

#include <string.h>

bool
shell_is_arith(const struct shell *s, size_t k)
{
	int depth = 0, quote = 0;

	for (;; k++) {
		int c = shell_at(s, k);

		if (c == UNIT_END)
			return false;
		if (c == '\\' && quote != '\'') {
			k++;
		} else if (quote) {
			quote = c == quote ? 0 : quote;
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && depth-- == 0) {
			return shell_at(s, k + 1) == ')';
		}
	}
}

/* What has been read of one expression. */
struct expr {
	int parens, brackets;
	bool operand, gap; /* the last thing was an operand; blanks since */
	bool plain;        /* nothing says that this is a command */
};

static void
operand(struct expr *x)
{
	if (x->operand && x->gap)
		x->plain = false;
	x->operand = true;
	x->gap = false;
}

static void
operator(struct shell *s, struct expr *x, int c)
{
	x->parens += (c == '(') - (c == ')');
	x->brackets += (c == '[') - (c == ']');
	x->operand = c == ')' || c == ']';
	x->gap = false;
	s->pos++;
}

static int
step(struct shell *s, struct expr *x)
{
	int c = shell_at(s, 0);
	size_t from = s->pos;

	if (c == ' ' || c == '\t' || c == '\n') {
		x->gap = true;
		s->pos++;
		return 0;
	}
	if (c == '\\') {
		if (unit_is_atom(shell_at(s, 1)))
			shell_slash(s, true);
		else
			s->pos += shell_at(s, 1) == UNIT_END ? 1 : 2;
		return 0;
	}
	if (c == '$' || c == '`' || c == '"' || c == '\'') {
		operand(x);
		return c == '$' ? shell_dollar(s, true)
		    : c == '`'  ? shell_tick(s, false)
		    : c == '"'  ? shell_double(s)
				: shell_single(s);
	}
	if (unit_is_atom(c)) {
		operand(x);
		shell_note(s, SHELL_ARITH);
	} else if (unit_is_name(c)) {
		operand(x);
		while (unit_is_name(shell_at(s, 0)))
			s->pos++;
		if (c > '9')
			shell_use(s, from);
	} else {
		operator(s, x, c);
	}
	return 0;
}

static bool
closes(const struct shell *s, const struct expr *x, const char *close)
{
	if (shell_at(s, 0) != close[0])
		return false;
	if (close[0] == ']')
		return x->brackets == 0;
	if (close[0] == ')')
		return x->parens == 0;
	return true;
}

int
shell_arith(struct shell *s, const char *close, bool semicolons)
{
	struct shell_cx cx = s->cx;
	struct expr x = { .plain = true };
	size_t open = s->pos, atoms = s->atoms;

	s->cx.arith = true;
	s->cx.cook = NULL;
	if (shell_enter(s) < 0)
		return -1;
	while (!closes(s, &x, close)) {
		int c = shell_at(s, 0);

		if (c == UNIT_END)
			return shell_fail(s, open, "E411",
			    "arithmetic or a subscript that is never closed");
		if (c == ';' && !semicolons)
			x.plain = false;
		if (step(s, &x) < 0)
			return -1;
	}
	s->pos += strlen(close);
	shell_leave(s);
	s->cx = cx;
	if (close[0] == ')' && !x.plain && s->atoms > atoms)
		return shell_fail(s, open, "E414",
		    "this may be arithmetic or commands; write `$( (` for "
		    "commands");
	return 0;
}
