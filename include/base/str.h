/*
 * Growing text (git's strbuf, house 1.2): `buf` is never NULL and always
 * NUL-ended, `len` counts bytes without that NUL; bytes may be anything.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stddef.h>

#include "base/sv.h"

struct str {
	char *buf;
	size_t len, room; /* room 0: `buf` is the shared empty string */
};

extern char str_empty[1];
#define STR_INIT                \
	{                       \
		str_empty, 0, 0 \
	}

void str_release(struct str *);
/* Empty, room kept. */
void str_reset(struct str *);
/* Make room for `more` bytes beyond `len`. */
void str_reserve(struct str *, size_t more);
/* Cut to `len` bytes; `len` must not be larger than now. */
void str_cut(struct str *, size_t len);
void str_addc(struct str *, char c);
void str_adds(struct str *, const char *s);
void str_add(struct str *, const void *p, size_t n);
void str_addsv(struct str *, struct sv);
void str_addf(struct str *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* The text, which the caller frees; the str is empty and ready again. */
char *str_detach(struct str *);
struct sv str_sv(const struct str *);

#define auto_str __attribute__((cleanup(str_release))) struct str

#endif
