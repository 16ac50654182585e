/* Exact money: decimals, rounding, sums, and decimals inside JSON. */
#include "host/usd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "test.h"

TEST(usd, reads_decimals)
{
	static const struct {
		const char *text;
		long long micro; /* -1: refused */
	} rows[] = {
		{ "0", 0 },
		{ "1", 1000000 },
		{ "0.000001", 1 },
		{ "0.0218925", 21893 },
		{ "0.0218924", 21892 },
		{ "0.0218924999999", 21892 },
		{ "0.1", 100000 },
		{ "0.10000000000000001", 100000 },
		{ "0.30000000000000004", 300000 },
		{ "12.345678", 12345678 },
		{ "1e-3", 1000 },
		{ "1.5E+2", 150000000 },
		{ "4.9e-7", 0 },
		{ "5e-7", 1 },
		{ "9e-8", 0 },
		{ "0.9999995", 1000000 },
		{ "1e-400", 0 },
		{ "1e-99999999999999999999", 0 },
		{ "1000000000", USD_MAX },
		{ "1000000001", -1 },
		{ "1e10", -1 },
		{ "1e400", -1 },
		{ "-1", -1 },
		{ "+1", -1 },
		{ "", -1 },
		{ ".5", -1 },
		{ "1.", -1 },
		{ "01", -1 },
		{ "1e", -1 },
		{ "1 ", -1 },
		{ "0x1", -1 },
		{ "nan", -1 },
		{ "1.2.3", -1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		long long got = -1;
		bool ok = usd_parse(sv(rows[i].text), &got);

		cr_expect_eq(ok, rows[i].micro >= 0, "%s", rows[i].text);
		cr_expect_eq(got, rows[i].micro, "%s: %lld", rows[i].text, got);
	}
}

TEST(usd, adds_without_running_over)
{
	cr_expect_eq(usd_add(1, 2), 3);
	cr_expect_eq(usd_add(USD_MAX, 1), USD_MAX);
	cr_expect_eq(usd_add(USD_MAX - 1, 1), USD_MAX);
}

TEST(usd, quotes_decimals_only)
{
	static const char *const rows[][2] = {
		{ "{\"a\":0.5,\"b\":1}", "{\"a\":\"0.5\",\"b\":1}" },
		{ "[1e3, -2.5 ,3]", "[\"1e3\", \"-2.5\" ,3]" },
		{ "{\"x\":\"0.5 \\\" 1.5\"}", "{\"x\":\"0.5 \\\" 1.5\"}" },
		{ "1.2.3", "1.2.3" },
		{ "-", "-" },
		{ "\"open 1.5", "\"open 1.5" },
		{ "01.5", "01.5" },
		{ "", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;

		usd_quote_decimals(&out, rows[i][0], strlen(rows[i][0]));
		cr_expect_str_eq(out.buf, rows[i][1]);
	}
}

/* 1,000 prices with six decimals: our sum is that of bc. */
TEST(usd, sums_as_bc_does)
{
	char name[] = "/tmp/usd.XXXXXX", line[64] = "";
	int fd = mkstemp(name);
	auto_str text = STR_INIT, sum = STR_INIT, command = STR_INIT;
	unsigned long long seed = 88172645463325252ULL;
	long long all = 0;
	FILE *f, *p;

	cr_assert_geq(fd, 0);
	f = fdopen(fd, "w");
	for (int i = 0; i < 1000; i++) {
		long long micro;

		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		str_reset(&text);
		usd_write(&text, (long long)(seed % 90000000));
		cr_assert(usd_parse(str_sv(&text), &micro));
		all = usd_add(all, micro);
		fprintf(f, "s+=%s\n", text.buf);
	}
	fputs("s\n", f);
	fclose(f);
	str_addf(&command, "command -v bc >/dev/null && bc <%s", name);
	p = popen(command.buf, "r");
	cr_assert(p);
	if (!fgets(line, sizeof(line), p))
		line[0] = '\0';
	pclose(p);
	unlink(name);
	cr_assert(line[0], "no bc: tests/setup.sh installs it");
	usd_write(&sum, all);
	line[strcspn(line, "\n")] = '\0';
	cr_expect_str_eq(sum.buf, line);
}
