/* Frozen time, and how a moment is written. */
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "test.h"

TEST(clock, writes_a_moment)
{
	char text[CLOCK_TEXT];

	cr_assert_str_eq(clock_iso(1795227453421523LL, text),
	    "2026-11-21T02:17:33.421523+00:00");
	cr_assert_str_eq(
	    clock_compact(1795227453421523LL, text), "20261121T021733");
	cr_assert_str_eq(
	    clock_iso(0, text), "1970-01-01T00:00:00.000000+00:00");
}

TEST(clock, freezes_and_thaws)
{
	long long real = clock_ms();

	clock_fake(5000);
	cr_assert_eq(clock_ms(), 5000);
	cr_assert_eq(clock_boot_ms(), 5000);
	cr_assert_eq(clock_wall_us(), 5000000);
	clock_fake(-1);
	cr_assert_geq(clock_ms(), real);
}

static long long
real_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

TEST(clock, time_that_is_held_does_not_count)
{
	long long from = real_ms(), ms = clock_ms(), boot = clock_boot_ms();
	long long all;

	clock_hold();
	usleep(50000);
	clock_go_on();
	ms = clock_ms() - ms;
	boot = clock_boot_ms() - boot;
	all = real_ms() - from;
	cr_assert_leq(ms, all - 49);
	cr_assert_leq(boot, all - 49);
	cr_assert_geq(clock_held_ms(), 50);
}

TEST(clock, every_day_is_the_one_of_the_library)
{
	/* A day and 7001 s at a time, from 1970 to beyond 2400, so that every
	 * kind of year and every time of day comes by. */
	for (long long s = 0; s < 14000000000LL; s += 86400 + 7001) {
		char ours[CLOCK_TEXT], theirs[64];
		time_t t = (time_t)s;
		struct tm tm;

		gmtime_r(&t, &tm);
		strftime(theirs, sizeof(theirs),
		    "%Y-%m-%dT%H:%M:%S.000007+00:00", &tm);
		cr_assert_str_eq(clock_iso(s * 1000000 + 7, ours), theirs);
		strftime(theirs, sizeof(theirs), "%Y%m%dT%H%M%S", &tm);
		cr_assert_str_eq(clock_compact(s * 1000000, ours), theirs);
	}
	cr_assert_str_eq(clock_iso(-5, (char[CLOCK_TEXT]) { 0 }),
	    "1970-01-01T00:00:00.000000+00:00", "a clock before 1970");
}
