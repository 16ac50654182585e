/* Markers: found at the beginning of a line however the text is cut. */
#include "text/marker.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"

static const struct {
	const char *text;
	enum marker found;
	const char *says;
} rows[] = {
	{ "", MARKERS, "" },
	{ "\n\n", MARKERS, "" },
	{ "nothing here\n", MARKERS, "" },
	{ "FATAL_ERROR: disk on fire\n", MARKER_FATAL, "disk on fire" },
	{ "FATAL_ERROR: no newline", MARKER_FATAL, "no newline" },
	{ "FATAL_ERROR:tight\n", MARKER_FATAL, "tight" },
	{ "FATAL_ERROR:\t  blanks \t\r\n", MARKER_FATAL, "blanks" },
	{ "a\nb\nFATAL_ERROR: third\nc\n", MARKER_FATAL, "third" },
	{ "FATAL_ERROR: first\nFATAL_ERROR: second\n", MARKER_FATAL, "first" },
	{ "pre FATAL_ERROR: x\n", MARKERS, "" },
	{ " FATAL_ERROR: x\n", MARKERS, "" },
	{ "+FATAL_ERROR: x\n", MARKERS, "" },
	{ "FATAL_ERROR\n: x\n", MARKERS, "" },
	{ "FATAL_ERROR:\nthe next line\n", MARKERS, "" },
	{ "FATAL_ERROR:   \n", MARKERS, "" },
	{ "FATAL_ERRORS: x\n", MARKERS, "" },
	{ "fatal_error: x\n", MARKERS, "" },
	{ "FATAL_ERROR:\nFATAL_ERROR: x\n", MARKER_FATAL, "x" },
	{ "LOOP_STOP:\n", MARKER_STOP, "" },
	{ "LOOP_STOP:", MARKER_STOP, "" },
	{ "LOOP_STOP: enough\n", MARKER_STOP, "enough" },
	{ "CONTEXT_HANDOFF: part two\n", MARKER_HANDOFF, "part two" },
	{ "CONTEXT_HANDOFF:\n", MARKERS, "" },
	{ "LOOP_STOP: a\nFATAL_ERROR: b\nCONTEXT_HANDOFF: c\n", MARKER_HANDOFF,
	    "c" },
	{ "CONTEXT_HANDOFF: c\nFATAL_ERROR: b\n", MARKER_HANDOFF, "c" },
	{ "LOOP_STOP: a\nFATAL_ERROR: b\n", MARKER_FATAL, "b" },
	{ "FATAL_ERROR: \xc3\xa4\xe2\x82\xac\n", MARKER_FATAL,
	    "\xc3\xa4\xe2\x82\xac" },
	{ "CONTEXT_HANDOFFATAL_ERROR: x\n", MARKERS, "" },
};

TEST(marker, is_found_in_pieces_of_any_length)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = strlen(rows[i].text);

		for (size_t piece = 1; piece <= n + 1; piece++) {
			struct marker_scan s = MARKER_SCAN_INIT;

			for (size_t at = 0; at < n; at += piece)
				marker_feed(&s,
				    sv_make(rows[i].text + at,
					n - at < piece ? n - at : piece));
			marker_end(&s);
			cr_assert_eq(s.found, rows[i].found,
			    "row %zu, pieces of %zu", i, piece);
			cr_assert_str_eq(s.text.buf, rows[i].says);
			marker_release(&s);
		}
	}
}

TEST(marker, keeps_no_more_than_it_must)
{
	struct marker_scan s = MARKER_SCAN_INIT;

	marker_feed(&s, sv("FATAL_ERROR: "));
	for (int i = 0; i < 100000; i++)
		marker_feed(&s, sv("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"));
	cr_assert_lt(s.line.room, 4 * MARKER_TEXT_MAX);
	marker_feed(&s, sv("\n"));
	cr_assert_eq(s.found, MARKER_FATAL);
	cr_assert_leq(s.text.len, MARKER_TEXT_MAX);
	cr_assert_eq(s.text.len % 2, 0, "no letter is cut in two");
	for (int i = 0; i < 100000; i++)
		marker_feed(&s, sv("no line at all "));
	cr_assert_lt(s.line.room, 4 * MARKER_TEXT_MAX);
	marker_release(&s);
}

TEST(marker, begins_anew)
{
	struct marker_scan s = { 0 };

	marker_start(&s);
	marker_feed(&s, sv("LOOP_STOP: once"));
	marker_end(&s);
	cr_assert_eq(s.found, MARKER_STOP);
	marker_start(&s);
	marker_end(&s);
	cr_assert_eq(s.found, MARKERS);
	cr_assert_str_eq(s.text.buf, "");
	marker_feed(&s, sv("FATAL_"));
	marker_start(&s);
	marker_feed(&s, sv("ERROR: x\n"));
	cr_assert_eq(s.found, MARKERS);
	marker_release(&s);
}

TEST(marker, names)
{
	for (int i = 0; i < MARKERS; i++)
		cr_assert_eq(
		    marker_of(marker_name((enum marker)i)), (enum marker)i);
	cr_assert_eq(marker_of("LOOP_STOP:"), MARKERS);
}
