/* What tokens cost: models, days, rounding. */
#include "host/price.h"

#include <string.h>

#include "base/auto.h"
#include "base/when.h"
#include "host/usd.h"
#include "test.h"

static const char table[] =
    "prices:\n"
    "  - {model: big-5, input: 2, output: 10, until: 2026-08-31}\n"
    "  - {model: big-5, input: 3, output: 15, cache_read: 0.3, "
    "cache_write: 3.75, from: 2026-09-01}\n"
    "  - {model: big, input: 0.000001, output: 0}\n"
    "  - {model: 'small*', input: 1, output: 1}\n";

static long long
at(const char *day)
{
	long long us = 0;

	cr_assert(when_time(sv(day), &us));
	return us;
}

static void
read_table(struct prices *p, const char *text)
{
	struct diags d = DIAGS_INIT;

	cr_assert_eq(prices_add(p, "t", sv(text), &d), 0, "%s",
	    d.len ? d.at[0].msg : "");
	diags_release(&d);
}

TEST(price, of_a_model_on_a_day)
{
	static const struct {
		const char *model, *day;
		long long input; /* -1: nobody knows */
	} rows[] = {
		{ "big-5", "2026-08-31T23:59:59", 2000000 },
		{ "big-5", "2026-09-01", 3000000 },
		{ "big-5-20260101", "2026-09-01", 3000000 },
		{ "big-5@20260101", "2026-09-01", 3000000 },
		{ "big-5-2026-01-01", "2026-09-01", 3000000 },
		{ "big-5-latest", "2026-09-01", 3000000 },
		{ "big-5[1m]", "2026-09-01", 3000000 },
		{ "big-5-20260101[1m]", "2026-09-01", 3000000 },
		{ "vendor/big-5", "2026-09-01", 3000000 },
		{ "a/b/big-5-latest", "2026-09-01", 3000000 },
		{ "big", "2026-09-01", 1 },
		{ "big-6", "2026-09-01", -1 },
		{ "big-5-mini", "2026-09-01", -1 },
		{ "big-5.1", "2026-09-01", -1 },
		{ "big-56", "2026-09-01", -1 },
		{ "bigger", "2026-09-01", -1 },
		{ "small", "2026-09-01", 1000000 },
		{ "small-and-odd", "2026-09-01", 1000000 },
		{ "v/small-2", "2026-09-01", 1000000 },
		{ "", "2026-09-01", -1 },
	};
	struct prices p = PRICES_INIT;

	read_table(&p, table);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct price *got =
		    price_of(&p, rows[i].model, at(rows[i].day));

		cr_expect_eq(got ? got->input : -1, rows[i].input, "%s on %s",
		    rows[i].model, rows[i].day);
	}
	cr_expect_null(price_of(&p, NULL, 0));
	cr_expect_null(price_of(NULL, "big", 0));
	prices_release(&p);
}

TEST(price, is_rounded_once)
{
	static const struct {
		struct host_used used;
		long long micro; /* -1: not known */
	} rows[] = {
		{ { 1000000, 0, 0, 0, -1 }, 3000000 },
		{ { 1, 0, 0, 0, -1 }, 3 },
		{ { 0, 1, 1, 1, -1 }, 19 }, /* 15 + 0.3 + 3.75 */
		{ { -1, 2, -1, -1, -1 }, 30 },
		{ { 0, 0, 1, 0, -1 }, 0 }, /* 0.3 */
		{ { 0, 0, 5, 0, -1 }, 2 }, /* 1.5, half up */
		{ { 0, 0, 1, 1, -1 }, 4 }, /* 4.05, not 0 + 4 */
		{ { 0, 0, 0, 0, -1 }, 0 },
		{ { -1, -1, 9, 9, 9 }, -1 },
		{ { 1LL << 62, 1LL << 62, 0, 0, -1 }, USD_MAX },
	};
	struct prices p = PRICES_INIT;
	const struct price *big;

	read_table(&p, table);
	big = price_of(&p, "big-5", at("2027-01-01"));
	for (size_t i = 0; i < COUNT(rows); i++) {
		long long micro = -1;

		cr_expect_eq(price_cost(big, &rows[i].used, &micro),
		    rows[i].micro >= 0, "%zu", i);
		cr_expect_eq(micro, rows[i].micro, "%zu: %lld", i, micro);
	}
	/* Who says nothing of a cache pays for input. */
	big = price_of(&p, "big-5", at("2026-01-01"));
	cr_expect_eq(big->cache_read, big->input);
	cr_expect_eq(big->cache_write, big->input);
	prices_release(&p);
}

TEST(price, tables_that_are_wrong)
{
	static const char *const rows[] = {
		"prices: 1",
		"prices: [{model: a, input: 1}]",
		"prices: [{input: 1, output: 1}]",
		"prices: [{model: a, input: -1, output: 1}]",
		"prices: [{model: a, input: 1, output: 1, from: soon}]",
		"prices: [{model: a, input: 1, output: 1, until: 2026-13-01}]",
		"prices: [{model: a, input: 1, output: 1, untl: 2026-01-01}]",
		"price: []",
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct prices p = PRICES_INIT;
		struct diags d = DIAGS_INIT;

		cr_expect_lt(
		    prices_add(&p, "t", sv(rows[i]), &d), 0, "%s", rows[i]);
		cr_expect_gt(d.errors, 0, "%s", rows[i]);
		cr_expect_eq(p.n, 0);
		diags_release(&d);
		prices_release(&p);
	}
}

TEST(price, the_stronger_table_counts)
{
	struct prices p = PRICES_INIT;
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;

	read_table(
	    &p, "prices: [{model: claude-sonnet-5, input: 7, output: 8}]");
	cr_assert_eq(prices_load(&p, "/nowhere", NULL, &d, &e), 0, "%s", e.msg);
	cr_expect_eq(
	    price_of(&p, "claude-sonnet-5", at("2026-11-21"))->input, 7000000);
	cr_expect_eq(price_of(&p, "claude-opus-4-8", at("2026-11-21"))->output,
	    25000000);
	cr_expect_eq(d.len, 0);
	diags_release(&d);
	prices_release(&p);
}
