/* UTF-8 by the table of RFC 3629 section 4. */
#include "base/utf8.h"

#include <string.h>

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

size_t
utf8_len(const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;

	if (n == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		return n >= 2 && is_tail(p[1]) ? 2 : 0;
	if (p[0] >= 0xe0 && p[0] <= 0xef) {
		if (n < 3 || !is_tail(p[1]) || !is_tail(p[2]))
			return 0;
		if (p[0] == 0xe0 && p[1] < 0xa0)
			return 0;
		return p[0] == 0xed && p[1] > 0x9f ? 0 : 3;
	}
	if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		if (n < 4 || !is_tail(p[1]) || !is_tail(p[2]) || !is_tail(p[3]))
			return 0;
		if (p[0] == 0xf0 && p[1] < 0x90)
			return 0;
		return p[0] == 0xf4 && p[1] > 0x8f ? 0 : 4;
	}
	return 0;
}

bool
utf8_valid(const char *p, size_t n)
{
	while (n) {
		size_t k = utf8_len(p, n);

		if (k == 0)
			return false;
		p += k;
		n -= k;
	}
	return true;
}

size_t
utf8_floor(const char *p, size_t n, size_t max)
{
	size_t at = max;

	if (n <= max)
		return n;
	while (at > 0 && max - at < 3 && is_tail((unsigned char)p[at]))
		at--;
	return is_tail((unsigned char)p[at]) ? max : at;
}

void
utf8_repair(struct str *out, const char *p, size_t n)
{
	while (n) {
		size_t k = utf8_len(p, n);

		if (k)
			str_add(out, p, k);
		else
			str_adds(out, "\xef\xbf\xbd");
		p += k ? k : 1;
		n -= k ? k : 1;
	}
}

void
utf8_show(struct str *out, const char *p, size_t n)
{
	while (n) {
		size_t k = utf8_len(p, n);
		unsigned char c = (unsigned char)*p;

		if (k == 0)
			str_adds(out, "\xef\xbf\xbd");
		else if (k == 1 && (c < 0x20 || c == 0x7f) && c != '\n' &&
		    c != '\t')
			str_addf(out, "\\x%02x", c);
		else if (k == 2 && c == 0xc2 && (unsigned char)p[1] < 0xa0)
			str_addf(out, "\\x%02x", (unsigned char)p[1]);
		else
			str_add(out, p, k);
		p += k ? k : 1;
		n -= k ? k : 1;
	}
}

void
utf8_show_line(struct str *out, const char *p, size_t n)
{
	while (n) {
		const char *end = memchr(p, '\n', n);
		size_t k = end ? (size_t)(end - p) : n;

		utf8_show(out, p, k);
		if (end)
			str_adds(out, "\\x0a");
		k += end != NULL;
		p += k;
		n -= k;
	}
}

bool
utf8_is_plain(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == 0x7f ||
		    (c == 0xc2 && i + 1 < n && (unsigned char)p[i + 1] < 0xa0))
			return false;
	}
	return true;
}

size_t
utf8_count(const char *p, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += !is_tail((unsigned char)p[i]);
	return count;
}

/* As terminals have it, in ranges wide enough to be few. */
static const struct {
	unsigned from, to;
	unsigned char columns;
} widths[] = {
	{ 0x0300, 0x036f, 0 },
	{ 0x1100, 0x115f, 2 },
	{ 0x200b, 0x200f, 0 },
	{ 0x2e80, 0x303e, 2 },
	{ 0x3041, 0xa4cf, 2 },
	{ 0xac00, 0xd7a3, 2 },
	{ 0xf900, 0xfaff, 2 },
	{ 0xfe00, 0xfe0f, 0 },
	{ 0xfe30, 0xfe6f, 2 },
	{ 0xff00, 0xff60, 2 },
	{ 0xffe0, 0xffe6, 2 },
	{ 0x1f300, 0x1f64f, 2 },
	{ 0x1f680, 0x1f6ff, 2 },
	{ 0x1f900, 0x1f9ff, 2 },
	{ 0x20000, 0x3fffd, 2 },
};

/* Of a valid sequence of `k` bytes. */
static unsigned
code_point(const char *p, size_t k)
{
	unsigned c = (unsigned char)*p;

	if (k > 1)
		c &= 0x7fU >> k;
	for (size_t i = 1; i < k; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

size_t
utf8_columns(const char *p, size_t n)
{
	size_t sum = 0;

	while (n) {
		size_t k = utf8_len(p, n), one = 1;
		unsigned c = k > 1 ? code_point(p, k) : 0;

		for (size_t i = 0; c && i < sizeof(widths) / sizeof(*widths);
		     i++)
			if (c >= widths[i].from && c <= widths[i].to)
				one = widths[i].columns;
		sum += one;
		p += k ? k : 1;
		n -= k ? k : 1;
	}
	return sum;
}
