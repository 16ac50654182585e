/*
 * Heredocs: context 16.  A body whose delimiter is quoted cannot expand
 * anything, so if it holds references the delimiter loses its quotes and
 * the body gets a backslash before each `\`, `$` and backtick.
 */
#include "text/shell_scan.h"

#include <string.h>

static bool
delim_ends(int c)
{
	return c == UNIT_END || (c > 0 && c < 128 && strchr(" \t\n;&|<>()", c));
}

/* The delimiter's bytes; sets d->raw when any of it is quoted. */
static int
delimiter(struct shell *s, struct doc *d)
{
	char *end = arena_new(s->mem, s->end - s->pos + 1);
	size_t n = 0, from = s->pos;
	int quote = 0, c;

	while ((c = shell_at(s, 0)) != UNIT_END && (quote || !delim_ends(c))) {
		if (unit_is_atom(c))
			return shell_fail(s, s->pos, "E412",
			    "a reference cannot be part of a heredoc's "
			    "delimiter");
		s->pos++;
		if (quote ? c == quote : (c == '\'' || c == '"')) {
			quote = quote ? 0 : c;
			d->raw = true;
		} else if (c == '\\' && quote != '\'') {
			d->raw = true;
			end[n++] = (char)shell_at(s, 0);
			s->pos++;
		} else {
			end[n++] = (char)c;
		}
	}
	if (quote || s->pos == from || s->pos > s->end)
		return shell_fail(
		    s, from, "E411", "a heredoc needs a delimiter");
	d->end = end;
	d->off = s->u[from].off;
	d->len = s->u[s->pos - 1].off + s->u[s->pos - 1].len - d->off;
	return 0;
}

int
shell_here(struct shell *s, struct simple *cmd, bool to_stdin)
{
	struct doc *d = arena_new(s->mem, sizeof(*d));
	struct doc **last = &s->pending;

	if (shell_at(s, 0) == '-') {
		d->strip = true;
		s->pos++;
	}
	shell_blanks(s);
	if (delimiter(s, d) < 0)
		return -1;
	d->to_stdin = to_stdin;
	while (*last)
		last = &(*last)->next;
	*last = d;
	d->older = s->docs;
	s->docs = d;
	if (to_stdin) {
		cmd->stdin_doc = d;
		cmd->stdin_text = NULL;
	}
	return 0;
}

/* One line from `at`: its end, without the newline. */
static size_t
line_end(const struct shell *s, size_t at)
{
	while (at < s->end && s->u[at].c != '\n')
		at++;
	return at;
}

static bool
line_is(const struct shell *s, size_t from, size_t to, const char *text)
{
	if (to - from != strlen(text))
		return false;
	for (size_t i = from; i < to; i++)
		if (s->u[i].c != (unsigned char)text[i - from])
			return false;
	return true;
}

static size_t
skip_tabs(const struct shell *s, const struct doc *d, size_t at)
{
	while (d->strip && at < s->end && s->u[at].c == '\t')
		at++;
	return at;
}

/* In a body that expands, an odd backslash joins the next line to this. */
static bool
joins(const struct shell *s, const struct doc *d, size_t from, size_t to)
{
	size_t n = 0;

	while (to - n > from && s->u[to - n - 1].c == '\\')
		n++;
	return !d->raw && n % 2;
}

struct body {
	size_t from, to;   /* the body */
	size_t line, next; /* the delimiter's line, and behind it */
	bool atoms;
};

static struct body
find_body(const struct shell *s, const struct doc *d)
{
	struct body b = { s->pos, 0, 0, 0, false };
	size_t at = s->pos;
	bool joined = false;

	for (;;) {
		size_t from = skip_tabs(s, d, at), to = line_end(s, at);

		if (at >= s->end || (!joined && line_is(s, from, to, d->end))) {
			b.to = at;
			b.line = from;
			b.next = to < s->end ? to + 1 : to;
			break;
		}
		joined = joins(s, d, from, to);
		at = to < s->end ? to + 1 : to;
	}
	for (size_t i = b.from; i < b.to; i++)
		b.atoms |= unit_is_atom(s->u[i].c);
	return b;
}

static bool
has_line(const struct shell *s, const struct doc *d, const struct body *b,
    const char *text)
{
	for (size_t at = b->from; at < b->to; at = line_end(s, at) + 1)
		if (line_is(s, skip_tabs(s, d, at), line_end(s, at), text))
			return true;
	return false;
}

/* A delimiter that needs no quotes: its own, or one of ours. */
static const char *
bare_delimiter(struct shell *s, const struct doc *d, const struct body *b)
{
	const char *name = d->end;
	size_t n = 0;

	while (unit_is_name((unsigned char)name[n]))
		n++;
	if (n && !name[n])
		return name;
	for (int i = 0;; i++) {
		name = arena_printf(s->mem, "LL_END%d", i);
		if (!has_line(s, d, b, name))
			return name;
	}
}

static int
raw_body(struct shell *s, const struct doc *d, const struct body *b)
{
	const char *name = bare_delimiter(s, d, b);

	if (s->ticks)
		return shell_fail(s, b->from, "E411",
		    "a reference in a quoted heredoc in backticks; write "
		    "$( ) instead");
	shell_edit(s, d->off, d->len, name);
	if (b->line < s->end && b->line < b->next && name != d->end)
		shell_edit(s, s->u[b->line].off, strlen(d->end), name);
	while (s->pos < b->to) {
		int c = shell_at(s, 0);

		if (unit_is_atom(c)) {
			shell_note(s, SHELL_RAWDOC);
			continue;
		}
		if (c == '\\' || c == '$' || c == '`')
			shell_edit(s, s->u[s->pos].off, 0, "\\");
		shell_take(s);
	}
	return 0;
}

static int
one_body(struct shell *s, struct doc *d)
{
	struct body b = find_body(s, d);
	size_t end = s->end;
	int rc = 0;

	s->cx.cook = &d->body;
	if (!d->raw) {
		s->end = b.to;
		rc = shell_body(s);
		s->end = end;
	} else if (b.atoms) {
		rc = raw_body(s, d, &b);
	}
	s->pos = b.next;
	return rc;
}

int
shell_here_bodies(struct shell *s)
{
	struct shell_cx cx = s->cx;
	struct doc *d = s->pending;

	s->pending = NULL;
	for (; d; d = d->next) {
		s->cx = (struct shell_cx) { 0 };
		if (one_body(s, d) < 0)
			return -1;
	}
	s->cx = cx;
	return 0;
}
