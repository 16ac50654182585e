/* The small parts of the screen: spans, lines, columns, findings. */
#include "test.h"

#include <string.h>

#include "base/auto.h"
#include "show/diagnostics.h"
#include "show/feed.h"
#include "show/span.h"
#include "show/table.h"

TEST(span, is_short)
{
	static const struct {
		long long ms;
		const char *tenths, *whole;
	} cases[] = {
		{ -5, "0.0s", "0s" },
		{ 0, "0.0s", "0s" },
		{ 349, "0.3s", "0s" },
		{ 59949, "59.9s", "59s" },
		{ 59950, "1m 0s", "59s" },
		{ 65000, "1m 5s", "1m 5s" },
		{ 7207000, "2h 0m 7s", "2h 0m 7s" },
		{ 273600000, "3d 4h", "3d 4h" },
	};
	char text[SPAN_TEXT];

	for (size_t i = 0; i < COUNT(cases); i++) {
		cr_assert_str_eq(span_text(cases[i].ms, text), cases[i].tenths);
		cr_assert_str_eq(span_whole(cases[i].ms, text), cases[i].whole);
	}
}

TEST(span, drops_what_is_none)
{
	static const struct {
		long long s;
		const char *text;
	} cases[] = { { 0, "0s" }, { -1, "0s" }, { 59, "59s" }, { 60, "1m" },
		{ 90, "1m 30s" }, { 3600, "1h" }, { 86400, "1d" },
		{ 90061, "1d 1h 1m 1s" } };
	char text[SPAN_TEXT];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_expect_str_eq(span_short(cases[i].s, text), cases[i].text);
}

static void
keep_line(void *self, int stream, const char *p, size_t n)
{
	struct str *s = self;

	str_addf(s, "%d[", stream);
	if (n > 20)
		str_addf(s, "%zu", n);
	else
		str_add(s, p, n);
	str_addc(s, ']');
}

TEST(feed, are_cut_whatever_the_pieces)
{
	static const char text[] = "a\nbb\r\n\n1%\r2%\r\nend";

	for (size_t step = 1; step < sizeof(text); step++) {
		auto_str got = STR_INIT;
		struct feed l = { .part = { STR_INIT, STR_INIT },
			.line = keep_line,
			.self = &got };

		for (size_t at = 0; at < sizeof(text) - 1; at += step) {
			size_t left = sizeof(text) - 1 - at;

			feed_bytes(&l, 1, text + at, left < step ? left : step);
			feed_bytes(&l, 2, "x", 1);
		}
		feed_end(&l);
		cr_assert_eq(strncmp(got.buf, "1[a]1[bb]1[]1[2%]1[end]2[x", 26),
		    0, "%s", got.buf);
		feed_release(&l);
	}
}

TEST(feed, gives_a_long_one_in_pieces)
{
	auto_str got = STR_INIT, text = STR_INIT;
	struct feed l = {
		.part = { STR_INIT, STR_INIT }, .line = keep_line, .self = &got
	};

	for (int i = 0; i < 5000; i++)
		str_adds(&text, "\xc3\xa4");
	feed_bytes(&l, 1, text.buf, text.len);
	feed_end(&l);
	cr_assert_str_eq(got.buf, "1[8188]1[1812]");
	feed_release(&l);
}

TEST(table, aligns_and_cuts_the_last_column)
{
	static const struct table_col cols[] = { { "name", PAINT_BOLD, false },
		{ "n", PAINT_NONE, true }, { "what", PAINT_NONE, false } };
	struct table t = { .cols = cols, .ncols = 3 };
	struct out out = { .buf = STR_INIT, .width = 24, .utf8 = true };

	table_add(&t, "a\xc3\xa4");
	table_add(&t, "10");
	table_add(&t, "short");
	table_add(&t, "longer");
	table_add(&t, "9");
	table_add(&t, "a text that is too long");
	table_show(&t, &out);
	cr_assert_str_eq(out.buf.buf,
	    "name     n  what\n"
	    "a\xc3\xa4      10  short\n"
	    "longer   9  a text that\xe2\x80\xa6\n");
	str_reset(&out.buf);
	out.width = 0;
	out.colour = true;
	table_show(&t, &out);
	cr_assert_not_null(strstr(out.buf.buf, "a text that is too long\n"));
	cr_assert_not_null(strstr(out.buf.buf, "\x1b[1mlonger\x1b[0m  "));
	table_release(&t);
	out_release(&out);
}

