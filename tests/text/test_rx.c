/* Patterns as Python's re reads them, and limits that are errors. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/mem.h"
#include "test.h"
#include "text/rx.h"

TEST(rx, searches)
{
	static const struct {
		const char *pattern, *text;
		int want;
	} rows[] = {
		{ "", "", 1 },
		{ "b+", "abbc", 1 },
		{ "^b", "a\nb", 0 },
		{ "(?m)^b", "a\nb", 1 },
		{ "a.b", "a\nb", 0 },
		{ "(?s)a.b", "a\nb", 1 },
		{ "a$", "a\n", 1 },
		{ "a$", "a\n\n", 0 },
		{ "a\\Z", "a", 1 },
		{ "(?P<n>a)(?P=n)", "aa", 1 },
		{ "(?i)DONE", "all done", 1 },
		{ "\\bfoo\\b", "a foo b", 1 },
		{ "^.$", "\xc3\xa9", 1 },
		{ "\\w", "\xc3\xa9", 1 },
		{ "ok", "\xff\xfe ok", 1 },
		{ "a\xff", "xa\xff", 1 },
		{ "x*", "yyy", 1 },
		{ "(?<=a)b", "ab", 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;
		struct rx *rx =
		    rx_new(rows[i].pattern, strlen(rows[i].pattern), &e);

		cr_assert(rx, "%s: %s", rows[i].pattern, e.msg);
		cr_assert_eq(
		    rx_search(rx, rows[i].text, strlen(rows[i].text), &e),
		    rows[i].want, "%s: %s", rows[i].pattern, e.msg);
		rx_free(rx);
	}
	rx_free(NULL);
}

TEST(rx, says_why_it_does_not_compile)
{
	struct err e = ERR_INIT;

	cr_assert_null(rx_new("ab(c", 4, &e));
	cr_assert_eq(e.kind, ERR_INPUT);
	cr_assert(strstr(e.msg, "offset 4: "), "%s", e.msg);
	cr_assert(strstr(e.msg, "parenthesis"), "%s", e.msg);
}

TEST(rx, tells_where)
{
	struct err e = ERR_INIT;
	struct rx *rx = rx_new("b+", 2, &e);
	size_t start = 9, end = 9;

	cr_assert_eq(rx_search_at(rx, "abbcb", 5, 0, &start, &end, &e), 1);
	cr_assert_eq(start, 1);
	cr_assert_eq(end, 3);
	cr_assert_eq(rx_search_at(rx, "abbcb", 5, 3, &start, &end, &e), 1);
	cr_assert_eq(start, 4);
	start = 7;
	cr_assert_eq(rx_search_at(rx, "abbcb", 5, 5, &start, &end, &e), 0);
	cr_assert_eq(rx_search_at(rx, "abbcb", 5, 6, &start, &end, &e), 0);
	cr_assert_eq(start, 7);
	rx_free(rx);
}

TEST(rx, a_limit_is_an_error)
{
	char text[64] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	long long from = clock_ms();
	struct err e = ERR_INIT;
	struct rx *rx = rx_new("^(a+)+$", 7, &e);

	cr_assert_eq(rx_search(rx, text, strlen(text), &e), -1);
	cr_assert(strstr(e.msg, "limit"), "%s", e.msg);
	cr_assert_lt(clock_ms() - from, 3000);
	rx_free(rx);
}

TEST(rx, large_text_is_bounded_in_time)
{
	static const char *const patterns[] = { ".*z", "(a|b)*z", "[^x]*y$",
		"[^x]*[yz]" };
	size_t n = (size_t)1 << 22;
	auto_free char *text = mem_new(n);

	memset(text, 'a', n);
	for (size_t i = 0; i < COUNT(patterns); i++) {
		long long from = clock_ms();
		struct err e = ERR_INIT;
		struct rx *rx = rx_new(patterns[i], strlen(patterns[i]), &e);
		int rc = rx_search(rx, text, n, &e);

		cr_assert_leq(rc, 0, "%s", patterns[i]);
		cr_assert_lt(clock_ms() - from, 10000, "%s", patterns[i]);
		rx_free(rx);
	}
}
