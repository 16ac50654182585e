/*
 * Where text goes: a buffer with a way out.  Owns the colours and the signs
 * and their plain forms.  Refuses to fail: a reader that is gone switches the
 * display off, it never stops a run.
 */
#include "show/out.h"

#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"

void
out_flush(struct out *o)
{
	if (!o->write)
		return;
	if (!o->lost && o->buf.len)
		o->lost = o->write(o->self, o->buf.buf, o->buf.len);
	str_reset(&o->buf);
}

void
out_release(struct out *o)
{
	str_release(&o->buf);
}

static const char *const paints[PAINTS] = {
	[PAINT_NONE] = "",
	[PAINT_BOLD] = "1",
	[PAINT_DIM] = "2",
	[PAINT_GOOD] = "32",
	[PAINT_BAD] = "31",
	[PAINT_WARN] = "33",
	[PAINT_NOTE] = "36",
};

void
out_paint(struct out *o, enum paint how, const char *text)
{
	bool on = o->colour && how != PAINT_NONE && *text;

	if (on)
		str_addf(&o->buf, "\x1b[%sm", paints[how]);
	str_adds(&o->buf, text);
	if (on)
		str_adds(&o->buf, "\x1b[0m");
}

void
out_paintf(struct out *o, enum paint how, const char *fmt, ...)
{
	auto_str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	out_paint(o, how, text.buf);
}

static const struct {
	const char *fine, *plain;
} glyphs[GLYPHS] = {
	[GLYPH_YES] = { "\xe2\x9c\x93", "+" },
	[GLYPH_NO] = { "\xe2\x9c\x97", "x" },
	[GLYPH_WORD] = { "\xe2\x80\xa2", "*" },
	[GLYPH_ARROW] = { "\xe2\x86\x92", "->" },
	[GLYPH_MORE] = { "\xe2\x80\xa6", "..." },
};

const char *
out_glyph(const struct out *o, enum glyph g)
{
	return o->utf8 ? glyphs[g].fine : glyphs[g].plain;
}

/* Bytes of what fits into `max` columns of a valid text. */
static size_t
head(const char *p, size_t n, size_t max)
{
	size_t at = 0, used = 0;

	while (at < n) {
		size_t k = utf8_len(p + at, n - at);

		used += utf8_columns(p + at, k);
		if (used > max)
			break;
		at += k;
	}
	return at;
}

void
out_text(struct out *o, const char *p, size_t n, int max)
{
	const char *more = out_glyph(o, GLYPH_MORE);
	size_t room = (size_t)max, mark = utf8_columns(more, strlen(more));
	auto_str shown = STR_INIT;

	utf8_show(&shown, p, n);
	if (max <= 0 || utf8_columns(shown.buf, shown.len) <= room) {
		str_add(&o->buf, shown.buf, shown.len);
		return;
	}
	room = room > mark ? room - mark : 0;
	str_add(&o->buf, shown.buf, head(shown.buf, shown.len, room));
	str_adds(&o->buf, more);
}

int
out_column(const struct out *o)
{
	const struct str *b = &o->buf;
	const char *nl = b->len ? memrchr(b->buf, '\n', b->len) : NULL;
	const char *p = nl ? nl + 1 : b->buf;
	int n = 0;

	while (p < b->buf + b->len) {
		size_t k = strcspn(p, "\x1b");

		n += (int)utf8_columns(p, k);
		p += k;
		if (*p)
			p += strcspn(p, "m") + 1;
	}
	return n;
}
