/*
 * A table of words and what they mean (spec/execution.md 1.11), in the order
 * in which they count.  Patterns are compiled when a command has failed, which
 * is rare.
 */
#include "host/words.h"

#include <string.h>

#include "base/auto.h"

/* clang-format off */
static const struct {
	enum failure_class class;
	const char *pattern;
} rows[] = {
	{ CLASS_QUOTA,
	  "(?i)\\b(?:out of extra usage|rate.?limit(?:s|ed)?|quota exceeded|"
	  "too many requests|api limit|usage limit|429|resource.?exhausted)\\b" },
	{ CLASS_TRANSIENT,
	  "(?i)\\b(?:connection (?:refused|timeout|timed out|reset)|"
	  "network error|dns resolution|temporary failure in name resolution|"
	  "service unavailable|502 bad gateway|503|504 gateway timeout|"
	  "econnrefused|econnreset|enotfound|etimedout|"
	  "deadline exceeded|operation timed out)\\b" },
	{ CLASS_AUTH,
	  "(?i)\\b(?:401|403|unauthorized|forbidden|authentication|"
	  "invalid.api.key|expired token)\\b" },
	{ CLASS_TRANSIENT,
	  "(?i)\\b(?:the server had an error|internal server error|"
	  "overloaded(?:_error)?|529|api error)\\b" },
};
/* clang-format on */

static bool
finds(const char *pattern, struct sv text)
{
	struct err e = ERR_INIT;
	struct rx *rx = rx_new(pattern, strlen(pattern), &e);
	bool found = rx && rx_search(rx, text.p, text.n, &e) == 1;

	rx_free(rx);
	return found;
}

enum failure_class
words_class(struct sv text)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (finds(rows[i].pattern, text))
			return rows[i].class;
	return CLASS_NONE;
}
