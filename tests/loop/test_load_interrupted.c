/* What follows an interruption. */
#include "loop/load_rows.h"

static const char form[] = "states:\n  a: {@}\n" REST;

TEST(load_interrupted, what_goes_together)
{
	static const struct row rows[] = {
		{ "action: x, next: done, once: true", NULL, NULL },
		{ "action: x, next: done, on_interrupted: nowhere",
		    "E201 states.a", "nowhere" },
		{ "action: x, next: done, once: true, on_interrupted: rerun",
		    "E246 states.a", "forbids" },
		{ "action: x, next: done, once: true, on_interrupted: "
		  "$current",
		    "E246 states.a", "forbids" },
		{ "next: done, once: true", "W248 states.a", "no action" },
		{ "next: done, on_interrupted: fail", "W248 states.a",
		    "no action" },
		{ "action: x, on_yes: done, on_no: a, once: true, max_retries: "
		  "2, on_retry_exhausted: failed, on_error: failed",
		    "W249 states.a", "all the same" },
	};

	CHECK_ROWS(form, rows);
}

TEST(load_interrupted, a_word_hides_a_state)
{
	static const struct row rows[] = {
		{ "on_interrupted: fail", "W247 on_interrupted", "word" },
		{ "on_interrupted: a", NULL, NULL },
		{ "on_interrupted: b", "E201 on_interrupted", "'b'" },
	};
	static const char loop[] = "@\nstates:\n  a: {action: x, next: fail}\n"
				   "  fail: {terminal: true}\n" REST;

	CHECK_ROWS(loop, rows);
}

TEST(load_interrupted, the_states_word_beats_the_loops)
{
	static const struct {
		const char *loop, *state;
		bool fails;
		const char *to;
	} rows[] = {
		{ "", "", false, NULL },
		{ "", ", once: true", true, NULL },
		{ "on_interrupted: rerun\n", ", once: true", true, NULL },
		{ "on_interrupted: fail\n", "", true, NULL },
		{ "on_interrupted: fail\n", ", on_interrupted: rerun", false,
		    NULL },
		{ "on_interrupted: done\n", "", false, "done" },
		{ "on_interrupted: done\n", ", once: true", false, "done" },
		{ "on_interrupted: done\n", ", on_interrupted: failed", false,
		    "failed" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diags d = DIAGS_INIT;
		char text[600];
		struct loop *l;
		const struct state *s;

		snprintf(text, sizeof(text),
		    "%sstates:\n  a: {action: x, next: done%s}\n" REST,
		    rows[i].loop, rows[i].state);
		l = load(text, false, &d);
		cr_assert(l, "%s", text);
		s = loop_state(l, "a");
		cr_expect_eq(s->fails_interrupted, rows[i].fails, "%s", text);
		cr_expect_eq(s->on_interrupted.to,
		    rows[i].to ? loop_state(l, rows[i].to) : NULL, "%s", text);
		loop_free(l);
		diags_release(&d);
	}
}
