/* Sizes as text. */
#include "base/auto.h"
#include "show/bytes.h"
#include "test.h"

TEST(bytes, are_short)
{
	static const struct {
		long long bytes;
		const char *text;
	} rows[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1.0 KiB" },
		{ 1536, "1.5 KiB" },
		{ 10 << 10, "10 KiB" },
		{ (1 << 20) - 1, "1023 KiB" },
		{ 12345678, "11 MiB" },
		{ (5LL << 30) + (200 << 20), "5.1 GiB" },
		{ 1LL << 40, "1.0 TiB" },
	};
	char out[BYTES_TEXT];

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_expect_str_eq(
		    bytes_text(rows[i].bytes, out), rows[i].text, "%s", out);
}
