/* Sub-loops and the items of a `parallel` on the screen. */
#include "test.h"

#include <string.h>

#include "base/auto.h"
#include "show/jsonl.h"
#include "show/plain.h"
#include "text/json.h"

/* A record without seq, time and sum, or what an action prints: `fields` is
 * then the bytes and `event` the stream. */
struct news {
	const char *event, *fields;
	long long item, depth;
	long long ms; /* since the start */
};

static void
feed(struct sink s, const struct news *n)
{
	auto_arena mem = ARENA_INIT;
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;
	const struct val *v;
	struct event ev = { .kind = event_kind_of(n->event),
		.name = n->event,
		.seq = 1,
		.wall_us = 1795228653000000LL + n->ms * 1000,
		.item = n->item,
		.depth = n->depth };

	if (n->event[0] == '1' || n->event[0] == '2') {
		const struct voice who = { n->item, n->depth };

		s.output(s.self, &who, n->event[0] - '0', n->fields,
		    strlen(n->fields));
		return;
	}
	str_addf(&text, "{%s}", n->fields);
	v = json_read(&mem, text.buf, text.len, ORIGIN_DATA, &e);
	cr_assert_not_null(v, "%s: %s", text.buf, e.msg);
	ev.fields = v;
	cr_assert_eq(s.hear(s.self, &ev, &e), 0);
}

static void
show(const struct news *news, size_t n, bool verbose, const char *want)
{
	struct out out = { .buf = STR_INIT };
	struct plain *p =
	    plain_new(&(struct plain_opts) { .out = &out, .verbose = verbose });

	for (size_t i = 0; i < n; i++)
		feed(plain_sink(p), &news[i]);
	cr_expect_str_eq(out.buf.buf, want);
	plain_free(p);
	out_release(&out);
}

#define STATE(name, n) "state_enter", "\"state\":\"" name "\",\"iteration\":" #n

/* clang-format off */
static const struct news nested[] = {
	{ STATE("call", 1), -1, 0, 0 },
	{ "loop_start", "\"loop\":\"kid\",\"initial\":\"a\"", -1, 1, 0 },
	{ STATE("a", 1), -1, 1, 0 },
	{ "action_start", "\"action\":\"echo hi\"", -1, 1, 0 },
	{ "1", "hi\nno end", -1, 1, 0 },
	{ "action_complete", "\"exit_code\":0,\"duration_ms\":20", -1, 1, 0 },
	{ "route", "\"to\":\"b\"", -1, 1, 0 },
	{ STATE("b", 2), -1, 1, 0 },
	{ "loop_start", "\"loop\":\"grand\\u001b\"", -1, 2, 0 },
	{ STATE("x", 1), -1, 2, 0 },
	{ "loop_complete", "\"final_state\":\"x\",\"iterations\":1,"
	  "\"terminated_by\":\"max_steps\"", -1, 2, 0 },
	{ "retry_backoff", "\"state\":\"b\",\"attempt\":1,\"wait_ms\":1000",
	  -1, 1, 0 },
	{ "loop_start", "\"loop\":\"grand\"", -1, 2, 0 },
	{ "loop_complete", "\"final_state\":\"bad\",\"iterations\":3,"
	  "\"terminated_by\":\"terminal\",\"failure_terminal\":true",
	  -1, 2, 0 },
	{ "loop_complete", "\"final_state\":\"b\",\"iterations\":2,"
	  "\"terminated_by\":\"error\",\"error\":\"no way\"", -1, 1, 0 },
	{ "evaluate", "\"verdict\":\"error\"", -1, 0, 0 },
	{ "route", "\"to\":\"fin\"", -1, 0, 0 },
};
/* clang-format on */

TEST(plain, a_child_is_indented_and_tells_its_end)
{
	show(nested, COUNT(nested), false,
	    "[1] call (0s) -> loop kid\n"
	    "  [1] a (0s) -> echo hi\n"
	    "         hi\n"
	    "         no end\n"
	    "         (0.0s)\n"
	    "         -> b\n"
	    "  [2] b (0s) -> loop grand\\x1b\n"
	    "    [1] x (0s)\n"
	    "         loop ended: max_steps at 'x' (1 iteration)\n"
	    "         retry 1 of 'b' in 1.0s\n"
	    "         -> loop grand\n"
	    "         loop failed: bad (3 iterations)\n"
	    "       loop ended: error at 'b' (2 iterations): no way\n"
	    "       x error\n"
	    "       -> fin\n");
}

