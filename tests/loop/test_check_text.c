#include "loop/findings.h"
#include "text/json.h"

/* clang-format off */
static const struct finding_row rows[] = {
	{ "capture nobody makes",
	  "  a: {action: 'echo ${captured.ghost.output}', next: end}\n"
	  "  end: {terminal: true}\n", "E422 states.a.action\n" },
	{ "guarded, nobody makes it",
	  "  a: {action: 'echo ${captured.x.output?}"
	  " ${captured.y.output:default=0}', next: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "escaped",
	  "  a: {action: 'echo $${captured}', next: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "capture a path skips",
	  "  a: {action: 'true', on_yes: b, on_no: c, on_error: c}\n"
	  "  b: {action: echo x, capture: v, next: c}\n"
	  "  c: {action: 'echo ${captured.v.output}', next: end}\n"
	  "  end: {terminal: true}\n", "W423 states.c.action\n" },
	{ "two states capture it together",
	  "  a: {action: 'true', on_yes: b, on_no: d, on_error: d}\n"
	  "  b: {action: echo x, capture: v, next: c}\n"
	  "  d: {action: echo y, capture: v, next: c}\n"
	  "  c: {action: 'echo ${captured.v.output}', next: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "own capture in the action comes too late",
	  "  a: {action: 'echo ${captured.v.output}', capture: v,"
	  " next: end}\n"
	  "  end: {terminal: true}\n", "W423 states.a.action\n" },
	{ "own capture in the evaluator is there",
	  "  a: {action: echo 1, capture: v, evaluate: {type:"
	  " output_numeric, source: '${captured.v.output}', operator: gt,"
	  " target: 0}, on_yes: end, on_no: end, on_error: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "unknown field of a capture",
	  "  a: {action: echo x, capture: v, next: b}\n"
	  "  b: {action: 'echo ${captured.v.otput}', next: end}\n"
	  "  end: {terminal: true}\n", "E424 states.b.action\n" },
	{ "verdict of a state with next",
	  "  a: {action: echo x, capture: v, next: b}\n"
	  "  b: {action: 'echo ${captured.v.verdict}', next: end}\n"
	  "  end: {terminal: true}\n", "W425 states.b.action\n" },
	{ "context key nobody declares",
	  "  a: {action: 'echo ${context.nix} ${context.nix}"
	  " ${context.run_dir} ${context.have} ${context.input}"
	  " ${context.must} ${context.nox?}', next: end}\n"
	  "  end: {terminal: true}\n", "W426 states.a.action\n" },
	{ "a suffix that is none",
	  "  a: {action: 'echo ${context.have:defualt=1}', next: end}\n"
	  "  end: {terminal: true}\n", "W426 states.a.action\n" },
	{ "a parameter without a fragment",
	  "  a: {action: 'echo ${param.x} ${param.y?}', next: end}\n"
	  "  end: {terminal: true}\n", "E433 states.a.action\n" },
	{ "prev in the first state",
	  "  a: {action: 'echo ${prev.output}', next: b}\n"
	  "  b: {action: 'echo ${prev.output}', next: end}\n"
	  "  end: {terminal: true}\n", "W427 states.a.action\n" },
	{ "result needs a judged state before",
	  "  a: {action: 'true', next: b}\n"
	  "  b: {action: 'echo ${result.verdict}', on_yes: c, on_no: c,"
	  " on_error: c}\n"
	  "  c: {action: 'echo ${result.verdict}', next: end}\n"
	  "  end: {terminal: true}\n", "W428 states.b.action\n" },
	{ "input as command",
	  "  a: {action: '${context.input} --version', next: end}\n"
	  "  end: {terminal: true}\n", "W431 states.a.action\n" },
	{ "input as argument",
	  "  a: {action: 'echo \"${context.input}\"', next: end}\n"
	  "  end: {terminal: true}\n", "" },
	{ "doubled dollar",
	  "  a: {action: 'echo $$(pwd) $$', next: end}\n"
	  "  end: {terminal: true}\n", "E421 states.a.action\n" },
};
/* clang-format on */

TEST(check_text, finds_references_that_can_fail)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_findings(
		    &rows[i], "context: {have: 1}\nrequired_inputs: [must]\n");
}

TEST(check_text, flags_silence)
{
	static const struct finding_row row = { "flags",
		"  a: {action: 'true', on_yes: b, on_no: c, on_error: c}\n"
		"  b: {action: echo x, capture: v, next: c}\n"
		"  c: {action: 'echo ${captured.v.output} $$(x)', next: end}\n"
		"  end: {terminal: true}\n",
		"" };

	expect_findings(
	    &row, "capture_reachability_ok: true\nshell_pid_ok: true\n");
}

