/*
 * T47: no cell of {outcome} x {evaluator} maps a broken execution to yes or
 * no; and what each evaluator decides.
 */
#include "engine/judge.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

struct fixture {
	const char *text;
	struct sv bytes;
};

static int
give(void *self, struct sv *out, struct err *e)
{
	struct fixture *f = self;

	(void)e;
	*out = f->text ? sv(f->text) : f->bytes;
	return 0;
}

static int
refuse(void *self, struct sv *out, struct err *e)
{
	(void)self;
	(void)out;
	return err_set(e, ERR_IO, "the file is gone");
}

static struct judged
decide(struct arena *a, const struct evaluate *ev, const char *text,
    struct outcome o)
{
	struct fixture f = { .text = text };
	struct judge_in in = {
		.evaluate = ev,
		.acted = true,
		.outcome = o,
		.exit_code = o.kind == OUT_EXITED ? o.code
		    : o.kind == OUT_TIMEOUT       ? 124
						  : -o.code,
		.text = give,
		.self = &f,
		.mem = a,
	};

	return judge(&in);
}

static const struct outcome ok = { .kind = OUT_EXITED };

TEST(judge, exit_codes)
{
	static const struct {
		int code;
		const char *verdict;
	} rows[] = { { 0, "yes" }, { 1, "no" }, { 2, "error" },
		{ 124, "error" }, { 127, "error" }, { 255, "error" } };
	struct evaluate ev = { .type = EVAL_DEFAULT };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct outcome o = { .kind = OUT_EXITED, .code = rows[i].code };
		struct judged j = decide(&a, &ev, "", o);

		cr_expect_str_eq(j.verdict, rows[i].verdict);
		cr_expect_str_eq(j.type, "default");
		cr_expect_eq(val_num(j.details, "exit_code", -9), rows[i].code);
	}
}

TEST(judge, broken_execution_is_never_yes_or_no)
{
	static const struct outcome broken[] = {
		{ .kind = OUT_TIMEOUT, .code = LIMIT_WALL },
		{ .kind = OUT_TIMEOUT, .code = LIMIT_IDLE },
		{ .kind = OUT_TIMEOUT, .code = LIMIT_LOOP },
		{ .kind = OUT_SIGNALED, .code = 9 },
		{ .kind = OUT_SIGNALED, .code = 15 },
		{ .kind = OUT_SPAWN_FAILED, .code = 2 },
		{ .kind = OUT_LOST, .code = 0 },
	};
	auto_arena a = ARENA_INIT;

	for (int type = 0; type < EVAL_TYPES; type++)
		for (size_t i = 0; i < COUNT(broken); i++) {
			struct evaluate ev = { .set = true,
				.type = (enum eval_type)type,
				.path = "x",
				.pattern = val_text(&a, "1"),
				.target = val_int(&a, 1) };
			struct judged j = decide(&a, &ev, "1", broken[i]);

			/* A tool that took too long has a word of its own. */
			cr_expect_str_eq(j.verdict,
			    type == EVAL_MCP_RESULT &&
				    broken[i].kind == OUT_TIMEOUT
				? "timeout"
				: "error",
			    "evaluator %d, outcome %zu", type, i);
		}
}

TEST(judge, unreadable_text_is_an_error)
{
	auto_arena a = ARENA_INIT;
	struct evaluate ev = { .set = true, .type = EVAL_CLASSIFY };
	struct judge_in in = { .evaluate = &ev,
		.acted = true,
		.outcome = ok,
		.text = refuse,
		.mem = &a };
	struct judged j = judge(&in);

	cr_assert_str_eq(j.verdict, "error");
	cr_assert_str_eq(val_str(j.details, "error", ""), "the file is gone");
}

TEST(judge, nonzero_exit_is_an_error_for_text_evaluators)
{
	static const enum eval_type types[] = { EVAL_OUTPUT_NUMERIC,
		EVAL_OUTPUT_JSON, EVAL_OUTPUT_CONTAINS, EVAL_CLASSIFY,
		EVAL_CONVERGENCE };
	struct outcome one = { .kind = OUT_EXITED, .code = 1 };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(types); i++) {
		struct evaluate ev = { .set = true,
			.type = types[i],
			.path = ".",
			.pattern = val_text(&a, "1"),
			.target = val_int(&a, 1) };

		cr_expect_str_eq(decide(&a, &ev, "1", one).verdict, "error");
	}
}