/* clang-format off */
static const struct news few[] = {
	{ STATE("fan", 1), -1, 0, 0 },
	{ "parallel_start", "\"state\":\"fan\",\"count\":4,\"workers\":2,"
	  "\"items\":[\"a.c\",\"b\\nc\",3]", -1, 0, 0 },
	{ "item_start", "\"state\":\"fan\"", 0, 0, 0 },
	{ "action_start", "\"action\":\"make ${item}\"", 0, 0, 0 },
	{ "item_start", "\"state\":\"fan\"", 1, 0, 100 },
	{ "action_start", "\"action\":\"make ${item}\"", 1, 0, 100 },
	{ "1", "zero ", 0, 0, 0 },
	{ "1", "one\nmore ", 1, 0, 0 },
	{ "1", "ends\nrest", 0, 0, 0 },
	{ "2", "bad\033[31m\n", 1, 0, 0 },
	{ "action_complete", "\"exit_code\":0,\"duration_ms\":9", 0, 0, 1200 },
	{ "item_complete", "\"status\":\"succeeded\",\"exit_code\":0",
	  0, 0, 1200 },
	{ "action_complete", "\"exit_code\":2,\"duration_ms\":9", 1, 0, 1300 },
	{ "item_complete", "\"status\":\"failed\",\"exit_code\":2",
	  1, 0, 1300 },
	{ "item_start", "\"state\":\"fan\"", 2, 0, 1300 },
	{ "item_complete", "\"status\":\"failed\",\"exit_code\":124,"
	  "\"kind\":\"timeout\"", 2, 0, 1400 },
	{ "item_start", "\"state\":\"fan\"", 3, 0, 1400 },
	{ "action_error", "\"error\":\"no such word\"", 3, 0, 1400 },
	{ "item_complete", "\"status\":\"unfinished\","
	  "\"error\":\"no such word\"", 3, 0, 1400 },
	{ "evaluate", "\"type\":\"parallel\",\"verdict\":\"no\","
	  "\"attempted\":4,\"succeeded\":1,\"failed\":2,\"skipped\":0,"
	  "\"unfinished\":1", -1, 0, 1400 },
};
/* clang-format on */

TEST(plain, lines_of_items_say_whose_they_are)
{
	show(few, COUNT(few), false,
	    "[1] fan (0s) -> 4 items, at most 2 at once\n"
	    "       [0] -> a.c\n"
	    "       [1] -> b\\x0ac\n"
	    "       [1] one\n"
	    "       [0] zero ends\n"
	    "       [1] bad\\x1b[31m\n"
	    "       [0] rest\n"
	    "       [0] + ok 1.2s\n"
	    "       [1] more\n"
	    "       [1] x failed: exit 2\n"
	    "       [2] -> 3\n"
	    "       [2] x failed: exit 124 (timeout)\n"
	    "       [3] -> started\n"
	    "       [3] x unfinished: no such word\n"
	    "       x no  1 of 4 ok, 2 failed, 1 unfinished\n");
}

/* clang-format off */
static const struct news lanes[] = {
	{ "parallel_start", "\"count\":2,\"workers\":2,\"items\":[\"a\","
	  "\"b\"]", -1, 1, 0 },
	{ "item_start", "\"state\":\"fan\"", 0, 1, 0 },
	{ "loop_start", "\"loop\":\"kid\"", 0, 2, 0 },
	{ STATE("one", 1), 0, 2, 0 },
	{ "item_start", "\"state\":\"fan\"", 1, 1, 0 },
	{ "action_start", "\"action\":\"make\"", 0, 2, 0 },
	{ "1", "made\n", 0, 2, 0 },
	{ "action_complete", "\"exit_code\":1,\"duration_ms\":100", 0, 2, 0 },
	{ STATE("two", 2), 0, 2, 0 },
	{ "loop_start", "\"loop\":\"sub\"", 0, 3, 0 },
	{ STATE("deep", 1), 0, 3, 0 },
	{ "loop_complete", "\"final_state\":\"deep\",\"iterations\":1,"
	  "\"terminated_by\":\"terminal\"", 0, 3, 0 },
	{ "loop_complete", "\"final_state\":\"end\",\"iterations\":1,"
	  "\"terminated_by\":\"terminal\"", 0, 2, 0 },
	{ "item_complete", "\"status\":\"failed\","
	  "\"terminated_by\":\"max_steps\"", 0, 1, 0 },
};
/* clang-format on */

TEST(plain, the_loop_of_an_item_is_below_it)
{
	show(lanes, COUNT(lanes), false,
	    "         -> 2 items, at most 2 at once\n"
	    "         [0] -> a\n"
	    "         [0] one\n"
	    "         [1] -> b\n"
	    "         [0] -> make\n"
	    "         [0] made\n"
	    "         [0] (0.1s)  exit: 1\n"
	    "         [0] two -> loop sub\n"
	    "         [0]   deep\n"
	    "         [0] loop completed: deep (1 iteration)\n"
	    "         [0] x failed: max_steps\n");
}

