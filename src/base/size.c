/*
 * Sizes.  Units are those of coreutils: the bare letter and the "iB" form
 * count by 1024, the "B" form by 1000.  Larger numbers than a real holds
 * exactly are refused rather than rounded.
 */
#include "base/size.h"

#include <string.h>
#include <strings.h>

#include "base/auto.h"

#define SIZE_TOP (1LL << 53)

static const struct unit {
	const char *name;
	long long bytes;
	bool shown; /* size_add() writes it */
} units[] = {
	{ "TiB", 1LL << 40, true },
	{ "GiB", 1LL << 30, true },
	{ "MiB", 1LL << 20, true },
	{ "KiB", 1LL << 10, true },
	{ "T", 1LL << 40, false },
	{ "G", 1LL << 30, false },
	{ "M", 1LL << 20, false },
	{ "K", 1LL << 10, false },
	{ "TB", 1000LL * 1000 * 1000 * 1000, false },
	{ "GB", 1000LL * 1000 * 1000, false },
	{ "MB", 1000LL * 1000, false },
	{ "KB", 1000LL, false },
	{ "B", 1, false },
};

static long long
unit_bytes(struct sv name)
{
	if (name.n == 0)
		return 1;
	for (size_t i = 0; i < COUNT(units); i++)
		if (strlen(units[i].name) == name.n &&
		    strncasecmp(units[i].name, name.p, name.n) == 0)
			return units[i].bytes;
	return 0;
}

/* The digits and at most one point at the front of `text`. */
static struct sv
number_part(struct sv text)
{
	size_t n = 0;

	while (n < text.n &&
	    ((text.p[n] >= '0' && text.p[n] <= '9') || text.p[n] == '.'))
		n++;
	return sv_make(text.p, n);
}

bool
size_parse(struct sv text, long long *out)
{
	struct sv number = number_part(text), rest;
	long long whole, unit;
	double real;

	if (number.n == 0)
		return false;
	rest = sv_make(text.p + number.n, text.n - number.n);
	if (rest.n > 1 && rest.p[0] == ' ')
		rest = sv_make(rest.p + 1, rest.n - 1);
	unit = unit_bytes(rest);
	if (unit == 0)
		return false;
	if (sv_to_long(number, 0, SIZE_TOP / unit, &whole)) {
		*out = whole * unit;
		return true;
	}
	if (unit == 1 || number.p[0] == '.' || number.p[number.n - 1] == '.' ||
	    !sv_to_real(number, &real) ||
	    real * (double)unit > (double)SIZE_TOP)
		return false;
	*out = (long long)(real * (double)unit);
	return true;
}

void
size_add(struct str *out, long long n)
{
	for (size_t i = 0; n > 0 && i < COUNT(units); i++) {
		if (!units[i].shown || n % units[i].bytes)
			continue;
		str_addf(out, "%lld %s", n / units[i].bytes, units[i].name);
		return;
	}
	str_addf(out, "%lld", n);
}
