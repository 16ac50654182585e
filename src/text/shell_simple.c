/*
 * Simple commands: contexts 18 to 21.  Assignments, words and redirections
 * in the order they come; then shell_command.c asks what the command does
 * with them.
 */
#include "text/shell_scan.h"

#include <string.h>

#include "base/auto.h"

/* How an assignment begins here: units of the name, 0 if it is none. */
static size_t
assignment_name(const struct shell *s, bool *atom)
{
	size_t n = 0, k;
	int depth = 0, c = shell_at(s, 0);

	*atom = false;
	if (c >= '0' && c <= '9')
		return 0;
	for (; unit_is_name(c) || unit_is_atom(c); c = shell_at(s, ++n))
		*atom |= unit_is_atom(c);
	k = n;
	if (n && c == '[') {
		do {
			c = shell_at(s, k++);
			depth += (c == '[') - (c == ']');
		} while (c != UNIT_END && c != '\n' && depth);
	}
	if (shell_at(s, k) == '+')
		k++;
	return n && shell_at(s, k) == '=' ? n : 0;
}

static int
array_element(struct shell *s)
{
	struct word w = { 0 };
	size_t from = s->pos;

	if (shell_at(s, 0) == '[') {
		struct shell look = *s;
		int depth = 0, c;

		do {
			c = shell_at(&look, 0);
			depth += (c == '[') - (c == ']');
			look.pos++;
		} while (c != UNIT_END && c != '\n' && depth);
		if (shell_at(&look, 0) == '=' ||
		    (shell_at(&look, 0) == '+' && shell_at(&look, 1) == '=')) {
			s->pos++;
			if (shell_arith(s, "]", false) < 0)
				return -1;
		}
	}
	if (shell_word(s, &w) < 0)
		return -1;
	if (s->pos == from)
		return shell_fail(
		    s, from, "E411", "this cannot stand in an array");
	return 0;
}

/* `name=(`: up to and over the `)`. */
static int
array(struct shell *s)
{
	size_t open = s->pos++;

	s->cx.role = ROLE_LIST;
	for (;;) {
		int c;

		shell_blanks(s);
		c = shell_at(s, 0);
		if (c == UNIT_END)
			return shell_fail(
			    s, open, "E411", "a ( that is never closed");
		if (c == '\n') {
			s->pos++;
			if (s->pending && shell_here_bodies(s) < 0)
				return -1;
		} else if (c == ')') {
			s->pos++;
			return 0;
		} else if (c == '#') {
			shell_comment(s);
		} else if (array_element(s) < 0) {
			return -1;
		}
	}
}

static bool
is_int_name(const struct shell *s, struct sv name)
{
	for (size_t i = 0; i < s->ints.len; i++)
		if (s->ints.at[i].n == name.n &&
		    memcmp(s->ints.at[i].p, name.p, name.n) == 0)
			return true;
	return false;
}

/* name=value, name[sub]+=value, name=(list). */
static int
assignment(struct shell *s, size_t n, struct word *w)
{
	struct shell_cx cx = s->cx;
	struct sv name = sv_make(s->src + s->u[s->pos].off, n);

	s->cx.cook = &w->is;
	s->cx.role = ROLE_ASSIGN;
	while (n--)
		shell_take(s);
	if (shell_at(s, 0) == '[') {
		s->pos++;
		if (shell_arith(s, "]", false) < 0)
			return -1;
	}
	if (shell_at(s, 0) == '+')
		s->pos++;
	shell_take(s);
	s->cx.names = name;
	if (shell_at(s, 0) == '(') {
		s->cx.cook = NULL;
		if (array(s) < 0)
			return -1;
	} else if (shell_word(s, w) < 0) {
		return -1;
	}
	if (is_int_name(s, name))
		shell_enc(s, &w->is, ENC_INTEGER);
	s->cx = cx;
	return 0;
}

static struct word *
new_word(struct shell *s, struct simple *cmd)
{
	if (cmd->n == cmd->room) {
		size_t room = cmd->room ? cmd->room * 2 : 8;
		struct word *w = arena_new(s->mem, room * sizeof(*w));

		if (cmd->n)
			memcpy(w, cmd->w, cmd->n * sizeof(*w));
		cmd->w = w;
		cmd->room = room;
	}
	cmd->w[cmd->n] = (struct word) { 0 };
	return &cmd->w[cmd->n++];
}

