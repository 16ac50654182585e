/* How hosts say until when a quota is used up, or for how long. */
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/when.h"
#include "host/class.h"
#include "host/usd.h"

#define YEAR_S (366 * 86400LL)
#define MILLIS 100000000000LL    /* seconds would be the year 5138 */
#define MICROS 100000000000000LL /* milliseconds would be, too */
#define LAST 8000000000000000LL  /* the year 2223, in microseconds */

/* ---- by the clock of this machine: who writes so means people at it ---- */

/* "Nov 21st, 2026", "Nov 21, 2026" or "Nov 21" with what parts it from the
 * time; NULL when there is none. */
static const char *
spoken_day(const char *at, struct tm *tm, bool *year)
{
	struct tm dated = { 0 };
	const char *next;

	at = strptime(at, "%b %d", tm);
	if (!at)
		return NULL;
	if (strspn(at, "sthndr") == 2)
		at += 2;
	next = strptime(at, ", %Y", &dated);
	*year = next && next - at > 5;
	if (*year) {
		tm->tm_year = dated.tm_year;
		at = next;
	}
	return at + strspn(at, ", ");
}

/* "2:04 AM", "3:30pm" or "3pm", and nothing behind it. */
static bool
spoken_hour(const char *at, struct tm *tm)
{
	static const char *const forms[] = { "%I:%M %p", "%I %p" };
	const char *end = NULL;

	for (size_t i = 0; i < COUNT(forms) && !end; i++) {
		tm->tm_min = 0;
		end = strptime(at, forms[i], tm);
	}
	return end && !*end;
}

/* A time without its day is the next one, and a day without its year, too;
 * the minute that runs has not gone by. */
static bool
spoken_time(struct sv s, long long now_us, long long *us)
{
	time_t now = (time_t)(now_us / 1000000), t;
	struct tm tm, given;
	char text[64];
	const char *at;
	bool day, year = false;

	if (s.n >= sizeof(text) || !localtime_r(&now, &tm))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	tm.tm_sec = 0;
	tm.tm_isdst = -1;
	at = spoken_day(text, &tm, &year);
	day = at != NULL;
	if (!spoken_hour(day ? at : text, &tm))
		return false;
	given = tm;
	t = mktime(&tm);
	if (!year && t + 60 <= now) {
		given.tm_mday += !day;
		given.tm_year += day;
		t = mktime(&given);
	}
	if (t <= 0 || t > LAST / 1000000)
		return false;
	*us = t * 1000000LL;
	return true;
}

bool
class_until(struct sv s, long long now_us, long long *us)
{
	long long n;

	s = sv_trim(s);
	if (!sv_to_long(s, 1, LAST, &n))
		return when_time(s, us) || spoken_time(s, now_us, us);
	if (n < MILLIS)
		n *= 1000000;
	else if (n < MICROS)
		n *= 1000;
	*us = n;
	return true;
}

/* Cut a decimal off, in millionths. */
static bool
cut_decimal(struct sv *s, long long *millionths)
{
	size_t n = 0;

	while (n < s->n && (isdigit((unsigned char)s->p[n]) || s->p[n] == '.'))
		n++;
	if (!usd_parse(sv_make(s->p, n), millionths))
		return false;
	*s = sv_make(s->p + n, s->n - n);
	return true;
}

static size_t
letters(struct sv s)
{
	size_t n = 0;

	while (n < s.n && isalpha((unsigned char)s.p[n]))
		n++;
	return n;
}

/* How many thousandths of a second a unit has; 0 for none. */
static long long
unit_ms(struct sv word)
{
	static const struct {
		const char *names[4];
		long long ms;
	} units[] = {
		{ { "ms", "millisecond", "milliseconds" }, 1 },
		{ { "s", "sec", "second", "seconds" }, 1000 },
		{ { "m", "min", "minute", "minutes" }, 60000 },
		{ { "h", "hr", "hour", "hours" }, 3600000 },
		{ { "d", "day", "days" }, 86400000 },
	};

	if (!word.n)
		return 1000;
	for (size_t i = 0; i < COUNT(units); i++)
		for (size_t k = 0; k < 4 && units[i].names[k]; k++)
			if (sv_eq(word, units[i].names[k]))
				return units[i].ms;
	return 0;
}

bool
class_after(struct sv s, long long *us)
{
	long long sum = 0, n;

	s = sv_trim(s);
	do {
		size_t len;
		long long ms;

		if (!cut_decimal(&s, &n))
			return false;
		s = sv_trim(s);
		len = letters(s);
		ms = unit_ms(sv_make(s.p, len));
		if (!ms || n / 1000 > YEAR_S * 1000000 / ms)
			return false;
		sum += n * ms / 1000;
		s = sv_trim(sv_make(s.p + len, s.n - len));
		if (sv_starts(s, ","))
			s = sv_trim(sv_make(s.p + 1, s.n - 1));
	} while (s.n && sum <= YEAR_S * 1000000);
	if (sum > YEAR_S * 1000000)
		return false;
	*us = sum;
	return true;
}