TEST(judge, numbers)
{
	static const struct {
		const char *text, *key;
		enum operator op;
		double target;
		const char *verdict;
	} rows[] = {
		{ "5\n", NULL, OP_EQ, 5, "yes" },
		{ " 5.5 ", NULL, OP_GT, 5, "yes" },
		{ "1e3", NULL, OP_EQ, 1000, "yes" },
		{ "-3", NULL, OP_LT, -3, "no" },
		{ "5 apples", NULL, OP_EQ, 5, "error" },
		{ "", NULL, OP_EQ, 0, "error" },
		{ "0x10", NULL, OP_EQ, 16, "error" },
		{ "nan", NULL, OP_NE, 1, "error" },
		{ "1_000", NULL, OP_EQ, 1000, "error" },
		{ "score=1\nscore = 7.5\n", "score", OP_EQ, 7.5, "yes" },
		{ "xscore=9", "score", OP_EQ, 9, "yes" },
		{ "score=abc", "score", OP_EQ, 9, "error" },
		{ "score=3 score=abc", "score", OP_EQ, 3, "yes" },
		{ "score=-.5e1", "score", OP_EQ, -5, "yes" },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evaluate ev = { .set = true,
			.type = EVAL_OUTPUT_NUMERIC,
			.op = rows[i].op,
			.key = rows[i].key,
			.target = val_real(&a, rows[i].target) };

		cr_expect_str_eq(decide(&a, &ev, rows[i].text, ok).verdict,
		    rows[i].verdict, "'%s'", rows[i].text);
	}
}

TEST(judge, json_paths)
{
	static const struct {
		const char *doc, *path, *target; /* target: JSON */
		enum operator op;
		const char *verdict;
	} rows[] = {
		{ "{\"a\":{\"b\":5}}", "a.b", "5", OP_EQ, "yes" },
		{ "{\"a\":{\"b\":5}}", ".a.b", "4", OP_GT, "yes" },
		{ "{\"a\":[1,2]}", "a.1", "2", OP_EQ, "yes" },
		{ "{\"a\":[1,2]}", "a[1]", "2", OP_EQ, "yes" },
		{ "{\"a\":[1,2]}", "a.2", "2", OP_EQ, "error" },
		{ "[[1,[2]]]", "[0][1][0]", "2", OP_EQ, "yes" },
		{ "7", ".", "7", OP_EQ, "yes" },
		{ "{\"a\":true}", "a", "true", OP_EQ, "yes" },
		{ "{\"a\":true}", "a", "1", OP_EQ, "yes" },
		{ "{\"a\":\"x\"}", "a", "\"x\"", OP_EQ, "yes" },
		{ "{\"a\":\"x\"}", "a", "\"y\"", OP_NE, "yes" },
		{ "{\"a\":\"x\"}", "a", "\"y\"", OP_LT, "error" },
		{ "{\"a\":5}", "a", "\"5\"", OP_EQ, "yes" },
		{ "{\"a\":\"5\"}", "a", "5", OP_EQ, "no" },
		{ "{\"a\":[1]}", "a", "[1]", OP_EQ, "yes" },
		{ "{\"a\":1}", "a.b", "1", OP_EQ, "error" },
		{ "log\n{\"a\":1}", "a", "1", OP_EQ, "error" },
		{ "", "a", "1", OP_EQ, "error" },
	};
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evaluate ev = { .set = true,
			.type = EVAL_OUTPUT_JSON,
			.op = rows[i].op,
			.path = rows[i].path,
			.target = json_read(&a, rows[i].target,
			    strlen(rows[i].target), ORIGIN_FILE, &e) };

		cr_expect_str_eq(decide(&a, &ev, rows[i].doc, ok).verdict,
		    rows[i].verdict, "%s at %s", rows[i].doc, rows[i].path);
	}
}

TEST(judge, contains)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct rx *rx = rx_new("^all \\d+ passed$", 16, &e);
	struct val *bad = val_list(&a);
	struct evaluate ev = { .set = true,
		.type = EVAL_OUTPUT_CONTAINS,
		.pattern = val_text(&a, "^all \\d+ passed$"),
		.rx = rx };

	val_push(&a, bad, val_text(&a, "Traceback"));
	cr_expect_str_eq(decide(&a, &ev, "all 12 passed\n", ok).verdict, "yes");
	cr_expect_str_eq(decide(&a, &ev, "x\nall 12 passed", ok).verdict, "no",
	    "not multi-line");
	ev.error_patterns = bad;
	cr_expect_str_eq(decide(&a, &ev, "Traceback (", ok).verdict, "error");
	ev.negate = true;
	cr_expect_str_eq(decide(&a, &ev, "Traceback (", ok).verdict, "yes");
	ev.rx = NULL;
	ev.negate = false;
	ev.error_patterns = NULL;
	ev.pattern = val_text(&a, "(unclosed[");
	cr_expect_str_eq(
	    decide(&a, &ev, "a (unclosed[ b", ok).verdict, "yes", "plain text");
	rx_free(rx);
}

