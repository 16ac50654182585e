/*
 * Regular expressions with Python's `re` in mind: no multi-line mode, `.`
 * stops at newline, `$` also before a last newline.  Every call has limits,
 * so that a pattern such as `^(a+)+$` ends with an error instead of never.
 * Text may hold invalid UTF-8, which then matches nothing but itself.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "text/rx.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"

enum {
	MATCH_LIMIT = 10000000, /* about 0.3 s */
	DEPTH_LIMIT = 250000,
	HEAP_LIMIT_KIB = 65536,
	STEPS = 20000000, /* starts times length in the first slice */
	SLICE_MS = 50,
	TOTAL_MS = 5000,
};

struct rx {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

static void
set_error(struct err *e, int rc, const char *before)
{
	PCRE2_UCHAR text[200];

	if (pcre2_get_error_message(rc, text, sizeof(text)) < 0)
		text[0] = '\0';
	err_set(e, ERR_INPUT, "%s%s", before, (const char *)text);
}

struct rx *
rx_new(const char *pattern, size_t len, struct err *e)
{
	uint32_t how = PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
	struct rx *rx;
	PCRE2_SIZE at = 0;
	pcre2_code *code;
	char before[40];
	int rc = 0;

	if (utf8_valid(pattern, len))
		how |= PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF;
	code = pcre2_compile((PCRE2_SPTR)pattern, len, how, &rc, &at, NULL);
	if (!code) {
		snprintf(before, sizeof(before), "offset %zu: ", at);
		set_error(e, rc, before);
		return NULL;
	}
	rx = mem_new(sizeof(*rx));
	rx->code = code;
	rx->limits = pcre2_match_context_create(NULL);
	rx->data = pcre2_match_data_create(1, NULL);
	if (!rx->limits || !rx->data)
		abort();
	pcre2_set_match_limit(rx->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(rx->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(rx->limits, HEAP_LIMIT_KIB);
	return rx;
}

/* The first byte of a character at or after `at`. */
static size_t
boundary(const char *text, size_t len, size_t at)
{
	for (int i = 0; i < 3 && at < len; i++, at++)
		if (((unsigned char)text[at] & 0xc0) != 0x80)
			break;
	return at < len ? at : len;
}

/*
 * PCRE2 counts its match limit anew at each start, so a long text costs its
 * length times the limit.  Hence the starts are tried in slices, and a slice
 * grows only while that is quick.
 */
static int
search_slices(
    const struct rx *rx, const char *text, size_t len, size_t from, int *rc)
{
	size_t slice = len < STEPS ? STEPS / (len + 1) : 1;
	long long began = clock_ms(), before = began;

	for (;;) {
		size_t to = len - from > slice
		    ? boundary(text, len, from + slice)
		    : len;
		long long now;

		pcre2_set_offset_limit(rx->limits, to);
		*rc = pcre2_match(rx->code, (PCRE2_SPTR)text, len, from, 0,
		    rx->data, rx->limits);
		if (*rc != PCRE2_ERROR_NOMATCH || to == len)
			return 0;
		now = clock_ms();
		if (now - began > TOTAL_MS)
			return -1;
		if (now - before < SLICE_MS)
			slice *= 2;
		before = now;
		from = to;
	}
}

int
rx_search_at(const struct rx *rx, const char *text, size_t len, size_t from,
    size_t *start, size_t *end, struct err *e)
{
	const PCRE2_SIZE *got;
	int rc;

	if (from > len)
		return 0;
	if (search_slices(rx, text, len, from, &rc) < 0)
		return err_set(e, ERR_INPUT,
		    "pattern gives up: over %d s on %zu bytes", TOTAL_MS / 1000,
		    len);
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc < 0) {
		set_error(e, rc, "pattern gives up: ");
		return -1;
	}
	got = pcre2_get_ovector_pointer(rx->data);
	if (start)
		*start = got[0];
	if (end)
		*end = got[1];
	return 1;
}

int
rx_search(const struct rx *rx, const char *text, size_t len, struct err *e)
{
	return rx_search_at(rx, text, len, 0, NULL, NULL, e);
}

void
rx_free(struct rx *rx)
{
	if (!rx)
		return;
	pcre2_match_data_free(rx->data);
	pcre2_match_context_free(rx->limits);
	pcre2_code_free(rx->code);
	free(rx);
}