/* `n` items that print one line each; every 50th fails. */
static void
show_many(struct plain *p, int n)
{
	auto_str start = STR_INIT;

	str_addf(&start, "\"count\":%d,\"workers\":8,\"items\":[", n);
	for (int i = 0; i < n; i++)
		str_addf(&start, "%s\"f%d\"", i ? "," : "", i);
	str_addc(&start, ']');
	feed(plain_sink(p),
	    &(struct news) { "parallel_start", start.buf, -1, 0, 0 });
	for (int i = 0; i < n; i++) {
		const struct news one[] = {
			{ "item_start", "", i, 0, 0 },
			{ "1", "dropped\n", i, 0, 0 },
			{ "2", "last words", i, 0, 0 },
			{ "item_complete",
			    i % 50 == 7 ? "\"status\":\"failed\","
					  "\"exit_code\":1"
					: "\"status\":\"succeeded\"",
			    i, 0, 0 },
		};

		for (size_t k = 0; k < COUNT(one); k++)
			feed(plain_sink(p), &one[k]);
	}
}

TEST(plain, of_many_items_only_failures_are_shown)
{
	struct out out = { .buf = STR_INIT };
	struct plain *p = plain_new(&(struct plain_opts) { .out = &out });

	show_many(p, 100);
	cr_expect_str_eq(out.buf.buf,
	    "       -> 100 items, at most 8 at once\n"
	    "       [7] dropped\n"
	    "       [7] last words\n"
	    "       [7] x failed: exit 1  f7\n"
	    "       10 of 100 items, 1 failed\n"
	    "       20 of 100 items, 1 failed\n"
	    "       30 of 100 items, 1 failed\n"
	    "       40 of 100 items, 1 failed\n"
	    "       50 of 100 items, 1 failed\n"
	    "       [57] dropped\n"
	    "       [57] last words\n"
	    "       [57] x failed: exit 1  f57\n"
	    "       60 of 100 items, 2 failed\n"
	    "       70 of 100 items, 2 failed\n"
	    "       80 of 100 items, 2 failed\n"
	    "       90 of 100 items, 2 failed\n");
	plain_free(p);
	out_release(&out);
}

TEST(plain, verbose_shows_all_items)
{
	struct out out = { .buf = STR_INIT };
	struct plain *p =
	    plain_new(&(struct plain_opts) { .out = &out, .verbose = true });

	show_many(p, 100);
	cr_expect(strstr(out.buf.buf,
	    "       [99] -> f99\n       [99] dropped\n"
	    "       [99] last words\n       [99] + ok 0.0s\n"));
	cr_expect(!strstr(out.buf.buf, " of 100"));
	plain_free(p);
	out_release(&out);
}

TEST(plain, a_failing_item_shows_its_last_lines_only)
{
	struct out out = { .buf = STR_INIT };
	struct plain *p = plain_new(&(struct plain_opts) { .out = &out });
	struct news line = { "1", "", 30, 0, 0 };
	char wide[8000] = "";

	feed(plain_sink(p), &(struct news) { "item_start", "", 30, 0, 0 });
	for (int i = 0; i < 2000; i++) {
		auto_str s = STR_INIT;

		str_addf(&s, "line %d\n", i);
		line.fields = s.buf;
		feed(plain_sink(p), &line);
	}
	memset(wide, 'w', sizeof(wide) - 1);
	line.fields = wide;
	feed(plain_sink(p), &line);
	feed(plain_sink(p),
	    &(struct news) {
		"item_complete", "\"status\":\"failed\"", 30, 0, 0 });
	cr_expect(strstr(out.buf.buf, "[30] wwww"));
	cr_expect(strstr(out.buf.buf, "www...\n"));
	cr_expect_eq(strncmp(out.buf.buf, "       [30] line ", 17), 0);
	cr_expect(strstr(out.buf.buf, "[30] line 1999\n"));
	cr_expect(!strstr(out.buf.buf, "line 1000\n"));
	cr_expect_lt(out.buf.len, 10000);
	plain_free(p);
	out_release(&out);
}

TEST(jsonl, output_says_whose_it_is)
{
	struct out out = { .buf = STR_INIT };
	struct jsonl *j = jsonl_new(&out);
	static const struct news all[] = {
		{ "1", "a", 3, 1, 0 },
		{ "1", "b", 4, 0, 0 },
		{ "1", "c\n", 3, 1, 0 },
		{ "1", "d\n", -1, 2, 0 },
		{ "item_complete", "", 4, 0, 0 },
		{ "1", "e", 5, 0, 0 },
		{ "run_end", "", -1, 0, 0 },
	};
	static const char *const want[] = {
		"\"line\":\"ac\",\"item\":3,\"depth\":1}\n",
		"\"line\":\"d\",\"depth\":2}\n",
		"\"line\":\"b\",\"item\":4}\n",
		"\"event\":\"item_complete\",\"item\":4}\n",
		"\"line\":\"e\",\"item\":5}\n",
		"\"event\":\"run_end\"}\n",
	};
	const char *at;

	for (size_t i = 0; i < COUNT(all); i++)
		feed(jsonl_sink(j), &all[i]);
	at = out.buf.buf;
	for (size_t i = 0; i < COUNT(want) && at; i++) {
		at = strstr(at, want[i]);
		cr_expect_not_null(at, "%s in %s", want[i], out.buf.buf);
	}
	jsonl_free(j);
	out_release(&out);
}