TEST(table, gives_a_long_name_a_line_of_its_own)
{
	static const struct table_col cols[] = { { "RUN", PAINT_NONE, false },
		{ "N", PAINT_NONE, true }, { "ENDED", PAINT_NONE, false } };
	struct table t = { .cols = cols, .ncols = 3 };
	struct out out = { .buf = STR_INIT, .width = 30, .utf8 = true };

	table_add(&t, "short");
	table_add(&t, "1");
	table_add(&t, "terminal");
	table_add(&t, "a-name-that-is-too-long-for-all");
	table_add(&t, "22");
	table_add(&t, "\xe6\x97\xa5\xe6\x9c\xac");
	table_add(&t, "\xe6\x97\xa5\xe6\x9c\xac");
	table_add(&t, "3");
	table_add(&t, "max_steps");
	table_show(&t, &out);
	cr_assert_str_eq(out.buf.buf,
	    "RUN               N  ENDED\n"
	    "short             1  terminal\n"
	    "a-name-that-is-too-long-for-all\n"
	    "                 22  \xe6\x97\xa5\xe6\x9c\xac\n"
	    "\xe6\x97\xa5\xe6\x9c\xac              3  max_steps\n");
	table_release(&t);
	out_release(&out);
}

TEST(diagnostics, fit_the_screen)
{
	static const char text[] =
	    "  one: {action: \"\xe6\x97\xa5\xe6\x9c\xac\", on_yess: done, "
	    "on_no: nowhere, next: two}\n";
	const struct source src = { "x.yaml", { text, sizeof(text) - 1 } };
	struct place at = { "x.yaml", 1, 22 };
	struct out out = {
		.buf = STR_INIT, .tty = true, .width = 30, .utf8 = true
	};
	struct diags d = DIAGS_INIT;

	diag_add(&d, at, "E101", "states.one", "unknown");
	diagnostics_show(&out, &d, &src, 1);
	cr_assert_str_eq(out.buf.buf,
	    "x.yaml:1:22: error E101: unknown\n"
	    "    action: \"\xe6\x97\xa5\xe6\x9c\xac\", on_yess: \xe2\x80\xa6\n"
	    "                   ^\n");
	diags_release(&d);
	out_release(&out);
}

TEST(diagnostics, show_place_id_and_caret)
{
	static const char text[] = "name: x\n\tfoo: [\xc3\xa4, b]\n";
	const struct source src = { "x.yaml", { text, sizeof(text) - 1 } };
	struct place at = { "x.yaml", 2, 10 }, none = { "x.yaml", 0, 0 };
	struct out out = { .buf = STR_INIT, .tty = true };
	struct diags d = DIAGS_INIT;

	diag_add(&d, at, "E201", "states.a", "no '%s'", "b");
	diag_add(&d, none, "W301", "states.b", "odd");
	diagnostics_show(&out, &d, &src, 1);
	diagnostics_sum(&out, &d, "x");
	cr_assert_str_eq(out.buf.buf,
	    "x.yaml:2:10: error E201: no 'b'\n"
	    "    \tfoo: [\xc3\xa4, b]\n"
	    "    \t        ^\n"
	    "x.yaml: warning W301: states.b: odd\n"
	    "x is invalid: 1 error, 1 warning\n");
	diags_release(&d);
	out_release(&out);
}
