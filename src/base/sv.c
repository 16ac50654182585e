/* Slices and strict numbers: the one place where text becomes a number. */
#include "base/sv.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sv
sv(const char *s)
{
	return (struct sv) { s, strlen(s) };
}

struct sv
sv_make(const char *p, size_t n)
{
	return (struct sv) { p, n };
}

bool
sv_eq(struct sv a, const char *s)
{
	size_t n = strlen(s);

	return a.n == n && (n == 0 || memcmp(a.p, s, n) == 0);
}

bool
sv_starts(struct sv a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.n >= n && (n == 0 || memcmp(a.p, prefix, n) == 0);
}

bool
sv_ends(struct sv a, const char *suffix)
{
	size_t n = strlen(suffix);

	return a.n >= n && (n == 0 || memcmp(a.p + a.n - n, suffix, n) == 0);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct sv
sv_trim(struct sv a)
{
	while (a.n && is_blank(a.p[0])) {
		a.p++;
		a.n--;
	}
	while (a.n && is_blank(a.p[a.n - 1]))
		a.n--;
	return a;
}

struct sv
sv_chomp(struct sv a)
{
	while (a.n && (a.p[a.n - 1] == '\n' || a.p[a.n - 1] == '\r'))
		a.n--;
	return a;
}

bool
sv_cut(struct sv *rest, char sep, struct sv *field)
{
	const char *at;

	if (!rest->p)
		return false;
	at = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
	field->p = rest->p;
	if (!at) {
		field->n = rest->n;
		*rest = (struct sv) { NULL, 0 };
		return true;
	}
	field->n = (size_t)(at - rest->p);
	rest->p = at + 1;
	rest->n -= field->n + 1;
	return true;
}

bool
sv_to_long(struct sv a, long long min, long long max, long long *out)
{
	unsigned long long n = 0, top;
	bool neg = a.n > 1 && a.p[0] == '-';
	size_t i = neg ? 1 : 0;
	long long got;

	top = neg ? (unsigned long long)0x7fffffffffffffffLL + 1
		  : (unsigned long long)0x7fffffffffffffffLL;
	if (i >= a.n)
		return false;
	for (; i < a.n; i++) {
		unsigned d = (unsigned)(a.p[i] - '0');

		if (d > 9 || n > (top - d) / 10)
			return false;
		n = n * 10 + d;
	}
	got = neg ? (long long)(0 - n) : (long long)n;
	if (got < min || got > max)
		return false;
	*out = got;
	return true;
}

bool
sv_to_real(struct sv a, double *out)
{
	char buf[64], *end;
	double got;

	if (a.n == 0 || a.n >= sizeof(buf))
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (!strchr("+-0123456789.eE", a.p[i]) || a.p[i] == '\0')
			return false;
	memcpy(buf, a.p, a.n);
	buf[a.n] = '\0';
	errno = 0;
	got = strtod(buf, &end);
	if (*end != '\0' || end == buf || !isfinite(got))
		return false;
	*out = got;
	return true;
}

int
sv_distance(const char *a, const char *b, int max)
{
	int row[65], la = (int)strlen(a), lb = (int)strlen(b);

	if (la > 64 || lb > 64 || abs(la - lb) > max)
		return max + 1;
	for (int j = 0; j <= lb; j++)
		row[j] = j;
	for (int i = 1; i <= la; i++) {
		int diag = row[0];

		row[0] = i;
		for (int j = 1; j <= lb; j++) {
			int best = diag + (a[i - 1] != b[j - 1]);

			diag = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb] > max ? max + 1 : row[lb];
}
