/*
 * Findings as text.  The caret line repeats the tabs of the source line, so
 * that it stands right whatever the terminal's tabs are; a line that is too
 * long is shown around the place.
 */
#include "show/diagnostics.h"

#include <string.h>

#include "base/utf8.h"

enum { LINE_WIDTH = 100, INDENT = 4, LEAST = 12 };

static bool
find_line(
    const struct source *s, size_t n, const struct place *at, struct sv *line)
{
	struct sv rest;
	int k = 0;

	for (size_t i = 0; i < n; i++) {
		if (!at->file || strcmp(s[i].file, at->file) != 0)
			continue;
		rest = s[i].text;
		while (sv_cut(&rest, '\n', line))
			if (++k == at->line)
				return true;
	}
	return false;
}

/* Bytes of the first `count` characters. */
static size_t
chars(struct sv s, int count)
{
	size_t at = 0;

	for (; count > 0 && at < s.n; count--) {
		size_t k = utf8_len(s.p + at, s.n - at);

		at += k ? k : 1;
	}
	return at;
}

/* Bytes to leave out so that at most `most` columns are before `at`. */
static size_t
skipped(struct sv line, size_t at, size_t most)
{
	size_t skip = 0, before = utf8_columns(line.p, at);

	while (before > most) {
		size_t k = utf8_len(line.p + skip, at - skip);

		k = k ? k : 1;
		before -= utf8_columns(line.p + skip, k);
		skip += k;
	}
	return skip;
}

static void
add_caret(struct out *o, struct sv line, int col)
{
	int room = o->width - INDENT;
	size_t at = chars(line, col - 1), skip;
	auto_str shown = STR_INIT;

	if (room > LINE_WIDTH || o->width <= 0)
		room = LINE_WIDTH;
	skip = skipped(line, at, (size_t)(room > LEAST ? room : LEAST) * 3 / 5);
	str_addf(&o->buf, "%*s", INDENT, "");
	out_text(o, line.p + skip, line.n - skip, room > LEAST ? room : LEAST);
	str_addf(&o->buf, "\n%*s", INDENT, "");
	utf8_show(&shown, line.p + skip, at - skip);
	for (size_t i = 0, k; i < shown.len; i += k) {
		k = utf8_len(shown.buf + i, shown.len - i);
		if (shown.buf[i] == '\t')
			str_addc(&o->buf, '\t');
		else
			str_addf(&o->buf, "%*s",
			    (int)utf8_columns(shown.buf + i, k), "");
	}
	out_paint(o, PAINT_GOOD, "^");
	str_addc(&o->buf, '\n');
}

static void
add_one(struct out *o, const struct diag *d, const struct source *s, size_t n)
{
	bool error = d->sev == SEV_ERROR;
	struct sv line;

	if (d->at.file) {
		utf8_show_line(&o->buf, d->at.file, strlen(d->at.file));
		if (d->at.line)
			str_addf(&o->buf, ":%d", d->at.line);
		if (d->at.line && d->at.col)
			str_addf(&o->buf, ":%d", d->at.col);
		str_adds(&o->buf, ": ");
	}
	out_paint(
	    o, error ? PAINT_BAD : PAINT_WARN, error ? "error" : "warning");
	str_addf(&o->buf, " %s: ", d->id);
	if (!d->at.line && d->path && strcmp(d->path, "<root>") != 0) {
		utf8_show_line(&o->buf, d->path, strlen(d->path));
		str_adds(&o->buf, ": ");
	}
	utf8_show_line(&o->buf, d->msg, strlen(d->msg));
	str_addc(&o->buf, '\n');
	if (o->tty && d->at.line && d->at.col && find_line(s, n, &d->at, &line))
		add_caret(o, line, d->at.col);
}

void
diagnostics_show(struct out *o, const struct diags *d, const struct source *s,
    size_t nsources)
{
	for (size_t i = 0; i < d->len; i++)
		add_one(o, &d->at[i], s, nsources);
}

static void
add_count(struct out *o, size_t n, const char *word)
{
	str_addf(&o->buf, "%zu %s%s", n, word, n == 1 ? "" : "s");
}

void
diagnostics_sum(struct out *o, const struct diags *d, const char *name)
{
	out_text(o, name, strlen(name), 0);
	str_adds(&o->buf, " is ");
	out_paint(o, d->errors ? PAINT_BAD : PAINT_GOOD,
	    d->errors ? "invalid" : "valid");
	if (d->errors || d->warnings)
		str_adds(&o->buf, ": ");
	if (d->errors)
		add_count(o, d->errors, "error");
	if (d->errors && d->warnings)
		str_adds(&o->buf, ", ");
	if (d->warnings)
		add_count(o, d->warnings, "warning");
	str_addc(&o->buf, '\n');
}
