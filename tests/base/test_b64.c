/* The vectors of RFC 4648 section 10, and what is malformed. */
#include <string.h>

#include "base/auto.h"
#include "base/b64.h"
#include "test.h"

TEST(b64, vectors)
{
	static const struct {
		const char *text, *code;
	} rows[] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xff\xfe\xfb", "//77" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str code = STR_INIT, back = STR_INIT;

		b64_encode(&code, rows[i].text, strlen(rows[i].text));
		cr_assert_str_eq(code.buf, rows[i].code);
		cr_assert(b64_decode(&back, code.buf, code.len));
		cr_assert_str_eq(back.buf, rows[i].text);
	}
}

TEST(b64, refuses)
{
	static const char *const rows[] = { "Z", "Zg", "Zg=", "Zg=a",
		"=g==", "Z===", "Zh==", "Zm9=", "Zg==Zg==", "Zm9\n", "Zm 9",
		"Zm9v-_8=" };

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;

		str_adds(&out, "kept");
		cr_assert_not(
		    b64_decode(&out, rows[i], strlen(rows[i])), "%s", rows[i]);
		cr_assert_str_eq(out.buf, "kept");
	}
}
