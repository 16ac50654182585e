/* A run as lines, from records like the journal's. */
#include "test.h"

#include <string.h>

#include "base/auto.h"
#include "show/action.h"
#include "show/jsonl.h"
#include "show/plain.h"
#include "text/json.h"

#define R(text) "{\"seq\":1,\"ts\":\"2026-11-21T02:37:33.421523+00:00\"," text

/* clang-format off */
static const char *const records[] = {
	R("\"event\":\"run_start\",\"run\":\"fix-1\",\"loop\":\"fix\"}"),
	R("\"event\":\"loop_start\",\"loop\":\"fix\",\"initial\":\"check\"}"),
	R("\"event\":\"state_enter\",\"state\":\"check\",\"iteration\":1,"
	  "\"elapsed_ms\":900}"),
	R("\"event\":\"action_start\",\"action\":\"make test\\necho\"}"),
	"out 1\nred\x1b[31m\r\n10%\r20%\n",
	"err 2\n",
	R("\"event\":\"action_complete\",\"exit_code\":2,"
	  "\"duration_ms\":349,\"outcome\":\"exited\"}"),
	R("\"event\":\"evaluate\",\"type\":\"default\",\"verdict\":\"no\"}"),
	R("\"event\":\"route\",\"from\":\"check\",\"to\":\"fix\","
	  "\"verdict\":\"no\"}"),
	R("\"event\":\"state_enter\",\"state\":\"fix\",\"iteration\":2,"
	  "\"elapsed_ms\":61500}"),
	R("\"event\":\"route\",\"from\":\"fix\",\"to\":\"done\","
	  "\"cause\":\"stall\"}"),
	R("\"event\":\"phase\",\"phase\":\"stopping\",\"signal\":2}"),
	R("\"event\":\"made_up\",\"x\":1}"),
	R("\"event\":\"loop_complete\",\"final_state\":\"done\","
	  "\"iterations\":2,\"terminated_by\":\"terminal\"}"),
	R("\"event\":\"run_end\",\"final_state\":\"done\","
	  "\"terminated_by\":\"terminal\",\"status\":\"completed\","
	  "\"active_ms\":3700}"),
};
/* clang-format on */

static void
feed(struct sink s, const char *record)
{
	auto_arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct val *v;
	struct event ev;

	if (record[0] != '{') {
		s.output(s.self, &(struct voice) { .item = -1 },
		    strstr(record, "err") ? 2 : 1, record, strlen(record));
		return;
	}
	v = json_read(&mem, record, strlen(record), ORIGIN_DATA, &e);
	cr_assert_not_null(v, "%s", e.msg);
	cr_assert(event_read(&mem, v, &ev));
	cr_assert_eq(s.hear(s.self, &ev, &e), 0);
}

