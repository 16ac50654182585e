/*
 * A place to show text: colour, width and glyphs are decided once by cmd/,
 * which also owns the descriptor behind `write`.  What cannot be written any
 * more is dropped without a word: a run goes on when nobody listens.
 */
#ifndef SHOW_OUT_H
#define SHOW_OUT_H

#include <stdbool.h>

#include "base/str.h"

struct out {
	/* All bytes or an errno; NULL: everything stays in `buf`. */
	int (*write)(void *self, const char *p, size_t n);
	void *self;
	struct str buf; /* not yet written; append to it freely */
	int lost;       /* errno of the write that failed: it is off now */
	bool tty, colour, utf8;
	int width; /* columns; 0: unknown, do not cut */
};

/* Give what is in `buf` to `write`. After a failure: nothing, for ever. */
void out_flush(struct out *);
void out_release(struct out *);

/* Colours, by meaning. */
enum paint {
	PAINT_NONE,
	PAINT_BOLD,
	PAINT_DIM,
	PAINT_GOOD,
	PAINT_BAD,
	PAINT_WARN,
	PAINT_NOTE,
	PAINTS
};
/* Append `text` in this colour, or plain when colours are off. */
void out_paint(struct out *, enum paint, const char *text);
void out_paintf(struct out *, enum paint, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

enum glyph {
	GLYPH_YES,
	GLYPH_NO,
	GLYPH_WORD, /* neither */
	GLYPH_ARROW,
	GLYPH_MORE,
	GLYPHS
};
/* The sign, in ASCII when the locale is not UTF-8. */
const char *out_glyph(const struct out *, enum glyph);

/* Append bytes fit for a terminal (utf8_show), at most `max` characters,
 * ending in "..." when cut; max <= 0: all. */
void out_text(struct out *, const char *p, size_t n, int max);
/* Characters of the unwritten last line, colours not counted. */
int out_column(const struct out *);

#endif