TEST(judge, a_match_limit_is_an_error)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct rx *rx = rx_new("^(a+)+$", 7, &e);
	struct evaluate ev = { .set = true,
		.type = EVAL_OUTPUT_CONTAINS,
		.pattern = val_text(&a, "^(a+)+$"),
		.rx = rx };

	cr_assert_str_eq(
	    decide(&a, &ev, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", ok)
		.verdict,
	    "error");
	rx_free(rx);
}

TEST(judge, lines_as_verdicts)
{
	static const struct {
		const char *text;
		enum line_pick line;
		long long index;
		const char *verdict;
	} rows[] = {
		{ "a\nb\n\n", LINE_LAST, 0, "b" },
		{ "\n a \nb", LINE_FIRST, 0, "a" },
		{ "a\nb\nc", LINE_INDEX, 1, "b" },
		{ "a\nb\nc", LINE_INDEX, -2, "b" },
		{ "a\nb\nc", LINE_INDEX, 9, "" },
		{ "a\nb\nc", LINE_INDEX, -9, "" },
		{ "", LINE_LAST, 0, "" },
		{ "\xff\xfe", LINE_LAST, 0, "error" },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evaluate ev = { .set = true,
			.type = EVAL_CLASSIFY,
			.line = rows[i].line,
			.line_index = rows[i].index };

		cr_expect_str_eq(decide(&a, &ev, rows[i].text, ok).verdict,
		    rows[i].verdict, "row %zu", i);
	}
}

TEST(judge, a_line_with_nul_is_no_verdict)
{
	auto_arena a = ARENA_INIT;
	struct evaluate ev = { .set = true, .type = EVAL_CLASSIFY };
	struct fixture f = { .bytes = { "yes\0no", 6 } };
	struct judge_in in = { .evaluate = &ev,
		.acted = true,
		.outcome = ok,
		.text = give,
		.self = &f,
		.mem = &a };

	cr_assert_str_eq(judge(&in).verdict, "error");
}

TEST(judge, what_a_tool_said)
{
	static const struct {
		int code;
		const char *text, *verdict;
		const char *error; /* in the details; NULL: none */
	} rows[] = {
		{ 0, "{\"content\":[]}", "success", NULL },
		{ 0, "", "success", NULL },
		{ 0, " \n", "success", NULL },
		{ 1, "", "tool_error", "the tool ended with 1" },
		{ 2, "{}", "tool_error", "the tool ended with 2" },
		{ 1, "{\"isError\":false}", "success", NULL },
		{ 0, "{\"isError\":true}", "tool_error",
		    "the tool ended with 0" },
		{ 1,
		    "{\"isError\":true,\"content\":[{\"type\":\"image\"},"
		    "{\"text\":\" no luck\\n\"}]}",
		    "tool_error", "no luck" },
		{ 1, "{\"isError\":true,\"error\":{\"message\":\"m\"}}",
		    "tool_error", "m" },
		{ 0, "{\"isError\":\"yes\"}", "success", NULL },
		{ 0, "[]", "tool_error", "the output is JSON, but no object" },
		{ 0, "3", "tool_error", "the output is JSON, but no object" },
		{ 0, "hello", "tool_error", "the output: not JSON" },
		{ 127, "{}", "not_found", NULL },
		{ 127, "hello", "not_found", NULL },
		{ 127, "{\"error\":{\"message\":\"m\"}}", "not_found", "m" },
		{ 124, "{}", "timeout", NULL },
		{ 124, "hello", "timeout", NULL },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct outcome o = { .kind = OUT_EXITED, .code = rows[i].code };
		struct evaluate ev = { .set = true, .type = EVAL_MCP_RESULT };
		struct judged j = decide(&a, &ev, rows[i].text, o);
		const char *error = val_str(j.details, "error", NULL);

		cr_expect_str_eq(j.verdict, rows[i].verdict, "row %zu", i);
		cr_expect_str_eq(j.type, "mcp_result");
		cr_expect_eq(val_num(j.details, "exit_code", -9), rows[i].code);
		cr_expect_eq(!error, !rows[i].error, "row %zu", i);
		if (error && rows[i].error)
			cr_expect(strstr(error, rows[i].error), "row %zu: %s",
			    i, error);
	}
}

TEST(judge, a_tool_is_judged_as_one)
{
	auto_arena a = ARENA_INIT;
	struct evaluate ev = { .type = EVAL_DEFAULT };
	struct fixture f = { .text = "{}" };
	struct judge_in in = { .evaluate = &ev,
		.action = ACTION_MCP,
		.acted = true,
		.outcome = ok,
		.text = give,
		.self = &f,
		.mem = &a };
	struct judged j = judge(&in);

	cr_assert_str_eq(j.verdict, "success");
	cr_assert_str_eq(j.type, "default");
	cr_assert(val_get(j.details, "envelope"));
}
