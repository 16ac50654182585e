/*
 * Exact money.  Reads decimals digit by digit, because a double has lost the
 * last digit of some prices before anybody looks at it.  Owns no state and
 * refuses what is no plain number.
 */
#include "host/usd.h"

#include <string.h>

enum { DIGITS_MAX = 400, EXPONENT_MAX = 400, DECIMALS = 6 };

/* A number in pieces: its digits without the point, and how many of them
 * stand before it. */
struct decimal {
	char digit[DIGITS_MAX];
	int n, point;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
digits_from(struct sv s, size_t at, struct decimal *d)
{
	for (; at < s.n && is_digit(s.p[at]) && d->n < DIGITS_MAX; at++)
		d->digit[d->n++] = s.p[at];
	return at;
}

/* What stands behind `e`; the place behind it, or 0 when it is none. */
static size_t
exponent_from(struct sv s, size_t at, int *exponent)
{
	bool less = at < s.n && s.p[at] == '-';
	size_t from;
	int n = 0;

	if (at < s.n && (s.p[at] == '-' || s.p[at] == '+'))
		at++;
	for (from = at; at < s.n && is_digit(s.p[at]); at++)
		if (n <= EXPONENT_MAX)
			n = n * 10 + (s.p[at] - '0');
	*exponent = less ? -n : n;
	return at > from ? at : 0;
}

/* Bytes of the number that begins `s`, 0 when there is none. */
static size_t
number_at(struct sv s, struct decimal *d)
{
	size_t at, before;
	int exponent = 0;

	*d = (struct decimal) { .n = 0 };
	at = digits_from(s, 0, d);
	d->point = d->n;
	if (!at || (at > 1 && s.p[0] == '0'))
		return 0;
	if (at < s.n && s.p[at] == '.') {
		before = at + 1;
		at = digits_from(s, before, d);
		if (at == before)
			return 0;
	}
	if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
		at = exponent_from(s, at + 1, &exponent);
		if (!at)
			return 0;
	}
	d->point += exponent;
	return at;
}

bool
usd_parse(struct sv s, long long *micro)
{
	struct decimal d = { .n = 0 };
	long long v = 0;
	int last;

	if (number_at(s, &d) != s.n || !s.n)
		return false;
	last = d.point + DECIMALS;
	for (int i = 0; i < last; i++) {
		v = v * 10 + (i < d.n ? d.digit[i] - '0' : 0);
		if (v > USD_MAX)
			return false;
	}
	if (last >= 0 && last < d.n && d.digit[last] >= '5')
		v++;
	if (v > USD_MAX)
		return false;
	*micro = v;
	return true;
}

long long
usd_add(long long a, long long b)
{
	return a > USD_MAX - b ? USD_MAX : a + b;
}

void
usd_write(struct str *out, long long micro)
{
	str_addf(out, "%lld.%06lld", micro / 1000000, micro % 1000000);
}

/* Bytes of the string literal that begins here; all when it has no end. */
static size_t
string_len(const char *p, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (p[i] == '\\')
			i++;
		else if (p[i] == '"')
			return i + 1;
	}
	return n;
}

static bool
in_number(char c)
{
	return is_digit(c) || (c && strchr("+-.eE", c));
}

/* Is it one whole number, and no integer? */
static bool
is_decimal(struct sv s)
{
	size_t sign = s.n && s.p[0] == '-';
	struct decimal d;

	return number_at(sv_make(s.p + sign, s.n - sign), &d) == s.n - sign &&
	    (memchr(s.p, '.', s.n) || memchr(s.p, 'e', s.n) ||
		memchr(s.p, 'E', s.n));
}

void
usd_quote_decimals(struct str *out, const char *p, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		bool quote = false;

		len = 1;
		if (p[i] == '"') {
			len = string_len(p + i, n - i);
		} else if (is_digit(p[i]) || p[i] == '-') {
			while (i + len < n && in_number(p[i + len]))
				len++;
			quote = is_decimal(sv_make(p + i, len));
		}
		if (quote)
			str_addc(out, '"');
		str_add(out, p + i, len);
		if (quote)
			str_addc(out, '"');
	}
}
