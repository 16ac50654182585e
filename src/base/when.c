/*
 * Ages and ISO times.  Owns the reading only; nothing here asks what time it
 * is.  Refuses what it would have to guess: a number without a unit, a day
 * that is not in the calendar, blanks around it.
 */
#include "base/when.h"

#include <string.h>
#include <time.h>

#include "base/auto.h"

enum { AGE_MAX = 1000000000 };

bool
when_age(struct sv text, long long *ms)
{
	static const struct {
		char letter;
		long long ms;
	} units[] = {
		{ 's', 1000 },
		{ 'm', 60 * 1000 },
		{ 'h', 3600 * 1000 },
		{ 'd', 86400LL * 1000 },
		{ 'w', 7 * 86400LL * 1000 },
	};
	long long n;

	if (text.n < 2 ||
	    !sv_to_long(sv_make(text.p, text.n - 1), 0, AGE_MAX, &n))
		return false;
	for (size_t i = 0; i < COUNT(units); i++) {
		if (units[i].letter != text.p[text.n - 1])
			continue;
		*ms = n * units[i].ms;
		return true;
	}
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Cut a number of exactly `n` digits in [min, max] off. */
static bool
cut_number(struct sv *s, size_t n, int min, int max, int *out)
{
	int v = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(s->p[i]))
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	if (v < min || v > max)
		return false;
	*s = sv_make(s->p + n, s->n - n);
	*out = v;
	return true;
}

static bool
cut_char(struct sv *s, const char *set)
{
	if (s->n == 0 || !s->p[0] || !strchr(set, s->p[0]))
		return false;
	*s = sv_make(s->p + 1, s->n - 1);
	return true;
}

static bool
cut_date(struct sv *s, struct tm *tm)
{
	int year, month;

	if (!cut_number(s, 4, 1970, 9999, &year) || !cut_char(s, "-") ||
	    !cut_number(s, 2, 1, 12, &month) || !cut_char(s, "-") ||
	    !cut_number(s, 2, 1, 31, &tm->tm_mday))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	return true;
}

/* ".25" in microseconds; what is finer is dropped. */
static bool
cut_fraction(struct sv *s, long long *us)
{
	long long unit = 100000;
	size_t n = 0;

	for (; n < s->n && is_digit(s->p[n]); n++, unit /= 10)
		*us += (s->p[n] - '0') * unit;
	*s = sv_make(s->p + n, s->n - n);
	return n > 0;
}

static bool
cut_clock(struct sv *s, struct tm *tm, long long *us)
{
	if (!cut_number(s, 2, 0, 23, &tm->tm_hour) || !cut_char(s, ":") ||
	    !cut_number(s, 2, 0, 59, &tm->tm_min))
		return false;
	if (!cut_char(s, ":"))
		return true;
	if (!cut_number(s, 2, 0, 59, &tm->tm_sec))
		return false;
	return !cut_char(s, ".") || cut_fraction(s, us);
}

/* What is to be taken off to get UTC, in seconds. */
static bool
cut_zone(struct sv *s, long long *seconds)
{
	int sign = s->n && s->p[0] == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (s->n == 0 || cut_char(s, "Zz"))
		return true;
	if (!cut_char(s, "+-") || !cut_number(s, 2, 0, 23, &hours))
		return false;
	cut_char(s, ":");
	if (!cut_number(s, 2, 0, 59, &minutes))
		return false;
	*seconds = sign * (hours * 3600LL + minutes * 60LL);
	return true;
}

bool
when_time(struct sv s, long long *wall_us)
{
	struct tm tm = { 0 };
	long long us = 0, zone = 0;
	int day;
	time_t t;

	if (!cut_date(&s, &tm))
		return false;
	day = tm.tm_mday;
	if (s.n &&
	    (!cut_char(&s, "Tt ") || !cut_clock(&s, &tm, &us) ||
		!cut_zone(&s, &zone) || s.n))
		return false;
	t = timegm(&tm);
	/* The 31st of June became the 1st of July. */
	if (tm.tm_mday != day)
		return false;
	*wall_us = ((long long)t - zone) * 1000000 + us;
	return true;
}
