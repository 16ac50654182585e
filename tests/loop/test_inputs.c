#include "loop/inputs.h"

#include <string.h>

#include "test.h"

static const struct val *
context_of(struct arena *a, const struct inputs *in, struct err *e)
{
	struct val *file = val_map(a);
	struct loop l = { .context = file, .input_key = "goal" };

	val_set(a, file, "check", val_text(a, "make"));
	val_set(a, file, "n", val_int(a, 3));
	return inputs_context(a, &l, in, e);
}

TEST(inputs, each_value_knows_who_wrote_it)
{
	static const char *const pairs[] = { "n=4", " k =a = b ",
		"goal=from option" };
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct inputs in = { .input = "from argument",
		.context = pairs,
		.ncontext = 3,
		.run_dir = "/r/",
		.max_steps = 7,
		.max_iterations = -1 };
	const struct val *c = context_of(&a, &in, &e);

	cr_assert_not_null(c, "%s", e.msg);
	cr_assert_eq(val_get(c, "check")->origin, ORIGIN_FILE);
	cr_assert_eq(val_get(c, "n")->origin, ORIGIN_OPERATOR);
	cr_assert_str_eq(val_str(c, "n", ""), "4");
	cr_assert_str_eq(val_str(c, "k", ""), "a = b ", "bytes are kept");
	cr_assert_str_eq(val_str(c, "goal", ""), "from option");
	cr_assert_eq(val_get(c, "run_dir")->origin, ORIGIN_RUNNER);
	cr_assert_eq(val_num(c, "max_steps", 0), 7);
	cr_assert_null(val_get(c, "max_iterations"));
}

TEST(inputs, the_argument_is_data)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct inputs in = {
		.input = "x", .run_dir = "/r/", .max_iterations = -1
	};
	const struct val *c = context_of(&a, &in, &e);
	const struct val *o = inputs_origins(&a, c);

	cr_assert_eq(val_get(c, "goal")->origin, ORIGIN_DATA);
	cr_assert_str_eq(val_str(o, "goal", ""), "data");
	cr_assert_str_eq(val_str(o, "run_dir", ""), "runner");
	cr_assert_null(val_get(o, "check"), "file is what is not said");
}

TEST(inputs, refuses_what_is_no_pair)
{
	static const char *const bad[] = { "colour", "=x", "  =x" };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < 3; i++) {
		struct err e = ERR_INIT;
		const struct inputs in = {
			.context = &bad[i], .ncontext = 1, .run_dir = "/r/"
		};

		cr_expect_null(context_of(&a, &in, &e));
		cr_expect_eq(e.kind, ERR_USAGE);
	}
}
