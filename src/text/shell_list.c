/*
 * Lists of commands: context 7, separators, pipelines.  What matters here is
 * where a command begins and what is piped into it.
 */
#include "text/shell_scan.h"

void
shell_comment(struct shell *s)
{
	struct shell_cx cx = s->cx;

	s->cx = (struct shell_cx) { 0 };
	while (shell_at(s, 0) != UNIT_END && shell_at(s, 0) != '\n') {
		if (unit_is_atom(shell_at(s, 0)))
			shell_note(s, SHELL_COMMENT);
		else
			s->pos++;
	}
	s->cx = cx;
}

/* Over a newline and the heredocs that begin there. */
int
shell_newline(struct shell *s)
{
	s->pos++;
	return s->pending ? shell_here_bodies(s) : 0;
}

static bool
at_redirect(const struct shell *s)
{
	return shell_at(s, 0) == '&' && shell_at(s, 1) == '>';
}

/* `;`, `&`, `|` and their doubles. 1: the list ends here. */
static int
separator(struct shell *s, enum stop stop, struct pipeline *p)
{
	int c = shell_at(s, 0), n = shell_at(s, 1);

	if (c == ';' && (n == ';' || n == '&')) {
		if (stop != STOP_CASE)
			return shell_fail(
			    s, s->pos, "E411", "`;;` outside of `case`");
		return 1;
	}
	if (c == '|' && n != '|') {
		s->pos += n == '&' ? 2 : 1;
		p->piped = true;
		return 0;
	}
	s->pos += c != ';' && n == c ? 2 : 1;
	*p = (struct pipeline) { s->atoms, s->docs, false };
	return 0;
}

/* 1: the list ends here. */
static int
list_step(struct shell *s, enum stop stop, struct pipeline *p)
{
	int c = shell_at(s, 0);
	bool found;

	if (c == UNIT_END)
		return stop == STOP_END
		    ? 1
		    : shell_fail(s, s->pos, "E411",
			  "the text ends inside ( ) or `case`");
	if (c == ')')
		return stop == STOP_PAREN
		    ? 1
		    : shell_fail(s, s->pos, "E411", "a ) too many");
	if (c == '#') {
		shell_comment(s);
		return 0;
	}
	if (c == '\n') {
		if (!p->piped)
			*p = (struct pipeline) { s->atoms, s->docs, false };
		return shell_newline(s);
	}
	if ((c == ';' || c == '&' || c == '|') && !at_redirect(s))
		return separator(s, stop, p);
	if (stop == STOP_CASE && shell_reserved(s, "esac"))
		return 1;
	if (shell_compound(s, &found) < 0)
		return -1;
	if (found)
		return 0;
	if (shell_simple(s, p) < 0)
		return -1;
	if (shell_at(s, 0) == '\n')
		p->piped = false;
	return 0;
}

int
shell_list(struct shell *s, enum stop stop)
{
	struct pipeline p = { s->atoms, s->docs, false };
	const struct pipeline all = p;
	int rc;

	if (shell_enter(s) < 0)
		return -1;
	do {
		shell_blanks(s);
		/* All inside `{ }` or a loop may go into the pipe behind. */
		if (shell_reserved(s, "}") || shell_reserved(s, "done") ||
		    shell_reserved(s, "fi"))
			p = all;
		rc = list_step(s, stop, &p);
	} while (rc == 0);
	shell_leave(s);
	if (rc < 0)
		return -1;
	if (stop == STOP_END && s->pending)
		return shell_here_bodies(s);
	return 0;
}
