/* Slices, and strict numbers. */
#include <limits.h>

#include "base/auto.h"
#include "base/sv.h"
#include "test.h"

TEST(sv, compares_and_trims)
{
	cr_assert(sv_eq(sv("abc"), "abc"));
	cr_assert_not(sv_eq(sv("abc"), "ab"));
	cr_assert(sv_eq(sv_make(NULL, 0), ""));
	cr_assert(sv_starts(sv("abc"), "ab"));
	cr_assert_not(sv_starts(sv("a"), "ab"));
	cr_assert(sv_ends(sv("abc"), "bc"));
	cr_assert(sv_eq(sv_trim(sv(" \t a b\r\n")), "a b"));
	cr_assert(sv_eq(sv_trim(sv(" \n")), ""));
	cr_assert(sv_eq(sv_chomp(sv(" a \r\n\n")), " a "));
}

TEST(sv, cuts_fields)
{
	struct sv rest = sv("a..b"), field;

	cr_assert(sv_cut(&rest, '.', &field) && sv_eq(field, "a"));
	cr_assert(sv_cut(&rest, '.', &field) && sv_eq(field, ""));
	cr_assert(sv_cut(&rest, '.', &field) && sv_eq(field, "b"));
	cr_assert_not(sv_cut(&rest, '.', &field));
	rest = sv("");
	cr_assert(sv_cut(&rest, '.', &field) && sv_eq(field, ""));
	cr_assert_not(sv_cut(&rest, '.', &field));
}

TEST(sv, whole_numbers)
{
	static const struct {
		const char *text;
		bool ok;
		long long want;
	} rows[] = {
		{ "0", true, 0 },
		{ "-7", true, -7 },
		{ "9223372036854775807", true, LLONG_MAX },
		{ "-9223372036854775808", true, LLONG_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "0x10", false, 0 },
		{ "1e3", false, 0 },
		{ "5m", false, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		long long got = 77;

		cr_assert_eq(
		    sv_to_long(sv(rows[i].text), LLONG_MIN, LLONG_MAX, &got),
		    rows[i].ok, "%s", rows[i].text);
		cr_assert_eq(got, rows[i].ok ? rows[i].want : 77);
	}
}

TEST(sv, a_number_keeps_its_range)
{
	long long got = 77;

	cr_assert_not(sv_to_long(sv("11"), 1, 10, &got));
	cr_assert_not(sv_to_long(sv("0"), 1, 10, &got));
	cr_assert(sv_to_long(sv("10"), 1, 10, &got));
	cr_assert_eq(got, 10);
}

TEST(sv, reals)
{
	static const struct {
		const char *text;
		bool ok;
		double want;
	} rows[] = {
		{ "1", true, 1 },
		{ "-1.5e3", true, -1500 },
		{ ".5", true, 0.5 },
		{ "", false, 0 },
		{ "0x10", false, 0 },
		{ "inf", false, 0 },
		{ "nan", false, 0 },
		{ "1e999", false, 0 },
		{ " 1", false, 0 },
		{ "1.2.3", false, 0 },
		{ "e", false, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		double got = 77;

		cr_assert_eq(sv_to_real(sv(rows[i].text), &got), rows[i].ok,
		    "%s", rows[i].text);
		cr_assert_float_eq(got, rows[i].ok ? rows[i].want : 77, 0);
	}
	cr_assert_not(sv_to_real(sv_make("1\0", 2), &(double) { 0 }));
}

TEST(sv, distance)
{
	cr_assert_eq(sv_distance("timeout", "timout", 3), 1);
	cr_assert_eq(sv_distance("abc", "abc", 3), 0);
	cr_assert_eq(sv_distance("kitten", "sitting", 3), 3);
	cr_assert_eq(sv_distance("kitten", "sitting", 2), 3);
	cr_assert_eq(sv_distance("", "abcdef", 2), 3);
}
