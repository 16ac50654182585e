/* Whole words, in the order in which they count. */
#include "host/words.h"

#include "base/auto.h"
#include "test.h"

TEST(words, classes)
{
	/* clang-format off */
	static const struct {
		const char *text;
		enum failure_class class;
	} rows[] = {
		{ "", CLASS_NONE },
		{ "HTTP 429", CLASS_QUOTA },
		{ "Too Many Requests", CLASS_QUOTA },
		{ "you are rate-limited", CLASS_QUOTA },
		{ "RESOURCE_EXHAUSTED", CLASS_QUOTA },
		{ "1429 passed", CLASS_NONE },
		{ "4290", CLASS_NONE },
		{ "curl: (7) Connection refused", CLASS_TRANSIENT },
		{ "503 Service Unavailable", CLASS_TRANSIENT },
		{ "ETIMEDOUT", CLASS_TRANSIENT },
		{ "HTTP 401", CLASS_AUTH },
		{ "1403 passed", CLASS_NONE },
		{ "unauthorizedly", CLASS_NONE },
		{ "internal server error", CLASS_TRANSIENT },
		{ "529", CLASS_TRANSIENT },
		{ "403 after 429", CLASS_QUOTA },
		{ "the test failed: want 3, got 4", CLASS_NONE },
		{ "timeouts: 3", CLASS_NONE },
		{ "\xff\xfe 429 \xff", CLASS_QUOTA },
	};
	/* clang-format on */

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(words_class(sv(rows[i].text)), rows[i].class, "%s",
		    rows[i].text);
}
