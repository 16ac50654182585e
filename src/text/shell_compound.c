/*
 * Compound commands: contexts 10 and 22 to 26.  Not checked: that `if` has
 * its `fi`; bash does that.
 */
#include "text/shell_scan.h"

#include <string.h>

#include "base/auto.h"

static bool
ends_name(int c)
{
	return c == UNIT_END || (c > 0 && c < 128 && strchr(" \t\n;&|<>()", c));
}

bool
shell_reserved(const struct shell *s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i < n; i++)
		if (shell_at(s, i) != (unsigned char)word[i])
			return false;
	return ends_name(shell_at(s, n));
}

/* Blanks, newlines and comments. */
static int
space(struct shell *s)
{
	for (;;) {
		shell_blanks(s);
		if (shell_at(s, 0) == '#')
			shell_comment(s);
		else if (shell_at(s, 0) != '\n')
			return 0;
		else if (shell_newline(s) < 0)
			return -1;
	}
}

static int
word_as(struct shell *s, enum shell_role role, struct word *w)
{
	size_t from = s->pos;

	s->cx.role = role;
	if (shell_word(s, w) < 0)
		return -1;
	if (s->pos == from)
		return shell_fail(s, from, "E411", "a word is missing here");
	return 0;
}

/* Patterns up to the `)`; pos is behind an optional `(`. */
static int
patterns(struct shell *s)
{
	for (;;) {
		struct word w = { 0 };

		shell_blanks(s);
		if (word_as(s, ROLE_CASE, &w) < 0)
			return -1;
		shell_blanks(s);
		if (shell_at(s, 0) == ')') {
			s->pos++;
			return 0;
		}
		if (shell_at(s, 0) != '|')
			return shell_fail(s, s->pos, "E411",
			    "a pattern of `case` must end in `)`");
		s->pos++;
	}
}

static int
case_command(struct shell *s)
{
	struct word w = { 0 };

	shell_blanks(s);
	if (word_as(s, ROLE_CASE, &w) < 0 || space(s) < 0)
		return -1;
	if (!shell_reserved(s, "in"))
		return shell_fail(s, s->pos, "E411", "`case` without `in`");
	s->pos += 2;
	for (;;) {
		if (space(s) < 0)
			return -1;
		if (shell_reserved(s, "esac")) {
			s->pos += 4;
			return 0;
		}
		if (shell_at(s, 0) == '(')
			s->pos++;
		if (patterns(s) < 0 || shell_list(s, STOP_CASE) < 0)
			return -1;
		while (shell_at(s, 0) == ';' || shell_at(s, 0) == '&')
			s->pos++;
	}
}

/* for, select: the name, and the words of `in`. */
static int
for_command(struct shell *s)
{
	shell_blanks(s);
	if (shell_at(s, 0) == '(' && shell_at(s, 1) == '(') {
		s->pos += 2;
		return shell_arith(s, "))", true);
	}
	for (; !ends_name(shell_at(s, 0)); s->pos++)
		if (unit_is_atom(shell_at(s, 0)))
			return shell_fail(s, s->pos, "E412",
			    "a reference cannot be the name behind `for`");
	if (space(s) < 0)
		return -1;
	if (!shell_reserved(s, "in"))
		return 0;
	s->pos += 2;
	for (;;) {
		struct word w = { 0 };

		shell_blanks(s);
		if (ends_name(shell_at(s, 0)) && shell_at(s, 1) != '(')
			return 0;
		if (shell_at(s, 0) == '#' || shell_at(s, 0) == '\n')
			return 0;
		if (word_as(s, ROLE_LIST, &w) < 0)
			return -1;
	}
}

static int
function_command(struct shell *s)
{
	shell_blanks(s);
	for (; !ends_name(shell_at(s, 0)); s->pos++)
		if (unit_is_atom(shell_at(s, 0)))
			return shell_fail(s, s->pos, "E412",
			    "a reference cannot be the name of a function");
	shell_blanks(s);
	if (shell_at(s, 0) == '(' && shell_at(s, 1) == ')')
		s->pos += 2;
	return 0;
}

/* What the operand behind (and before) an operator of [[ ]] must be. */
static enum enc
test_enc(const struct word *w)
{
	static const char *const ints[] = { "-eq", "-ne", "-lt", "-le", "-gt",
		"-ge" };

	for (size_t i = 0; w->text && i < COUNT(ints); i++)
		if (strcmp(w->text, ints[i]) == 0)
			return ENC_INTEGER;
	return w->text && strcmp(w->text, "-v") == 0 ? ENC_NAME : ENC_RAW;
}

static int
test_command(struct shell *s)
{
	struct word before = { 0 };
	enum enc wants = ENC_RAW;
	size_t open = s->pos;

	s->cx.globs = true;
	for (;;) {
		struct word w = { 0 };
		enum enc enc;
		int c;

		shell_blanks(s);
		c = shell_at(s, 0);
		if (c == UNIT_END)
			return shell_fail(
			    s, open, "E411", "a [[ that is never closed");
		if (c == '\n') {
			if (shell_newline(s) < 0)
				return -1;
			continue;
		}
		if (!s->cx.regex && c > 0 && c < 128 && strchr("&|()<>;", c)) {
			s->pos++;
			continue;
		}
		if (word_as(s, ROLE_TEST, &w) < 0)
			return -1;
		s->cx.regex = false;
		if (w.text && strcmp(w.text, "]]") == 0)
			break;
		enc = test_enc(&w);
		shell_enc(s, &w.is, wants);
		if (enc == ENC_INTEGER)
			shell_enc(s, &before.is, enc);
		wants = enc;
		s->cx.regex = w.text && strcmp(w.text, "=~") == 0;
		before = w;
	}
	s->cx.globs = false;
	return 0;
}

static int
paren_command(struct shell *s)
{
	if (shell_at(s, 1) == '(' && shell_is_arith(s, 2)) {
		s->pos += 2;
		return shell_arith(s, "))", false);
	}
	s->pos++;
	if (shell_list(s, STOP_PAREN) < 0)
		return -1;
	s->pos++;
	return 0;
}

static int
keep_position(struct shell *s)
{
	(void)s;
	return 0;
}

/* Words after which a command begins again, and those with a form. */
static const struct {
	const char *word;
	int (*rest)(struct shell *);
} reserved[] = {
	{ "if", keep_position },
	{ "then", keep_position },
	{ "else", keep_position },
	{ "elif", keep_position },
	{ "fi", keep_position },
	{ "do", keep_position },
	{ "done", keep_position },
	{ "while", keep_position },
	{ "until", keep_position },
	{ "!", keep_position },
	{ "{", keep_position },
	{ "}", keep_position },
	{ "time", keep_position },
	{ "case", case_command },
	{ "for", for_command },
	{ "select", for_command },
	{ "function", function_command },
	{ "[[", test_command },
};

int
shell_compound(struct shell *s, bool *found)
{
	*found = true;
	if (shell_at(s, 0) == '(')
		return paren_command(s);
	for (size_t i = 0; i < COUNT(reserved); i++) {
		if (!shell_reserved(s, reserved[i].word))
			continue;
		s->pos += strlen(reserved[i].word);
		return reserved[i].rest(s);
	}
	*found = false;
	return 0;
}
