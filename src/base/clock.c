/* The one door for time; tests freeze it with clock_fake(). */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static long long fake_ms = -1;

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
	return read_ns(CLOCK_MONOTONIC) / 1000000;
}

long long
clock_boot_ms(void)
{
	return read_ns(CLOCK_BOOTTIME) / 1000000;
}

long long
clock_wall_us(void)
{
	return read_ns(CLOCK_REALTIME) / 1000;
}

static struct tm
split(long long wall_us)
{
	time_t t = (time_t)(wall_us / 1000000);
	struct tm tm = { 0 };

	gmtime_r(&t, &tm);
	return tm;
}

const char *
clock_iso(long long wall_us, char out[CLOCK_TEXT])
{
	struct tm tm = split(wall_us);

	snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00",
	    (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100,
	    tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100,
	    tm.tm_sec % 100, (int)(wall_us % 1000000));
	return out;
}

const char *
clock_compact(long long wall_us, char out[CLOCK_TEXT])
{
	struct tm tm = split(wall_us);

	snprintf(out, CLOCK_TEXT, "%04d%02d%02dT%02d%02d%02d",
	    (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100,
	    tm.tm_mday % 100, tm.tm_hour % 100, tm.tm_min % 100,
	    tm.tm_sec % 100);
	return out;
}

void
clock_fake(long long ms)
{
	fake_ms = ms;
}
