/* Ages and ISO times. */
#include "base/auto.h"
#include "base/when.h"
#include "test.h"

TEST(when, reads_ages)
{
	static const struct {
		const char *text;
		long long ms; /* -1: refused */
	} rows[] = {
		{ "45s", 45000 },
		{ "30m", 1800000 },
		{ "1h", 3600000 },
		{ "2d", 172800000 },
		{ "3w", 1814400000 },
		{ "0s", 0 },
		{ "", -1 },
		{ "h", -1 },
		{ "5", -1 },
		{ "-5m", -1 },
		{ "1.5h", -1 },
		{ "1h30m", -1 },
		{ " 1h", -1 },
		{ "1 h", -1 },
		{ "1H", -1 },
		{ "99999999999d", -1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		long long ms = -1;
		bool ok = when_age(sv(rows[i].text), &ms);

		cr_expect_eq(ok, rows[i].ms >= 0, "%s", rows[i].text);
		cr_expect_eq(ms, rows[i].ms, "%s", rows[i].text);
	}
}

TEST(when, reads_iso_times)
{
	static const struct {
		const char *text;
		long long us; /* -1: refused */
	} rows[] = {
		{ "1970-01-01", 0 },
		{ "2026-11-21T02:37:33.421523+00:00", 1795228653421523 },
		{ "2026-11-21T02:37:33.421523Z", 1795228653421523 },
		{ "2026-11-21 02:37:33", 1795228653000000 },
		{ "2026-11-21T02:37", 1795228620000000 },
		{ "2026-11-21T11:37:33+09:00", 1795228653000000 },
		{ "2026-11-20T21:37:33-0500", 1795228653000000 },
		{ "2026-11-21T02:37:33.4215239", 1795228653421523 },
		{ "2028-02-29", 1835395200000000 },
		{ "2027-02-29", -1 },
		{ "2026-06-31", -1 },
		{ "2026-13-01", -1 },
		{ "2026-11-21T", -1 },
		{ "2026-11-21T24:00", -1 },
		{ "2026-11-21T02:37:33.", -1 },
		{ "2026-11-21T02:37:33 UTC", -1 },
		{ "2026-11-21T02:37Zx", -1 },
		{ "20261121", -1 },
		{ "yesterday", -1 },
		{ "", -1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		long long us = -1;
		bool ok = when_time(sv(rows[i].text), &us);

		cr_expect_eq(ok, rows[i].us >= 0, "%s", rows[i].text);
		cr_expect_eq(us, rows[i].us, "%s: %lld", rows[i].text, us);
	}
}
