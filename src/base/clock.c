/* The one door for time; tests freeze it with clock_fake(). */
#include "base/clock.h"

#include <string.h>
#include <time.h>

static long long fake_ms = -1;

/* What each clock did not count, and since when it stands still. */
static struct {
	long long lost_ns, since_ns;
} ms_clock, boot_clock;

static long long
read_ns(clockid_t id)
{
	struct timespec ts;

	if (fake_ms >= 0)
		return fake_ms * 1000000;
	clock_gettime(id, &ts);
	return (long long)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

long long
clock_ms(void)
{
	return (read_ns(CLOCK_MONOTONIC) - ms_clock.lost_ns) / 1000000;
}

long long
clock_boot_ms(void)
{
	return (read_ns(CLOCK_BOOTTIME) - boot_clock.lost_ns) / 1000000;
}

long long
clock_wall_us(void)
{
	return read_ns(CLOCK_REALTIME) / 1000;
}

struct civil {
	int year, month, day, hour, minute, second, us;
};

/* UTC of a moment.  Not gmtime_r(), which reads the time zone's files at its
 * first call and takes a lock at each: a record has a time, and a start must
 * cost nothing.  Days to dates: Howard Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms", civil_from_days. */
static struct civil
split(long long wall_us)
{
	long long s = wall_us / 1000000, days = s / 86400;
	int rest = (int)(s % 86400);
	long long z = days + 719468; /* from 0000-03-01 */
	long long era = z / 146097, doe = z % 146097;
	long long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	long long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (int)((5 * doy + 2) / 153);
	int month = mp < 10 ? mp + 3 : mp - 9;

	return (struct civil) {
		.year = (int)((yoe + era * 400 + (month <= 2)) % 10000),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5) + 1,
		.hour = rest / 3600,
		.minute = rest / 60 % 60,
		.second = rest % 60,
		.us = (int)(wall_us % 1000000),
	};
}

/* `n` digits of v, and what stands behind them. */
static char *
put(char *p, int v, int n, const char *behind)
{
	for (int i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return stpcpy(p + n, behind);
}

const char *
clock_iso(long long wall_us, char out[CLOCK_TEXT])
{
	struct civil c = split(wall_us > 0 ? wall_us : 0);
	char *p = out;

	p = put(p, c.year, 4, "-");
	p = put(p, c.month, 2, "-");
	p = put(p, c.day, 2, "T");
	p = put(p, c.hour, 2, ":");
	p = put(p, c.minute, 2, ":");
	p = put(p, c.second, 2, ".");
	put(p, c.us, 6, "+00:00");
	return out;
}

const char *
clock_compact(long long wall_us, char out[CLOCK_TEXT])
{
	struct civil c = split(wall_us > 0 ? wall_us : 0);
	char *p = out;

	p = put(p, c.year, 4, "");
	p = put(p, c.month, 2, "");
	p = put(p, c.day, 2, "T");
	p = put(p, c.hour, 2, "");
	p = put(p, c.minute, 2, "");
	put(p, c.second, 2, "");
	return out;
}

void
clock_hold(void)
{
	ms_clock.since_ns = read_ns(CLOCK_MONOTONIC);
	boot_clock.since_ns = read_ns(CLOCK_BOOTTIME);
}

void
clock_go_on(void)
{
	ms_clock.lost_ns += read_ns(CLOCK_MONOTONIC) - ms_clock.since_ns;
	boot_clock.lost_ns += read_ns(CLOCK_BOOTTIME) - boot_clock.since_ns;
}

long long
clock_held_ms(void)
{
	return (boot_clock.lost_ns + 999999) / 1000000;
}

void
clock_fake(long long ms)
{
	fake_ms = ms;
}
