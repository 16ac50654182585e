/* Growing text: see str.h for the invariants, which every function keeps. */
#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ADDF_ROOM = 48 }; /* most pieces are shorter */

char str_empty[1];

void
str_release(struct str *s)
{
	if (s->room)
		free(s->buf);
	*s = (struct str)STR_INIT;
}

void
str_reset(struct str *s)
{
	str_cut(s, 0);
}

void
str_reserve(struct str *s, size_t more)
{
	size_t want;

	if (more > SIZE_MAX / 4 || s->len > SIZE_MAX / 4)
		abort();
	want = s->len + more + 1;
	if (want <= s->room)
		return;
	if (want < s->room + s->room / 2)
		want = s->room + s->room / 2;
	if (want < 32)
		want = 32;
	s->buf = mem_grow(s->room ? s->buf : NULL, want);
	s->buf[s->len] = '\0';
	s->room = want;
}

void
str_cut(struct str *s, size_t len)
{
	if (len < s->len || s->room)
		s->buf[len] = '\0';
	s->len = len;
}

void
str_add(struct str *s, const void *p, size_t n)
{
	if (n == 0)
		return;
	str_reserve(s, n);
	memcpy(s->buf + s->len, p, n);
	str_cut(s, s->len + n);
}

void
str_addc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void
str_adds(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void
str_addsv(struct str *s, struct sv v)
{
	str_add(s, v.p, v.n);
}

void
str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	size_t room = ADDF_ROOM;
	int n;

	va_copy(again, ap);
	str_reserve(s, room);
	n = vsnprintf(s->buf + s->len, room + 1, fmt, again);
	va_end(again);
	if (n < 0)
		abort();
	if ((size_t)n > room) {
		str_reserve(s, (size_t)n);
		vsnprintf(s->buf + s->len, (size_t)n + 1, fmt, ap);
	}
	s->len += (size_t)n;
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

char *
str_detach(struct str *s)
{
	char *text = s->room ? s->buf : mem_dup("", 0);

	*s = (struct str)STR_INIT;
	return text;
}

struct sv
str_sv(const struct str *s)
{
	return (struct sv) { s->buf, s->len };
}
