/* What quoting gives, and that bash reads the same bytes back. */
#include "base/auto.h"
#include "test.h"
#include "text/quote.h"

TEST(quote, shell)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "''" },
		{ "a_Z9@%+=:,./-", "a_Z9@%+=:,./-" },
		{ "a b", "'a b'" },
		{ "it's", "'it'\"'\"'s'" },
		{ "$x`y`\\", "'$x`y`\\'" },
		{ "~", "'~'" },
		{ "a\nb", "'a\nb'" },
		{ "\xc3\xa9", "'\xc3\xa9'" },
		{ "\xff", "'\xff'" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;

		quote_shell(&out, sv(rows[i].text));
		cr_assert_str_eq(out.buf, rows[i].want);
	}
}

TEST(quote, python)
{
	static const struct {
		const char *text;
		size_t n;
		const char *want;
	} rows[] = {
		{ "", 0, "''" },
		{ "it's \"x\"", 8, "'it\\'s \"x\"'" },
		{ "a\\\n\r\t\0\x1f\x7f", 8, "'a\\\\\\n\\r\\t\\x00\\x1f\\x7f'" },
		{ "\xc3\xa9\xe2\x82\xac", 5, "'\\u00e9\\u20ac'" },
		{ "\xf0\x9f\x98\x80", 4, "'\\U0001f600'" },
		{ "\xff\xc3", 2, "'\\udcff\\udcc3'" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;

		quote_py(&out, sv_make(rows[i].text, rows[i].n));
		cr_assert_str_eq(out.buf, rows[i].want);
	}
}
