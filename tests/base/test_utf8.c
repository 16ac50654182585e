/* RFC 3629, byte by byte. */
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "test.h"

TEST(utf8, lengths)
{
	static const struct {
		const char *text;
		size_t want;
	} rows[] = {
		{ "a", 1 },
		{ "\x7f", 1 },
		{ "\x80", 0 },
		{ "\xc1\xbf", 0 },
		{ "\xc2\x80", 2 },
		{ "\xc2", 0 },
		{ "\xc2x", 0 },
		{ "\xe0\x9f\xbf", 0 },
		{ "\xe0\xa0\x80", 3 },
		{ "\xed\x9f\xbf", 3 },
		{ "\xed\xa0\x80", 0 },
		{ "\xef\xbf\xbf", 3 },
		{ "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf0\x90\x80\x80", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 },
		{ "\xf4\x90\x80\x80", 0 },
		{ "\xf5\x80\x80\x80", 0 },
		{ "\xff", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = strlen(rows[i].text);

		cr_assert_eq(
		    utf8_len(rows[i].text, n), rows[i].want, "row %zu", i);
		cr_assert_eq(utf8_valid(rows[i].text, n), rows[i].want == n);
	}
	cr_assert_eq(utf8_len("", 0), 0);
	cr_assert(utf8_valid("a\0b", 3));
}

TEST(utf8, plain_has_no_control_characters)
{
	cr_expect(utf8_is_plain("", 0));
	cr_expect(utf8_is_plain("a \xc3\xa9 \xc2\xa0", 7));
	cr_expect_not(utf8_is_plain("a\n", 2));
	cr_expect_not(utf8_is_plain("\x1b[31m", 5));
	cr_expect_not(utf8_is_plain("\x7f", 1));
	cr_expect_not(utf8_is_plain("\xc2\x9b", 2));
}

TEST(utf8, columns)
{
	static const struct {
		const char *text;
		size_t columns;
	} cases[] = { { "", 0 }, { "abc", 3 }, { "\xc3\xa4", 1 },
		{ "a\xcc\x88", 1 }, { "\xe6\x97\xa5", 2 },
		{ "\xf0\x9f\x8e\x89!", 3 }, { "\xff", 1 } };

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect_eq(utf8_columns(cases[i].text, strlen(cases[i].text)),
		    cases[i].columns, "%zu", i);
}

TEST(utf8, cuts_between_characters)
{
	static const char text[] = "a\xe2\x82\xac!";

	cr_assert_eq(utf8_floor(text, 5, 9), 5);
	cr_assert_eq(utf8_floor(text, 5, 4), 4);
	cr_assert_eq(utf8_floor(text, 5, 3), 1);
	cr_assert_eq(utf8_floor(text, 5, 2), 1);
	cr_assert_eq(utf8_floor(text, 5, 1), 1);
	cr_assert_eq(utf8_floor(text, 5, 0), 0);
	cr_assert_eq(utf8_count(text, 5), 3);
}

TEST(utf8, repairs_and_shows)
{
	auto_str out = STR_INIT;

	utf8_repair(&out, "a\xff\xc3\xa9\xe2\x82", 6);
	cr_assert_str_eq(
	    out.buf, "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd");
	str_reset(&out);
	utf8_show(&out, "\x1b[0m\t\n\r\0\x7f\xc2\x9b", 11);
	cr_assert_str_eq(out.buf, "\\x1b[0m\t\n\\x0d\\x00\\x7f\\x9b");
}
