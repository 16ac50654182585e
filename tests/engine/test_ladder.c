/* What follows from which failure, as a table. */
#include "engine/ladder.h"

#include "base/auto.h"
#include "test.h"

#define NOW 1000000000LL
#define IN(ms) (NOW + (ms)*1000LL)

static const long long longs[] = { 300000, 900000 };

struct row {
	const char *what;
	enum failure_class class;
	struct climb climb;
	long long until_us;
	bool shell, told, waits;
	double draw;
	enum ladder_act act;
	enum ladder_tier tier;
	long long wait_ms;
};

/* clang-format off */
static const struct row rows[] = {
	{ .what = "nothing failed", .act = LADDER_PASS },
	{ .what = "its own failure", .class = CLASS_AGENT,
	  .act = LADDER_PASS },
	{ .what = "a limit is its own", .class = CLASS_TURNS,
	  .act = LADDER_PASS },

	{ .what = "the first short wait", .class = CLASS_QUOTA,
	  .act = LADDER_WAIT, .tier = TIER_SHORT, .wait_ms = 30000 },
	{ .what = "the draw adds up to another base", .class = CLASS_QUOTA,
	  .draw = 0.5, .act = LADDER_WAIT, .tier = TIER_SHORT,
	  .wait_ms = 45000 },
	{ .what = "each is twice the one before", .class = CLASS_QUOTA,
	  .climb = { .shorts = 2 }, .act = LADDER_WAIT, .tier = TIER_SHORT,
	  .wait_ms = 120000 },
	{ .what = "the first long wait", .class = CLASS_QUOTA,
	  .climb = { .shorts = 3 }, .act = LADDER_WAIT, .tier = TIER_LONG,
	  .wait_ms = 300000 },
	{ .what = "the last one again", .class = CLASS_QUOTA,
	  .climb = { .shorts = 3, .longs = 7 }, .act = LADDER_WAIT,
	  .tier = TIER_LONG, .wait_ms = 900000 },
	{ .what = "not beyond the budget", .class = CLASS_QUOTA,
	  .climb = { .shorts = 3, .waited_ms = 3599000 },
	  .act = LADDER_WAIT, .tier = TIER_LONG, .wait_ms = 1000 },
	{ .what = "the budget is spent", .class = CLASS_QUOTA,
	  .climb = { .shorts = 3, .waited_ms = 3600000 },
	  .act = LADDER_EXHAUSTED },
	{ .what = "short waits are promised, whatever the budget",
	  .class = CLASS_QUOTA, .climb = { .shorts = 1, .waited_ms = 3700000 },
	  .act = LADDER_WAIT, .tier = TIER_SHORT, .wait_ms = 60000 },

	{ .what = "a known end that is far", .class = CLASS_QUOTA,
	  .until_us = IN(3600000), .act = LADDER_PARK },
	{ .what = "the same with --wait", .class = CLASS_QUOTA, .waits = true,
	  .until_us = IN(3600000), .act = LADDER_WAIT, .tier = TIER_KNOWN,
	  .wait_ms = 3600001 },
	{ .what = "a known end that is near", .class = CLASS_QUOTA,
	  .until_us = IN(20000), .act = LADDER_WAIT, .tier = TIER_SHORT,
	  .wait_ms = 20001 },
	{ .what = "near ends are counted", .class = CLASS_QUOTA,
	  .until_us = IN(20000), .climb = { .shorts = 3 },
	  .act = LADDER_WAIT, .tier = TIER_LONG, .wait_ms = 300000 },
	{ .what = "an end that is over says nothing", .class = CLASS_QUOTA,
	  .until_us = IN(-1), .act = LADDER_WAIT, .tier = TIER_SHORT,
	  .wait_ms = 30000 },
	{ .what = "a shell action waits as well", .class = CLASS_QUOTA,
	  .shell = true, .act = LADDER_WAIT, .tier = TIER_SHORT,
	  .wait_ms = 30000 },

	{ .what = "the service failed", .class = CLASS_TRANSIENT, .told = true,
	  .act = LADDER_WAIT, .tier = TIER_ERROR, .wait_ms = 30000 },
	{ .what = "and again", .class = CLASS_TRANSIENT, .told = true,
	  .climb = { .errors = 1 }, .act = LADDER_WAIT, .tier = TIER_ERROR,
	  .wait_ms = 60000 },
	{ .what = "and again", .class = CLASS_TRANSIENT, .told = true,
	  .climb = { .errors = 2 }, .act = LADDER_GIVE_UP },
	{ .what = "its process went away", .class = CLASS_TRANSIENT,
	  .act = LADDER_WAIT, .tier = TIER_PROCESS, .wait_ms = 5000 },
	{ .what = "it says when it is back", .class = CLASS_TRANSIENT,
	  .told = true, .until_us = IN(90000), .act = LADDER_WAIT,
	  .tier = TIER_ERROR, .wait_ms = 90001 },
	{ .what = "that is too long for an error", .class = CLASS_TRANSIENT,
	  .told = true, .until_us = IN(7200000), .act = LADDER_WAIT,
	  .tier = TIER_ERROR, .wait_ms = 30000 },

	{ .what = "not logged in", .class = CLASS_AUTH, .act = LADDER_END },
	{ .what = "no such model", .class = CLASS_CONFIG, .act = LADDER_END },
	{ .what = "what a shell action is refused", .class = CLASS_AUTH,
	  .shell = true, .act = LADDER_DIVERT },
};
/* clang-format on */

TEST(ladder, decides)
{
	const struct ladder rules = { .short_max = 3,
		.base_ms = 30000,
		.long_ms = longs,
		.nlong = COUNT(longs),
		.budget_ms = 3600000 };

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		const struct ladder_in in = { .rules = &rules,
			.class = r->class,
			.agent = !r->shell,
			.told = r->told,
			.until_us = r->until_us,
			.now_us = NOW,
			.climb = r->climb,
			.waits = r->waits,
			.draw = r->draw };
		struct ladder_out out;

		ladder_decide(&in, &out);
		cr_assert_eq(out.act, r->act, "%s", r->what);
		if (out.act != LADDER_WAIT)
			continue;
		cr_assert_eq(out.tier, r->tier, "%s", r->what);
		cr_assert_eq(
		    out.wait_ms, r->wait_ms, "%s: %lld", r->what, out.wait_ms);
		cr_assert_eq(out.climb.tries, r->climb.tries + 1);
	}
}

/* Whatever comes again and again, it ends: all waits together are bounded. */
TEST(ladder, never_climbs_for_ever)
{
	const struct ladder rules = { .short_max = 1000,
		.base_ms = 1000000,
		.long_ms = longs,
		.nlong = COUNT(longs),
		.budget_ms = 3600000 };
	struct ladder_in in = { .rules = &rules,
		.class = CLASS_QUOTA,
		.agent = true,
		.now_us = NOW };
	struct ladder_out out;
	int n = 0;

	for (; n < 2000; n++) {
		ladder_decide(&in, &out);
		if (out.act != LADDER_WAIT)
			break;
		cr_assert_gt(out.wait_ms, 0);
		in.climb = out.climb;
	}
	cr_assert_eq(out.act, LADDER_EXHAUSTED);
}