TEST(plain, shows_references_and_not_our_variables)
{
	static const struct {
		const char *record, *wanted;
	} rows[] = {
		{ "\"action\":\"echo \\\"${LL_V0}\\\" ${LL_V1}!\",\"values\":["
		  "{\"var\":\"LL_V0\",\"ref\":\"context.word\"},"
		  "{\"var\":\"LL_V1\",\"ref\":\"captured.a.output\"}]}",
		    "echo \"${context.word}\" ${captured.a.output}!" },
		{ "\"action\":\"echo ${LL_V0} ${LL_V10} ${LL_V\"}",
		    "echo ${LL_V0} ${LL_V10} ${LL_V" },
		{ "\"action\":\"echo ${LL_V1}\",\"values\":[3,{\"var\":4}]}",
		    "echo ${LL_V1}" },
		{ "\"action_file\":\"x\"}", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena mem = ARENA_INIT;
		auto_str text = STR_INIT, got = STR_INIT;
		struct err e = ERR_INIT;
		struct event ev;

		str_addf(
		    &text, R("\"event\":\"action_start\",%s"), rows[i].record);
		cr_assert(event_read(&mem,
		    json_read(&mem, text.buf, text.len, ORIGIN_DATA, &e), &ev));
		action_source(&got, &ev);
		cr_expect_str_eq(got.buf, rows[i].wanted);
	}
}

TEST(plain, a_word_of_the_loop_is_no_failure)
{
	static const struct {
		const char *record, *wanted;
	} rows[] = {
		{ "\"verdict\":\"yes\"}", "+ yes" },
		{ "\"verdict\":\"no\"}", "x no" },
		{ "\"verdict\":\"tool_error\"}", "x tool_error" },
		{ "\"verdict\":\"bug\"}", "* bug" },
		{ "\"verdict\":\"partial\"}", "* partial" },
		{ "\"verdict\":\"odd\",\"error\":\"e\"}", "x odd: e" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct out out = { .buf = STR_INIT };
		auto_arena mem = ARENA_INIT;
		auto_str text = STR_INIT;
		struct err e = ERR_INIT;
		struct event ev;

		str_addf(&text, R("\"event\":\"evaluate\",%s"), rows[i].record);
		cr_assert(event_read(&mem,
		    json_read(&mem, text.buf, text.len, ORIGIN_DATA, &e), &ev));
		action_verdict(&out, &ev);
		cr_expect_str_eq(out.buf.buf, rows[i].wanted);
		out_release(&out);
	}
}

TEST(plain, shows_a_run)
{
	struct out out = { .buf = STR_INIT, .utf8 = true };
	struct plain *p =
	    plain_new(&(struct plain_opts) { .out = &out, .max_steps = 50 });

	for (size_t i = 0; i < COUNT(records); i++)
		feed(plain_sink(p), records[i]);
	cr_assert_str_eq(out.buf.buf,
	    "Running loop: fix\n"
	    "  run: fix-1\n"
	    "\n"
	    "[1/50] check (0s) -> make test \xe2\x80\xa6\n"
	    "       out 1\n"
	    "       red\\x1b[31m\n"
	    "       20%\n"
	    "       err 2\n"
	    "       (0.3s)  exit: 2\n"
	    "       \xe2\x9c\x97 no\n"
	    "       -> fix\n"
	    "[2/50] fix (1m 1s)\n"
	    "       -> done  (stall)\n"
	    "       stopping (SIGINT)\n"
	    "\n"
	    "Loop completed: done (2 iterations, 3.7s)\n");
	plain_free(p);
	out_release(&out);
}

static void
show_end(const char *fields, const char *want)
{
	struct out out = { .buf = STR_INIT };
	struct plain *p = plain_new(&(struct plain_opts) { .out = &out });
	auto_str record = STR_INIT;

	str_addf(&record,
	    R("\"event\":\"run_end\",\"active_ms\":59960,"
	      "\"final_state\":\"check\",%s}"),
	    fields);
	feed(plain_sink(p), record.buf);
	cr_assert_str_eq(out.buf.buf, want);
	plain_free(p);
	out_release(&out);
}

TEST(plain, always_tells_how_it_ended)
{
	show_end("\"terminated_by\":\"max_steps\",\"status\":\"interrupted\"",
	    "\nLoop ended: max_steps at 'check' (0 iterations, 1m 0s)\n");
	show_end("\"terminated_by\":\"terminal\",\"status\":\"failed\"",
	    "\nLoop failed: check (0 iterations, 1m 0s)\n");
	show_end("\"terminated_by\":\"error\",\"status\":\"failed\","
		 "\"error\":\"state 'check': \\u001b\"",
	    "\nLoop ended: error at 'check' (0 iterations, 1m 0s)\n"
	    "  state 'check': \\x1b\n");
}

TEST(plain, verbose_shows_whole_actions)
{
	struct out out = { .buf = STR_INIT, .colour = true, .width = 40 };
	struct plain *p =
	    plain_new(&(struct plain_opts) { .out = &out, .verbose = true });

	feed(plain_sink(p),
	    R("\"event\":\"action_start\",\"action\":\"\\na 1\\n\\tb\\n\"}"));
	cr_assert_str_eq(out.buf.buf, "       -> a 1\n          \tb\n");
	plain_free(p);
	out_release(&out);
}

TEST(plain, cuts_an_action_at_the_width)
{
	struct out out = { .buf = STR_INIT, .colour = true, .width = 40 };
	struct plain *p = plain_new(&(struct plain_opts) { .out = &out });

	feed(plain_sink(p),
	    R("\"event\":\"state_enter\",\"state\":\"a\",\"iteration\":1}"));
	str_reset(&out.buf);
	feed(plain_sink(p),
	    R("\"event\":\"action_start\",\"action\":"
	      "\"echo 12345678901234567890123456789\"}"));
	cr_assert_str_eq(out.buf.buf, " -> echo 123456789012345678...\n");
	plain_free(p);
	out_release(&out);
}

static int
refuse(void *self, const char *p, size_t n)
{
	(void)p;
	(void)n;
	++*(int *)self;
	return 32;
}

TEST(plain, goes_on_when_nobody_listens)
{
	int tries = 0;
	struct out out = { .write = refuse, .self = &tries, .buf = STR_INIT };
	struct plain *p = plain_new(&(struct plain_opts) { .out = &out });

	for (size_t i = 0; i < COUNT(records); i++)
		feed(plain_sink(p), records[i]);
	cr_assert_eq(tries, 1);
	cr_assert_eq(out.lost, 32);
	cr_assert_eq(out.buf.len, 0);
	plain_free(p);
	out_release(&out);
}

TEST(jsonl, prints_records_and_output)
{
	struct out out = { .buf = STR_INIT };
	struct jsonl *j = jsonl_new(&out);
	auto_arena mem = ARENA_INIT;
	struct err e = ERR_INIT;
	struct sv rest, line;
	int lines = 0, outputs = 0;

	for (size_t i = 0; i < COUNT(records); i++)
		feed(jsonl_sink(j), records[i]);
	rest = str_sv(&out.buf);
	while (sv_cut(&rest, '\n', &line) && line.n) {
		const struct val *v =
		    json_read(&mem, line.p, line.n, ORIGIN_DATA, &e);

		cr_assert_not_null(v, "%s", e.msg);
		cr_assert_not_null(val_str(v, "ts", NULL));
		if (strcmp(val_str(v, "event", ""), "action_output") == 0)
			outputs++;
		lines++;
	}
	cr_assert_eq(lines, (int)COUNT(records) + 2);
	cr_assert_eq(outputs, 4);
	cr_assert_not_null(strstr(out.buf.buf,
	    "\"event\":\"action_output\",\"stream\":\"stderr\","
	    "\"line\":\"err 2\"}\n"));
	cr_assert_not_null(strstr(out.buf.buf, "\"event\":\"made_up\""));
	jsonl_free(j);
	out_release(&out);
}
