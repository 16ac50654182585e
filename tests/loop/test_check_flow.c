#include "loop/findings.h"

/* clang-format off */
static const struct finding_row rows[] = {
	{ "clean",
	  "  a: {action: 'true', on_yes: end, on_no: end, on_error: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "no terminal",
	  "  a: {action: 'true', next: b}\n"
	  "  b: {action: 'true', next: a}\n", "E220 states\n" },
	{ "no transition",
	  "  a: {action: 'true', next: b}\n"
	  "  b: {action: 'true'}\n"
	  "  end: {terminal: true}\n",
	  "E224 states.b\n" },
	{ "unreachable",
	  "  a: {action: 'true', next: end}\n"
	  "  island: {action: 'true', next: end}\n"
	  "  end: {terminal: true}\n", "W223 states.island\n" },
	{ "trap",
	  "  a: {action: 'true', on_yes: end, on_no: b, on_error: end}\n"
	  "  b: {action: 'true', next: c}\n"
	  "  c: {action: 'true', next: b}\n"
	  "  end: {terminal: true}\n", "W222 states.b\n" },
	{ "terminal with action",
	  "  a: {action: 'true', next: end}\n"
	  "  end: {terminal: true, action: echo bye}\n",
	  "W226 states.end.action\n" },
	{ "table beside shorthand",
	  "  a: {action: 'true', on_yes: end, route: {yes: end, _: end}}\n"
	  "  end: {terminal: true}\n", "W225 states.a\n" },
	{ "classify without default",
	  "  a: {action: echo x, evaluate: {type: classify},"
	  " route: {x: end, y: end}}\n"
	  "  end: {terminal: true}\n", "W228 states.a\n" },
	{ "classify with words alone",
	  "  a: {action: echo x, evaluate: {type: classify},"
	  " on_ok: end, on_go: end}\n"
	  "  end: {terminal: true}\n", "W228 states.a\n" },
	{ "convergence can progress",
	  "  a: {action: echo 1, evaluate: {type: convergence, target: 1},"
	  " on_target: end, on_error: end}\n"
	  "  end: {terminal: true}\n", "W229 states.a\n" },
	{ "convergence stalls when it has a value before",
	  "  a: {action: echo 1, evaluate: {type: convergence, target: 1,"
	  " previous: '1'}, on_target: end, on_progress: a, on_error: end}\n"
	  "  end: {terminal: true}\n", "W229 states.a\n" },
	{ "no falls to on_error",
	  "  a: {action: 'true', on_yes: end, on_error: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "yes and error without a route",
	  "  a: {action: 'true', on_no: end}\n"
	  "  end: {terminal: true}\n", "W229 states.a\n" "W230 states.a\n" },
	{ "no takes _error in a table",
	  "  a: {action: 'true', route: {yes: end, _error: end}}\n"
	  "  end: {terminal: true}\n", "" },
	{ "error takes _ in a table",
	  "  a: {action: 'true', route: {_: end}}\n"
	  "  end: {terminal: true}\n", "" },
	{ "custom words do not count",
	  "  a: {action: 'true', evaluate: {type: output_contains,"
	  " pattern: x}, on_maybe: end, on_no: end, on_error: end}\n"
	  "  end: {terminal: true}\n", "W229 states.a\n" },
	{ "a state that does nothing says yes",
	  "  a: {on_yes: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "$current is a way back, not out",
	  "  a: {action: 'true', on_yes: end, on_no: $current,"
	  " on_error: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "failure nobody explains",
	  "  a: {on_yes: bad}\n"
	  "  bad: {terminal: true, failure: true}\n", "W227 states.bad\n" },
	{ "judge without evidence and ways out",
	  "  a: {action: echo 1, evaluate: {type: llm_structured,"
	  " prompt: 'ok?'}, on_yes: end}\n"
	  "  end: {terminal: true}\n",
	  "W231 states.a\n" "W506 states.a.evaluate.prompt\n" },
	{ "model on shell",
	  "  a: {action: 'true', action_type: shell, model: big,"
	  " next: end}\n"
	  "  end: {terminal: true}\n", "W507 states.a.model\n" },
	{ "zero retry",
	  "  a: {action: 'n=$((n+1)); echo $n > c; echo $n', evaluate:"
	  " {type: output_numeric, operator: lt, target: 1}, on_yes: a,"
	  " on_no: end, on_error: end}\n"
	  "  end: {terminal: true}\n", "W505 states.a.evaluate\n" },
	{ "failure after an action",
	  "  a: {action: 'false', next: bad}\n"
	  "  bad: {terminal: true, failure: true}\n", "" },
};
/* clang-format on */

TEST(check_flow, finds_what_is_wrong_with_the_graph)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_findings(&rows[i], "");
}

TEST(check_flow, the_state_of_a_cap_may_act_and_end)
{
	static const struct finding_row row = { "cap",
		"  a: {action: 'true', next: a}\n"
		"  sum: {terminal: true, action: echo bye}\n"
		"  end: {terminal: true}\n",
		"W221 states\nW223 states.end\n" };

	expect_findings(&row, "on_max_steps: sum\n");
}

TEST(check_flow, the_circuit_is_a_way_out)
{
	static const struct finding_row row = { "circuit",
		"  a: {action: 'true', next: a}\n"
		"  mend: {action: 'true', next: end}\n"
		"  end: {terminal: true}\n",
		"" };

	expect_findings(
	    &row, "circuit: {repeated_failure: {on_repeated_failure: mend}}\n");
}

TEST(check_flow, flags_silence)
{
	static const struct finding_row row = { "flag",
		"  a: {action: 'true', next: end}\n"
		"  end: {terminal: true, action: echo bye}\n",
		"" };

	expect_findings(&row, "terminal_action_ok: true\n");
}

/* A pass begins again where a verdict has no route, but not after a failure. */
TEST(check_flow, maintain_routes_what_is_no_failure)
{
	static const struct finding_row row = { "maintain",
		"  a: {action: 'true', route: {yes: end, error: end}}\n"
		"  b: {action: 'true', on_no: end, on_error: end}\n"
		"  end: {terminal: true, on_maintain: b}\n",
		"W229 states.a\n" };

	expect_findings(&row, "maintain: true\n");
}

TEST(check_flow, advice_has_places_of_its_own)
{
	auto_str out = STR_INIT;

	findings_of("name: t\n"
		    "initial: a\n"
		    "input_key: topic\n"
		    "visibility: secret\n"
		    "context: {topic: x}\n"
		    "states:\n"
		    "  a: {action: 'true', action_type: shell, next: end}\n"
		    "  end: {terminal: true}\n",
	    &out);
	cr_assert(strstr(out.buf, "W501 <root>"), "%s", out.buf);
	cr_assert(strstr(out.buf, "W502 scope"), "%s", out.buf);
	cr_assert(strstr(out.buf, "W503 required_inputs"), "%s", out.buf);
	cr_assert(strstr(out.buf, "W504 visibility"), "%s", out.buf);
}
