/*
 * What a plain scalar means: YAML 1.2's core schema, with binary and hex
 * numbers as the reference reads them, without its octal, base 60, dates
 * and `yes`/`no`.  Whatever does not fit exactly stays text.
 */
#include "text/yml.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"

static const struct word {
	const char *text;
	enum val_kind kind;
	double value;
} words[] = {
	{ "", VAL_NULL, 0 },
	{ "~", VAL_NULL, 0 },
	{ "null", VAL_NULL, 0 },
	{ "Null", VAL_NULL, 0 },
	{ "NULL", VAL_NULL, 0 },
	{ "true", VAL_BOOL, 1 },
	{ "True", VAL_BOOL, 1 },
	{ "TRUE", VAL_BOOL, 1 },
	{ "false", VAL_BOOL, 0 },
	{ "False", VAL_BOOL, 0 },
	{ "FALSE", VAL_BOOL, 0 },
	{ ".inf", VAL_REAL, INFINITY },
	{ ".Inf", VAL_REAL, INFINITY },
	{ ".INF", VAL_REAL, INFINITY },
	{ "+.inf", VAL_REAL, INFINITY },
	{ "-.inf", VAL_REAL, -INFINITY },
	{ "-.Inf", VAL_REAL, -INFINITY },
	{ "-.INF", VAL_REAL, -INFINITY },
	{ ".nan", VAL_REAL, NAN },
	{ ".NaN", VAL_REAL, NAN },
	{ ".NAN", VAL_REAL, NAN },
};

static size_t
digits(struct sv t)
{
	size_t n = 0;

	while (n < t.n && t.p[n] >= '0' && t.p[n] <= '9')
		n++;
	return n;
}

static struct sv
skip(struct sv t, size_t n)
{
	return sv_make(t.p + n, t.n - n);
}

static bool
has_sign(struct sv t)
{
	return t.n && (t.p[0] == '-' || t.p[0] == '+');
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* `0x1F` and `0b11`, after the sign. */
static bool
prefixed_int(struct sv t, bool negative, long long *out)
{
	int base = sv_starts(t, "0x") ? 16 : sv_starts(t, "0b") ? 2 : 0;
	unsigned long long n = 0;

	if (!base || t.n < 3 || t.n > 65)
		return false;
	for (size_t i = 2; i < t.n; i++) {
		int d = digit_value(t.p[i]);

		if (d >= base || n > (0x7fffffffffffffffULL >> 4))
			return false;
		n = n * (unsigned)base + (unsigned)d;
	}
	*out = negative ? -(long long)n : (long long)n;
	return true;
}

static bool
whole_number(struct sv t, long long *out)
{
	bool negative = t.n && t.p[0] == '-';
	struct sv bare = skip(t, has_sign(t));

	if (prefixed_int(bare, negative, out))
		return true;
	if (bare.n == 0 || digits(bare) != bare.n)
		return false;
	if (bare.n > 1 && bare.p[0] == '0')
		return false;
	return sv_to_long(negative ? t : bare, -0x7fffffffffffffffLL - 1,
	    0x7fffffffffffffffLL, out);
}

/* [sign] digits [. digits] [e [sign] digits], and `.5`. */
static bool
is_real(struct sv t)
{
	size_t whole, part = 0;
	bool point;

	t = skip(t, has_sign(t));
	whole = digits(t);
	if (whole > 1 && t.p[0] == '0' && whole < t.n && t.p[whole] != '.')
		return false;
	t = skip(t, whole);
	point = t.n && t.p[0] == '.';
	if (point) {
		t = skip(t, 1);
		part = digits(t);
		t = skip(t, part);
	}
	if (whole + part == 0 || (!point && t.n == 0))
		return false;
	if (t.n == 0)
		return true;
	if (t.p[0] != 'e' && t.p[0] != 'E')
		return false;
	t = skip(t, 1);
	t = skip(t, has_sign(t));
	return t.n && digits(t) == t.n;
}

struct val *
yml_scalar(struct arena *a, struct sv text)
{
	long long i;
	double r;

	for (size_t k = 0; k < COUNT(words); k++) {
		if (!sv_eq(text, words[k].text))
			continue;
		if (words[k].kind == VAL_NULL)
			return val_null(a);
		if (words[k].kind == VAL_BOOL)
			return val_bool(a, words[k].value != 0);
		return val_real(a, words[k].value);
	}
	if (whole_number(text, &i))
		return val_int(a, i);
	if (is_real(text) && sv_to_real(text, &r))
		return val_real(a, r);
	return val_bytes(a, text.p, text.n);
}
