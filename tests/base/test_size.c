/* Sizes as people write them. */
#include "base/auto.h"
#include "base/size.h"
#include "test.h"

TEST(size, reads_numbers_with_units)
{
	static const struct {
		const char *text;
		long long want; /* -1: refused */
	} rows[] = {
		{ "0", 0 },
		{ "65536", 65536 },
		{ "64K", 65536 },
		{ "64k", 65536 },
		{ "64M", 64LL << 20 },
		{ "64 MiB", 64LL << 20 },
		{ "64mib", 64LL << 20 },
		{ "1GiB", 1LL << 30 },
		{ "1G", 1LL << 30 },
		{ "2TB", 2000000000000LL },
		{ "2 kB", 2000 },
		{ "7B", 7 },
		{ "1.5K", 1536 },
		{ "0.5 MiB", 512LL << 10 },
		{ "9007199254740992", 1LL << 53 },
		{ "9007199254740993", -1 },
		{ "8192T", 1LL << 53 },
		{ "8193T", -1 },
		{ "99999999999999999999999", -1 },
		{ "", -1 },
		{ " ", -1 },
		{ "M", -1 },
		{ "-1", -1 },
		{ "+1", -1 },
		{ "1.5", -1 },
		{ "1.5B", -1 },
		{ ".5K", -1 },
		{ "1.K", -1 },
		{ "1.2.3K", -1 },
		{ "64  M", -1 },
		{ "64 ", -1 },
		{ " 64", -1 },
		{ "64X", -1 },
		{ "64Mi", -1 },
		{ "0x40", -1 },
		{ "1e6", -1 },
		{ "inf", -1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		long long got = -1;
		bool ok = size_parse(sv(rows[i].text), &got);

		cr_expect_eq(ok, rows[i].want >= 0, "'%s'", rows[i].text);
		cr_expect_eq(got, rows[i].want, "'%s'", rows[i].text);
	}
}

TEST(size, a_nul_inside_is_no_number)
{
	long long got = 7;

	cr_assert_not(size_parse(sv_make("1\0K", 3), &got));
	cr_assert_not(size_parse(sv_make(NULL, 0), &got));
	cr_assert_eq(got, 7);
}

TEST(size, shows_what_it_reads)
{
	static const struct {
		long long n;
		const char *want;
	} rows[] = {
		{ 0, "0" },
		{ 1, "1" },
		{ 1500, "1500" },
		{ 1024, "1 KiB" },
		{ 64LL << 20, "64 MiB" },
		{ 1LL << 30, "1 GiB" },
		{ (1LL << 30) + 1024, "1048577 KiB" },
		{ 1LL << 53, "8192 TiB" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str text = STR_INIT;
		long long back = -1;

		size_add(&text, rows[i].n);
		cr_expect_str_eq(text.buf, rows[i].want);
		cr_expect(size_parse(str_sv(&text), &back));
		cr_expect_eq(back, rows[i].n);
	}
}
