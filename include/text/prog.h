/*
 * Program text in another language (rules R6 and R7 of data-refs.md): where
 * in it a reference stands, and what must be done to a value so that it
 * cannot leave that place.
 */
#ifndef TEXT_PROG_H
#define TEXT_PROG_H

#include "base/err.h"
#include "base/str.h"
#include "base/sv.h"

/* What a value goes through on its way into a variable. */
enum enc {
	ENC_RAW,     /* the bytes */
	ENC_PY,      /* inside a Python literal */
	ENC_PYF,     /* inside an f-string */
	ENC_PYNOTE,  /* in a Python comment */
	ENC_PYCODE,  /* bare Python: one token */
	ENC_JS,      /* inside a JavaScript literal */
	ENC_JSNOTE,  /* in a JavaScript comment */
	ENC_JSCODE,  /* bare JavaScript: one token */
	ENC_LITERAL, /* raw or byte literal: one token, with "/" */
	ENC_CODE,    /* any other program text: one token */
	ENC_SHCODE,  /* shell program text: one token, with "/" */
	ENC_SHWORD,  /* the same, unquoted: `:shell` may hold anything */
	ENC_INTEGER, /* arithmetic */
	ENC_NAME,    /* must be an identifier */
	ENC_REFUSED, /* a command word of shell program text */
	ENC_COUNT
};

enum lang { LANG_NONE, LANG_PYTHON, LANG_JS, LANG_SHELL, LANG_OTHER };

/*
 * One byte of a text, or something that stands for more: a reference
 * (UNIT_ATOM + its number) or what the shell will put there (UNIT_OPAQUE).
 * `off`, `len`: the bytes of the source it came from.
 */
enum { UNIT_ATOM = 256, UNIT_END = -1, UNIT_OPAQUE = -2 };
struct unit {
	int c;
	unsigned off, len;
};

/* Find out where the references of a Python or JavaScript text stand:
 * enc[number] is set for each.  A text that cannot be read is all bare. */
void prog_python(const struct unit *, size_t n, unsigned char *enc);
void prog_js(const struct unit *, size_t n, unsigned char *enc);

/* Append the value as `enc` wants it; -1 and *e (ERR_INPUT, "must be ...")
 * when it cannot stand there. */
int prog_encode(enum enc, struct sv value, struct str *out, struct err *);
/* "python literal", "one token", ...: for the journal. */
const char *enc_name(enum enc);

#endif
