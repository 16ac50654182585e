/* What a loop asks of who starts it. */
#include "loop/asks.h"

#include "load_rows.h"

static const char text[] =
    "name: t\ninitial: a\ninput_key: topic\n"
    "context: {dir: src, empty: \"\", full: x}\n"
    "required_inputs: [topic, empty, full]\n"
    "parameters:\n"
    "  mode: {type: enum, values: [fast, slow], required: true, "
    "description: how}\n"
    "  rounds: {type: integer, default: 3}\n"
    "states:\n"
    "  a: {action: \"x ${context.who} ${context.dir} ${context.run_dir} "
    "${context.maybe:default=y} ${context.rounds}\", next: done}\n"
    "  far: {action: \"x ${context.never}\", next: done}\n"
    "  done: {terminal: true}\n";

TEST(asks, are_one_list)
{
	static const struct {
		const char *name, *from;
		bool required, input, value;
	} rows[] = {
		{ "mode", "parameters", true, false, false },
		{ "rounds", "parameters", false, false, true },
		{ "topic", "required_inputs", true, true, false },
		{ "empty", "required_inputs", true, false, true },
		{ "full", "required_inputs", false, false, true },
		{ "dir", "context", false, false, true },
		{ "who", "references", true, false, false },
		{ "maybe", "references", false, false, false },
		{ "never", "references", false, false, false },
	};
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	struct loop *l = load(text, false, &d);
	const struct ask *x;
	size_t n;

	cr_assert(l, "%s", d.len ? d.at[0].msg : "");
	x = asks_of(&a, l, &n);
	cr_assert_eq(n, COUNT(rows));
	for (size_t i = 0; i < n; i++) {
		cr_expect_str_eq(x[i].name, rows[i].name);
		cr_expect_str_eq(x[i].from, rows[i].from, "%s", x[i].name);
		cr_expect_eq(x[i].required, rows[i].required, "%s", x[i].name);
		cr_expect_eq(x[i].input, rows[i].input, "%s", x[i].name);
		cr_expect_eq(
		    x[i].value != NULL, rows[i].value, "%s", x[i].name);
	}
	cr_expect_str_eq(x[0].type, "enum");
	cr_expect_str_eq(x[0].about, "how");
	cr_expect_eq(x[0].words->list.len, 2);
	loop_free(l);
	diags_release(&d);
}