/* The findings of check_context for a loop and a context in JSON. */
static void
context_findings(const char *text, const char *json, struct str *out)
{
	auto_arena a = ARENA_INIT;
	struct load_opts opts = { .lenient = false };
	struct diags d = DIAGS_INIT, found = DIAGS_INIT;
	struct err e = ERR_INIT;
	struct loop *l =
	    loop_load("t.yaml", text, strlen(text), NULL, &opts, &d);

	cr_assert(l);
	check_context(
	    l, json_read(&a, json, strlen(json), ORIGIN_FILE, &e), &found);
	write_findings(&found, out, true);
	loop_free(l);
	diags_release(&d);
	diags_release(&found);
}

static const char needy[] =
    "name: t\n"
    "initial: a\n"
    "required_inputs: [who, what]\n"
    "states:\n"
    "  a: {action: 'echo ${context.k1} ${context.k1} ${context.who}"
    " ${context.opt?} ${context.run_dir} ${context.k2.deep}', next: end}\n"
    "  island: {action: 'echo ${context.k3}', next: end}\n"
    "  end: {terminal: true}\n";

TEST(check_text, names_what_a_run_lacks)
{
	auto_str out = STR_INIT;

	context_findings(
	    needy, "{\"what\": \"\", \"k2\": {}, \"run_dir\": \"\"}", &out);
	cr_assert_str_eq(out.buf,
	    "E430 required_inputs: the required input 'who' is missing (give "
	    "it with --context who=VALUE)\n"
	    "E430 required_inputs: the required input 'what' is empty (give "
	    "it with --context what=VALUE)\n"
	    "E429 states.a.action: state 'a' needs '${context.k1}', but this "
	    "run has no 'k1' (give it with --context k1=VALUE)\n");
}

TEST(check_text, is_content_with_what_is_given)
{
	auto_str out = STR_INIT;

	context_findings(needy,
	    "{\"who\": \"w\", \"what\": [1], \"k1\": null, \"k2\": 0,"
	    " \"run_dir\": \"\"}",
	    &out);
	cr_assert_str_eq(out.buf, "");
}

static const char declared[] = "name: t\n"
			       "initial: a\n"
			       "input_key: who\n"
			       "context: {empty: '', zero: 0}\n"
			       "parameters:\n"
			       "  who: {type: string, required: true}\n"
			       "  empty: {type: string, required: true}\n"
			       "  zero: {type: integer, required: true}\n"
			       "  free: {type: string}\n"
			       "states:\n"
			       "  a: {action: 'true', next: end}\n"
			       "  end: {terminal: true}\n";

TEST(check_text, names_parameters_that_nobody_gave)
{
	auto_str out = STR_INIT;

	context_findings(declared, "{\"empty\": null, \"zero\": 0}", &out);
	cr_assert_str_eq(out.buf,
	    "E435 parameters.who: the parameter 'who' is required and not "
	    "given: it takes text (give it with --context who=VALUE or as the "
	    "input)\n"
	    "E435 parameters.empty: the parameter 'empty' is required and not "
	    "given: it takes text (give it with --context empty=VALUE)\n");
	str_reset(&out);
	context_findings(
	    declared, "{\"who\": \"\", \"empty\": \"\", \"zero\": 0}", &out);
	cr_assert_str_eq(out.buf, "", "an empty text that was given is one");
}

TEST(check_text, other_files_may_bring_what_is_missing)
{
	static const struct finding_row child = { "child",
		"  a: {loop: kid, on_yes: b, on_no: b, on_error: b}\n"
		"  b: {action: 'echo ${captured.x.output} ${captured.a.any}',"
		" next: end}\n"
		"  end: {terminal: true}\n",
		"W422 states.b.action\n" };

	expect_findings(&child, "");
}

TEST(check_text, places_point_at_the_reference)
{
	static const char text[] = "name: t\n"
				   "initial: a\n"
				   "states:\n"
				   "  a:\n"
				   "    action: |\n"
				   "      true\n"
				   "      echo \"${captured.ghost.output}\"\n"
				   "    next: end\n"
				   "  end: {terminal: true}\n";
	struct diags d = DIAGS_INIT;
	struct loop *l =
	    loop_load("t.yaml", text, strlen(text), NULL, NULL, &d);

	cr_assert_null(l);
	diags_sort(&d);
	cr_assert_str_eq(d.at[d.len - 1].id, "E422");
	cr_assert_eq(d.at[d.len - 1].at.line, 7);
	cr_assert_eq(d.at[d.len - 1].at.col, 13);
	diags_release(&d);
}
