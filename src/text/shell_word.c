/*
 * Words: contexts 1 and 28.  A word ends at the first byte that is not its
 * own; what it will be (without quotes) is left in it, for the commands that
 * want to know.
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
	w->atoms = s->atoms;
	w->docs = s->docs;
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
			rc =
			    s->cx.regex ? (shell_take(s), 0) : shell_process(s);
		} else {
			rc = plain(s);
		}
		if (rc < 0)
			return -1;
	}
	s->cx.cook = cook;
	w->atoms_end = s->atoms;
	w->docs_end = s->docs;
	fix_text(s, w);
	return 0;
}
