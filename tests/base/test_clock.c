/* Frozen time, and how a moment is written. */
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