/* `<`, `2>`, `{v}>>`, `&>`: units before the operator, or -1 if none. */
static int
redirect_prefix(const struct shell *s)
{
	int n = 0, c = shell_at(s, 0);

	if (c == '&' && shell_at(s, 1) == '>')
		return 1;
	if (c == '{') {
		for (n = 1; unit_is_name(shell_at(s, (size_t)n)); n++)
			;
		n = n > 1 && shell_at(s, (size_t)n) == '}' ? n + 1 : 0;
	} else {
		while (c >= '0' && c <= '9')
			c = shell_at(s, (size_t)++n);
	}
	c = shell_at(s, (size_t)n);
	if (c != '<' && c != '>')
		return -1;
	return n == 0 && shell_at(s, 1) == '(' ? -1 : n;
}

static int
redirect(struct shell *s, struct simple *cmd, int prefix)
{
	static const char *const more[] = { ">>", ">|", ">&", ">", "<&", "<>",
		"<" };
	struct word *w = arena_new(s->mem, sizeof(*w));
	bool zero = prefix == 0 || (prefix == 1 && shell_at(s, 0) == '0');
	bool text;
	size_t from;

	s->pos += (size_t)prefix;
	if (shell_at(s, 0) == '<' && shell_at(s, 1) == '<' &&
	    shell_at(s, 2) != '<') {
		s->pos += 2;
		return shell_here(s, cmd, zero);
	}
	text = shell_at(s, 0) == '<' && shell_at(s, 1) == '<';
	for (size_t i = 0; !text && i < COUNT(more); i++) {
		if (shell_at(s, 0) != more[i][0] ||
		    (more[i][1] && shell_at(s, 1) != more[i][1]))
			continue;
		s->pos += strlen(more[i]);
		break;
	}
	if (text)
		s->pos += 3;
	shell_blanks(s);
	from = s->pos;
	s->cx.role = ROLE_REDIRECT;
	if (shell_word(s, w) < 0)
		return -1;
	if (s->pos == from)
		return shell_fail(
		    s, from, "E411", "a redirection needs a target");
	if (text && zero) {
		cmd->stdin_text = &w->is;
		cmd->stdin_doc = NULL;
	}
	return 0;
}

/* Commands whose arguments may be assignments. */
bool
shell_declares(const char *word)
{
	static const char *const names[] = { "declare", "export", "local",
		"readonly", "typeset" };

	for (size_t i = 0; word && i < COUNT(names); i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

/* `f()`: pos is at the `(`. */
static int
function_parens(struct shell *s, const struct simple *cmd)
{
	size_t open = s->pos++;

	shell_blanks(s);
	if (cmd->n != 1 || shell_at(s, 0) != ')')
		return shell_fail(s, open, "E411", "a ( is not expected here");
	s->pos++;
	if (!cmd->w[0].text)
		return shell_fail(
		    s, open, "E412", "the name of a function must be fixed");
	return 0;
}

/* The next word. `prefix`: only assignments so far. */
static int
next_word(struct shell *s, struct simple *cmd, bool *prefix)
{
	bool atom, named = cmd->n && shell_declares(cmd->w[0].text);
	size_t from = s->pos, n;

	s->cx.role = ROLE_ARG;
	n = *prefix || named ? assignment_name(s, &atom) : 0;
	if (n && atom)
		return shell_fail(s, from, "E412",
		    "a reference cannot be the name of a shell variable");
	if (n) {
		struct word w = { 0 };

		if (assignment(s, n, &w) < 0)
			return -1;
		if (named)
			*new_word(s, cmd) = w;
		return 0;
	}
	*prefix = false;
	if (shell_word(s, new_word(s, cmd)) < 0)
		return -1;
	if (s->pos == from)
		return shell_fail(s, from, "E411", "this cannot stand here");
	return 0;
}

static bool
ends(const struct shell *s)
{
	int c = shell_at(s, 0);

	return c == UNIT_END || c == '\n' || c == ';' || c == '|' || c == ')' ||
	    c == '#' || (c == '&' && shell_at(s, 1) != '>');
}

int
shell_simple(struct shell *s, struct pipeline *p)
{
	struct simple cmd = { .atoms = s->atoms, .pipe = p };
	struct shell_cx cx = s->cx;
	bool prefix = true;

	s->cx = (struct shell_cx) { 0 };
	for (;;) {
		int n;

		shell_blanks(s);
		if (ends(s))
			break;
		n = redirect_prefix(s);
		if (n >= 0) {
			if (redirect(s, &cmd, n) < 0)
				return -1;
		} else if (shell_at(s, 0) == '(') {
			return function_parens(s, &cmd);
		} else if (next_word(s, &cmd, &prefix) < 0) {
			return -1;
		}
	}
	s->cx = cx;
	return shell_command(s, &cmd);
}
