/*
 * Text that people wrote, in lines that fit.  Lines of a paragraph are
 * joined first, or a text made for 80 columns looks torn on 60; lines that
 * are indented or begin a list stand for themselves.  Program text is never
 * broken: the terminal does that better.
 */
#include "show/wrap.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"

struct wrap {
	struct out *o;
	int indent, width;
	int at; /* columns of the line that is begun; 0: none */
};

static int
shown_width(struct sv word)
{
	auto_str text = STR_INIT;

	utf8_show(&text, word.p, word.n);
	return (int)utf8_columns(text.buf, text.len);
}

static void
end_line(struct wrap *w)
{
	if (w->at)
		str_addc(&w->o->buf, '\n');
	w->at = 0;
}

static void
add_words(struct wrap *w, struct sv line, int indent)
{
	struct sv word;

	while (sv_cut(&line, ' ', &word)) {
		int n = shown_width(word);

		if (!word.n)
			continue;
		if (w->at && w->width && w->at + 1 + n > w->width)
			end_line(w);
		if (w->at)
			str_addc(&w->o->buf, ' ');
		else
			str_addf(&w->o->buf, "%*s", indent, "");
		w->at += w->at ? n + 1 : indent + n;
		out_text(w->o, word.p, word.n, 0);
	}
}

/* Without empty lines at the start and blanks at the end. */
static struct sv
body(struct sv text)
{
	struct sv line, rest = text;

	while (sv_cut(&rest, '\n', &line)) {
		if (sv_trim(line).n)
			break;
		text = rest;
	}
	while (text.n && strchr(" \t\r\n", text.p[text.n - 1]))
		text.n--;
	return text;
}

/* Does a line stand for itself: indented, quoted, `- item`, `1. item`? */
static bool
stands_alone(struct sv line)
{
	size_t digits = strspn(line.p, "0123456789");

	if (strchr(" \t|>", *line.p))
		return true;
	if (digits)
		return line.p[digits] == '.' || line.p[digits] == ')';
	return strchr("-*#", *line.p) && line.p[1] == ' ';
}

void
wrap_text(struct out *o, struct sv text, int indent, int width)
{
	struct wrap w = { o, indent, width, 0 };
	struct sv rest = body(text), line;

	while (sv_cut(&rest, '\n', &line)) {
		bool blank = sv_trim(line).n == 0;
		int deeper = 0;

		if (blank || stands_alone(line) || !width)
			end_line(&w);
		if (blank) {
			str_addc(&o->buf, '\n');
			continue;
		}
		while ((size_t)deeper < line.n && line.p[deeper] == ' ')
			deeper++;
		add_words(&w, sv_trim(line), indent + deeper);
	}
	end_line(&w);
}

void
wrap_lines(struct out *o, struct sv text, int indent)
{
	struct sv rest = body(text), line;

	while (sv_cut(&rest, '\n', &line)) {
		if (line.n)
			str_addf(&o->buf, "%*s", indent, "");
		out_text(o, line.p, line.n, 0);
		str_addc(&o->buf, '\n');
	}
}
