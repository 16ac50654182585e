/* How hosts say until when, or for how long. */
#include <stdlib.h>
#include <time.h>

#include "host/class.h"
#include "rig.h"

#define NOW 1795000000000000LL
#define SECOND 1000000LL

/* Some hosts tell the time by the clock on the wall. */
static void
utc(void)
{
	setenv("TZ", "UTC0", 1);
	tzset();
}

TEST(class_time, durations)
{
	static const struct {
		const char *text;
		long long us; /* -1: refused */
	} spans[] = {
		{ "20", 20 * SECOND },
		{ "1.5", 1500000 },
		{ "90s", 90 * SECOND },
		{ "5m30s", 330 * SECOND },
		{ "250ms", 250000 },
		{ "3 days 4 hours 9 minutes", 274140 * SECOND },
		{ "1 h", 3600 * SECOND },
		{ "3 hours 20 minutes", 12000 * SECOND },
		{ "3 hours, 20 minutes", 12000 * SECOND },
		{ "0", 0 },
		{ "", -1 },
		{ "soon", -1 },
		{ "5 apples", -1 },
		{ "-5", -1 },
		{ "1e9", -1 },
		{ "999999 days", -1 },
	};

	for (size_t i = 0; i < COUNT(spans); i++) {
		long long us = -1;

		class_after(sv(spans[i].text), &us);
		cr_expect_eq(us, spans[i].us, "%s: %lld", spans[i].text, us);
	}
}

TEST(class_time, points_in_time)
{
	static const struct {
		const char *text;
		long long us;
	} points[] = {
		{ "1795298400", 1795298400 * SECOND },
		{ "1795298400123", 1795298400123000 },
		{ "1795298400123456", 1795298400123456 },
		{ "2026-11-21T22:00:00Z", 1795298400 * SECOND },
		{ "Nov 21st, 2026 10:00 PM", 1795298400 * SECOND },
		{ "Nov 2nd, 2026 12:05 AM", 1793577900 * SECOND },
		{ "Nov 21st, 2026", -1 },
		{ "Nov 21, 2026, 10 PM", 1795298400 * SECOND },
		{ "Nov 21, 10:00pm", 1795298400 * SECOND },
		/* NOW is Nov 18, 2026 11:06:40 AM. */
		{ "Nov 18, 11:06am", 1794999960 * SECOND },
		{ "Nov 18, 11:05am", 1826535900 * SECOND },
		{ "Jan 2, 3pm", 1798902000 * SECOND },
		{ "2:04 AM", 1795053840 * SECOND },
		{ "2:04 PM", 1795010640 * SECOND },
		{ "3pm", 1795014000 * SECOND },
		{ "12:00 AM", 1795046400 * SECOND },
		{ "11:06 AM", 1794999960 * SECOND },
		{ "11:05 AM", 1795086300 * SECOND },
		{ "25:00 PM", -1 },
		{ "2:04", -1 },
		{ "2:04 AM or so", -1 },
		{ "Nov 41st, 2026 10:00 PM", -1 },
		{ "Nov 21st, 2026 10:00 PM or so", -1 },
		{ "0", -1 },
		{ "-1", -1 },
		{ "9999999999999999999", -1 },
		{ "tomorrow", -1 },
	};

	utc();
	for (size_t i = 0; i < COUNT(points); i++) {
		long long us = -1;

		class_until(sv(points[i].text), NOW, &us);
		cr_expect_eq(us, points[i].us, "%s: %lld", points[i].text, us);
	}
}
