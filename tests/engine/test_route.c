#include "engine/route.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"

static const struct state targets[] = {
	{ .name = "a" },
	{ .name = "b" },
	{ .name = "c" },
};

/* clang-format off */
#define A { .name = "a", .to = &targets[0] }
#define B { .name = "b", .to = &targets[1] }
#define C { .name = "c", .to = &targets[2] }
/* clang-format on */

static const char *
goes(const struct state *s, const char *verdict)
{
	const struct target *t = route_verdict(s, verdict);

	return t ? t->name : "-";
}

TEST(route, shorthands)
{
	static const struct route on[] = {
		{ "yes", A },
		{ "error", B },
		{ "up", C },
	};
	struct state s = { .name = "s", .on = on, .non = COUNT(on) };

	cr_assert_str_eq(goes(&s, "yes"), "a");
	cr_assert_str_eq(goes(&s, "no"), "b", "no falls to on_error");
	cr_assert_str_eq(goes(&s, "error"), "b");
	cr_assert_str_eq(goes(&s, "up"), "c");
	cr_assert_str_eq(goes(&s, "down"), "-");
	cr_assert_str_eq(goes(&s, ""), "-");
	s.non = 1;
	cr_assert_str_eq(goes(&s, "no"), "-");
}

struct table_row {
	const char *keys[3]; /* lead to a, b, c */
	const char *verdict, *want;
};

TEST(route, tables)
{
	static const struct table_row rows[] = {
		{ { "yes", "_", NULL }, "yes", "a" },
		{ { "yes", "_", NULL }, "no", "b" },
		{ { "yes", "_", NULL }, "error", "b" },
		{ { "yes", "_", NULL }, "", "b" },
		{ { "yes", "_", "_error" }, "error", "c" },
		{ { "yes", "_", "_error" }, "no", "b" },
		{ { "yes", "_error", NULL }, "no", "b" },
		{ { "yes", "_error", NULL }, "error", "b" },
		{ { "yes", "_error", NULL }, "partial", "-" },
		{ { "error", "_error", NULL }, "error", "a" },
		{ { "yes", NULL, NULL }, "no", "-" },
		{ { "_error", "_", NULL }, "_error", "b" },
	};
	static const struct route on[] = { { "no", C } };
	static const struct target to[] = { A, B, C };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct route table[3];
		struct state s = { .name = "s",
			.has_route = true,
			.route = table,
			.on = on,
			.non = 1 };

		for (; s.nroute < 3 && rows[i].keys[s.nroute]; s.nroute++)
			table[s.nroute] =
			    (struct route) { rows[i].keys[s.nroute],
				    to[s.nroute] };
		cr_expect_str_eq(goes(&s, rows[i].verdict), rows[i].want,
		    "row %zu: '%s'", i, rows[i].verdict);
	}
}

TEST(route, a_tool_goes_by_its_own_word_or_by_what_it_is_like)
{
	static const struct table_row rows[] = {
		{ { "success", "yes", NULL }, "success", "a" },
		{ { "yes", "_", NULL }, "success", "a" },
		{ { "no", "_", NULL }, "success", "b" },
		{ { "timeout", "error", NULL }, "timeout", "a" },
		{ { "timeout", "error", NULL }, "not_found", "b" },
		{ { "yes", "_error", "_" }, "tool_error", "b" },
		{ { "yes", "_", NULL }, "tool_error", "b" },
		{ { "yes", "no", NULL }, "tool_error", "-" },
	};
	static const struct target to[] = { A, B, C };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct route words[3];
		struct state s = { .name = "s",
			.type = ACTION_MCP,
			.has_route = true,
			.route = words };

		for (; s.nroute < 3 && rows[i].keys[s.nroute]; s.nroute++)
			words[s.nroute] =
			    (struct route) { rows[i].keys[s.nroute],
				    to[s.nroute] };
		cr_expect_str_eq(goes(&s, rows[i].verdict), rows[i].want,
		    "row %zu: '%s'", i, rows[i].verdict);
		s.type = ACTION_SHELL;
		s.evaluate.type = EVAL_MCP_RESULT;
		cr_expect_str_eq(goes(&s, rows[i].verdict), rows[i].want,
		    "row %zu: '%s'", i, rows[i].verdict);
	}
}

TEST(route, only_a_tool_has_such_words)
{
	static const struct route on[] = { { "yes", A }, { "error", B } };
	struct state s = { .name = "s", .on = on, .non = 2 };

	s.evaluate.type = EVAL_CLASSIFY;
	cr_assert_str_eq(goes(&s, "success"), "-");
	s.evaluate.type = EVAL_DEFAULT;
	s.type = ACTION_MCP;
	cr_assert_str_eq(goes(&s, "success"), "a");
	cr_assert_str_eq(goes(&s, "timeout"), "b");
	cr_assert_str_eq(goes(&s, "other"), "-");
}

TEST(route, raised_errors_use_error_before_on_error)
{
	static const struct route on[] = { { "error", C } };
	static const struct route table[] = { { "_", A }, { "_error", B } };
	struct state s = { .name = "s", .on = on, .non = 1 };

	cr_assert_str_eq(route_raised(&s)->name, "c");
	s.has_route = true;
	s.route = table;
	s.nroute = 2;
	cr_assert_str_eq(route_raised(&s)->name, "b");
	s.nroute = 1;
	cr_assert_str_eq(route_raised(&s)->name, "c", "`_` is no handler");
	s.non = 0;
	cr_assert_null(route_raised(&s));
}

TEST(route, current_is_where_it_stands)
{
	const struct target t = { .name = "$current", .current = true };

	cr_assert_eq(route_state(&t, &targets[1]), &targets[1]);
}
