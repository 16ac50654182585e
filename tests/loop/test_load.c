/*
 * Files become loops, or findings.  A row is the body of one state, of its
 * `evaluate`, or of the loop; it lists the findings it must draw, as
 * "ID path", and no other error may come.
 */
#include "loop/load_rows.h"

static const char in_state[] =
    "states:\n  a: {on_error: failed, on_yes: done, on_no: done, @}\n" REST;
static const char in_bare[] = "states:\n  a: {@}\n" REST;
static const char in_loop[] =
    "@\nstates:\n  a: {action: \"true\", next: done}\n" REST;
static const char in_evaluate[] =
    "states:\n  a: {action: x, on_yes: done, on_no: done, on_error: failed, "
    "evaluate: {@}}\n" REST;

TEST(load, keys_of_a_state)
{
	static const struct row rows[] = {
		{ "action: x, description: y", NULL, NULL },
		{ "action: x, timout: 5", "E101 states.a", "'timeout'" },
		{ "action: x, notes: 5", "E101 states.a", "notes" },
		{ "action: x, on_yse: done", "E101 states.a", "'on_yes'" },
		{ "action: x, on_succes: done", "E101 states.a", "on_success" },
		{ "action: x, on_banana: done", NULL, NULL },
		{ "action: x, evaluate: {type: classify}, on_nn: done", NULL,
		    NULL },
		{ "action: 5", "E102 states.a.action", "text" },
		{ "action: x, timeout: 5m", "E102 states.a.timeout",
		    "timeout" },
		{ "action: x, timeout: 0", "E103 states.a.timeout", NULL },
		{ "action: x, timeout: 1e3", NULL, NULL },
		{ "action: x, timeout: 0x10", NULL, NULL },
		{ "action: x, timeout: null", NULL, NULL },
		{ "action: x, terminal: \"false\"", "E102 states.a.terminal",
		    "true or false" },
		{ "action: x, evaluate: exit_code", "E102 states.a.evaluate",
		    "mapping" },
		{ "action: x, route: null", NULL, NULL },
		{ "action: x, action_type: shel", "E104 states.a.action_type",
		    "shel" },
		{ "action: x, model: big", "W251 states.a.model", NULL },
		{ "action: x, tamper_guard: fail", "W110 states.a.tamper_guard",
		    "--ignore tamper_guard" },
		{ "action: x, retryable_exit_codes: [0]",
		    "E103 states.a.retryable_exit_codes[0]", NULL },
		{ "action: x, retryable_exit_codes: 3",
		    "E102 states.a.retryable_exit_codes", "list" },
	};

	CHECK_ROWS(in_state, rows);
}

TEST(load, keys_of_a_loop)
{
	static const struct row rows[] = {
		{ "max_steps: 3", NULL, NULL },
		{ "max_step: 3", "E101 <root>", "max_steps" },
		{ "max_steps: \"30\"", "E102 max_steps", "whole number" },
		{ "max_steps: 0", "E103 max_steps", NULL },
		{ "max_steps: 1e3", "E102 max_steps", NULL },
		{ "max_steps: 99999999999999999999", "E102 max_steps", NULL },
		{ "max_iterations: 0", "E103 max_iterations", NULL },
		{ "timeout: -1", "E103 timeout", NULL },
		{ "required_inputs: a", "E102 required_inputs", "list" },
		{ "required_inputs: [1]", "E102 required_inputs[0]", NULL },
		{ "context: [a]", "E102 context", "mapping" },
		{ "on_handoff: bogus", "E104 on_handoff", "spawn" },
		{ "shell_pid_ok: true", NULL, NULL },
		{ "shell_pid_ok: 1", "E102 shell_pid_ok", NULL },
		{ "tamper_guard: fail", "W110 tamper_guard", NULL },
		{ "parameters: {}", NULL, NULL },
		{ "parameters: {p: {type: text}}", "E104 parameters.p.type",
		    "text" },
		{ "parameters: {p: {type: enum}}", "E209 parameters.p",
		    "values" },
		{ "parameters: {p: string}", "E102 parameters.p", NULL },
		{ "parameters: {p: {type: string, required: true, default: x}}",
		    "E209 parameters.p", NULL },
		{ "parameters: {p: {type: integer, default: '7'}}", NULL,
		    NULL },
		{ "parameters: {p: {type: integer, default: 1.5}}",
		    "E209 parameters.p", "whole number" },
		{ "parameters: {p: {type: enum, values: [a, 2], default: b}}",
		    "E209 parameters.p", "one of a, 2" },
		{ "parameters: {p: {type: enum, values: [a, 2], default: 2}}",
		    NULL, NULL },
		{ "on_max_steps: nix", "E201 on_max_steps", "nix" },
		{ "circuit: {repeated_failure: {window: 0}}",
		    "E103 circuit.repeated_failure.window", NULL },
		{ "circuit: {repeated_failure: {on_repeated_failure: nix}}",
		    "E201 circuit.repeated_failure.on_repeated_failure", NULL },
		{ "circuit: {repeated_failure: {on_repeated_failure: abort}}",
		    NULL, NULL },
		{ "circuit: {repeated_failure: {progress_paths: [x, "
		  "\"${context.run_dir}/y\"], exclude_paths: [z]}}",
		    NULL, NULL },
		{ "circuit: {repeated_failure: {progress_paths: x}}",
		    "E102 circuit.repeated_failure.progress_paths", NULL },
		{ "circuit: {repeated_failure: {progress_paths: [1]}}",
		    "E102 circuit.repeated_failure.progress_paths[0]", NULL },
		{ "circuit: {repeated_failure: {exclude_paths: "
		  "[x, \"${bad.x}\"]}}",
		    "E402 circuit.repeated_failure.exclude_paths[1]", NULL },
		{ "on_max_iterations: done", "W114 on_max_iterations", NULL },
		{ "host_guard: {on_pressure: route}",
		    "E216 host_guard.pressure_state", NULL },
		{ "commands: [{cmd: x}]", "W111 commands", NULL },
		{ "commands: [{cmd: x, note: y}]", "E101 commands[0]", NULL },
		{ "llm: {max_tokens: 0}", "E103 llm.max_tokens", NULL },
	};

	CHECK_ROWS(in_loop, rows);
}

TEST(load, rules_of_a_state)
{
	static const struct row rows[] = {
		{ "action: x, next: nowhere", "E201 states.a", "nowhere" },
		{ "action: x, next: $current, on_error: done", NULL, NULL },
		{ "action: x, route: [done]", "E102 states.a.route",
		    "a mapping" },
		{ "action: x, next: [done]", "E102 states.a.next",
		    "name of a state" },
		{ "action: x, on_ok: done", "E101 states.a", "'on_no'" },
		{ "action: x, evaluate: {type: classify}, on_ok: done, "
		  "on_go: done",
		    "W228 states.a", NULL },
		{ "fragment: f, on_ok: done", "E136 states.a.fragment", "'f'" },
		{ "action: x, action_type: prompt, on_oks: done, "
		  "evaluate: {type: llm_structured, schema: {a: b}}",
		    NULL, NULL },
		{ "action: x, next: done, on_yes: done", "E202 states.a",
		    "'on_yes'" },
		{ "action: x, next: done, on_success: done", "E202 states.a",
		    NULL },
		{ "action: x, next: done, evaluate: {type: exit_code}",
		    "E202 states.a", "next" },
		{ "action: x, next: done, on_partial: done", "W202 states.a",
		    NULL },
		{ "action: x, next: done, on_error: done", NULL, NULL },
		{ "action: x, on_yes: done, on_success: failed, on_no: done",
		    "W112 states.a", NULL },
		{ "action: x, route: {\"yes\": done, _: done, _error: failed}",
		    NULL, NULL },
		{ "action: x, route: {yes: done, _: done, _other: done}",
		    "E203 states.a.route", "_other" },
		{ "action: x, route: {yes: 5, _: done}",
		    "E102 states.a.route.yes", NULL },
		{ "loop: b, action: x, on_yes: done, on_no: done",
		    "E204 states.a", "loop" },
		{ "action: x, with: {b: 1}, next: done", "E205 states.a.with",
		    NULL },
		{ "loop: b, with: {b: 1}, context_passthrough: true, "
		  "on_yes: done, on_no: done",
		    "E206 states.a", NULL },
		{ "action: x, params: {b: 1}, next: done",
		    "E207 states.a.params", "params" },
		{ "action: x/y, action_type: mcp_tool, params: {b: 1}, "
		  "next: done",
		    NULL, NULL },
		{ "action: x/y, action_type: mcp_tool, on_success: done, "
		  "on_error: failed",
		    NULL, NULL },
		{ "action: x/y, action_type: mcp_tool, on_success: done, "
		  "on_tool_error: failed, on_not_found: failed",
		    "W229 states.a", "timeout" },
		{ "action: x, action_type: mcp_tool, next: done",
		    "E250 states.a.action", "SERVER/TOOL" },
		{ "action: x/, action_type: mcp_tool, next: done",
		    "E250 states.a.action", NULL },
		{ "action: \"${context.t}\", action_type: mcp_tool, "
		  "next: done",
		    NULL, NULL },
		{ "action: x/y, action_type: mcp_tool, "
		  "params: {b: [\"${bad.x}\"]}, next: done",
		    "E402 states.a.params.b[0]", NULL },
		{ "action: x, append_to_messages: hi, next: done",
		    "E208 states.a.append_to_messages", NULL },
		{ "action: x, max_retries: 2, next: done", "E210 states.a",
		    "on_retry_exhausted" },
		{ "action: x, retryable_exit_codes: [2], next: done",
		    "E211 states.a", "on_error" },
		{ "action: x, max_rate_limit_retries: 2, next: done",
		    "E212 states.a", "on_rate_limit_exhausted" },
		{ "action: x, throttle: {warn_max: 3, hard_max: 2}, next: done",
		    "E213 states.a", "hard_max" },
		{ "action: x, worktree: w, next: done",
		    "E217 states.a.worktree", NULL },
		{ "fragment: f, with: {b: 1}, evaluate: {min_confidence: 1}",
		    "E136 states.a.fragment", "known: none" },
	};

	CHECK_ROWS(in_bare, rows);
}

TEST(load, evaluators)
{
	static const struct row rows[] = {
		{ "type: exit_code", NULL, NULL },
		{ "pattern: x", "E302 states.a.evaluate", "type" },
		{ "type: output_contain", "E301 states.a.evaluate",
		    "'output_contains'" },
		{ "type: output_contains", "E302 states.a.evaluate",
		    "pattern" },
		{ "type: output_contains, pattern: '[x('",
		    "W301 states.a.evaluate.pattern", NULL },
		{ "type: output_contains, patern: x, pattern: x",
		    "E101 states.a.evaluate", "pattern" },
		{ "type: output_numeric, operator: '>=', target: 1",
		    "E104 states.a.evaluate.operator", ">=" },
		{ "type: output_numeric, operator: ge",
		    "E302 states.a.evaluate", "target" },
		{ "type: convergence, target: 0, direction: up",
		    "E104 states.a.evaluate.direction", NULL },
		{ "type: convergence, target: 0, tolerance: -1",
		    "E103 states.a.evaluate.tolerance", NULL },
		{ "type: output_json, path: a, operator: eq, target: true",
		    NULL, NULL },
		{ "type: output_numeric, operator: eq, target: true",
		    "E102 states.a.evaluate.target", NULL },
		{ "type: output_numeric, operator: eq, target: one",
		    "E102 states.a.evaluate.target", "a number" },
		{ "type: output_numeric, operator: eq, target: ' 1'", NULL,
		    NULL },
		{ "type: output_numeric, operator: eq, target: '${context.n}'",
		    NULL, NULL },
		{ "type: convergence, target: none",
		    "E102 states.a.evaluate.target", "a number" },
		{ "type: output_contains, pattern: '${context.x}'",
		    "W432 states.a.evaluate.pattern", "no template" },
		{ "type: output_contains, pattern: '$${context.x}'", NULL,
		    NULL },
		{ "type: output_contains, pattern: '^[$]{x}'", NULL, NULL },
		{ "type: classify, line: 3", NULL, NULL },
		{ "type: classify, line: middle", "E303 states.a.evaluate.line",
		    NULL },
		{ "type: llm_structured, min_confidence: 2",
		    "E103 states.a.evaluate.min_confidence", NULL },
		{ "type: diff_stall, max_stall: 0",
		    "E103 states.a.evaluate.max_stall", NULL },
		{ "type: diff_stall, scope: [x], max_stall: 2", NULL, NULL },
		{ "type: diff_stall, scope: x", "E102 states.a.evaluate.scope",
		    NULL },
		{ "type: score_stall, epsilon: -1",
		    "E103 states.a.evaluate.epsilon", NULL },
		{ "type: open_question_stall, history_file: \"${bad.x}\"",
		    "E402 states.a.evaluate.history_file", NULL },
		{ "type: action_stall, max_repeat: 0",
		    "E103 states.a.evaluate.max_repeat", NULL },
		{ "type: action_stall, track: [action, x, a.b]",
		    "E402 states.a.evaluate.track[2]", NULL },
		{ "type: mcp_result", NULL, NULL },
		{ "type: exit_code, source: \"${bad.x}\"",
		    "E402 states.a.evaluate.source", NULL },
	};

	CHECK_ROWS(in_evaluate, rows);
}

TEST(load, whole_files)
{
	static const struct row rows[] = {
		{ "[1]", "E102 <root>", "mapping" },
		{ "# nothing", "E102 <root>", "empty" },
		{ "name: x\ninitial: a\nscope: src\n"
		  "states: {a: {terminal: true}}",
		    "E102 scope", "the text 'src'" },
		{ "name: x\ninitial: a\ncontext: {a: '${env.HOME}'}\n"
		  "states: {a: {terminal: true}}",
		    "W432 context.a", "no template" },
		{ "name: x\ninitial: a\non_max_steps: $current\n"
		  "states: {a: {terminal: true}}",
		    "E201 on_max_steps", "written in" },
		{ "name: x\ninitial: a", "E105 <root>", "states" },
		{ "from: other\nstates: {b: null, c: {timeout: 3}}",
		    "E130 from", "looked up" },
		{ "fragments: {f: {action: x, next: done}}", NULL, NULL },
		{ "fragments: {f: {actoin: x}}", "E101 fragments.f", "action" },
		{ "fragments: {f: 3}", "E102 fragments.f", "mapping" },
		{ "name: x\ninitial: a\nfragments: {f: {parameters: {n: {type: "
		  "integer}}, action: x}}\nstates: {a: {fragment: f, with: {n: "
		  "abc}, next: b}, b: {terminal: true}}",
		    "E137 states.a.with.n", "whole number" },
		{ "fragments: {f: {parameters: {p: {type: text}}}}",
		    "E104 fragments.f.parameters.p.type", "text" },
		{ "name: x\nflow: [a, b]", "E105 <root>", "initial" },
	};

	CHECK_ROWS("@\n", rows);
}

TEST(load, a_null_state_is_an_error)
{
	struct diags d = DIAGS_INIT;

	cr_expect_null(
	    load("states:\n  widget:\n  a: {next: widget}\n" REST, false, &d));
	cr_expect_not_null(finding(&d, "E102 states.widget"));
	cr_expect_eq(count(&d, "E201"), 0);
	diags_release(&d);
}

TEST(load, lenient_takes_unknown_keys)
{
	struct diags d = DIAGS_INIT;
	struct loop *l = load(
	    "x-note: 1\nstates:\n  a: {action: x, nxet: b, next: done}\n" REST,
	    true, &d);

	cr_assert_not_null(l);
	cr_expect_eq(count(&d, "W101"), 2);
	loop_free(l);
	diags_release(&d);
}

TEST(load, a_loop_is_filled)
{
	static const char text[] =
	    "max_iterations: 7\ntimeout: 1.5\ntamper_guard: fail\n"
	    "states:\n"
	    "  a: {action: echo hi, capture: c, on_success: b, on_no: "
	    "$current, on_error: failed, timeout: 2,\n"
	    "    evaluate: {type: output_numeric, operator: ge, target: 3}}\n"
	    "  b: {action: /usr/bin/nothing-there, route: {_: done}}\n"
	    "  c: {action: /review it, on_yes: done, on_no: a}\n" REST;
	struct diags d = DIAGS_INIT;
	struct loop *l = load(text, false, &d);
	const struct state *a, *b, *c;

	cr_assert(l, "%s", d.len ? d.at[0].msg : "");
	cr_expect_eq(l->max_steps, 7);
	cr_expect_eq(l->max_iterations, -1);
	cr_expect_eq(l->timeout_ms, 1500);
	cr_expect_eq(l->nstates, 5);
	a = loop_state(l, "a");
	b = loop_state(l, "b");
	c = loop_state(l, "c");
	cr_expect_eq(l->initial.to, a);
	cr_expect(a->script && a->type == ACTION_SHELL);
	cr_expect_eq(a->timeout_ms, 2000);
	cr_expect_eq(a->idle_timeout_ms, -1);
	cr_expect_str_eq(a->on[0].verdict, "yes");
	cr_expect_eq(a->on[0].to.to, b);
	cr_expect(a->on[1].to.current);
	cr_expect_eq(a->evaluate.type, EVAL_OUTPUT_NUMERIC);
	cr_expect_eq(a->evaluate.op, OP_GE);
	cr_expect_eq(b->type, ACTION_SHELL);
	cr_expect_eq(b->nroute, 1);
	cr_expect_eq(c->type, ACTION_SLASH);
	cr_expect_null(c->later);
	cr_expect(loop_state(l, "failed")->failure);
	cr_expect_not(loop_state(l, "done")->failure);
	cr_assert_eq(l->nlater, 1);
	cr_expect_str_eq(l->later[0].key, "tamper_guard");
	loop_free(l);
	diags_release(&d);
}

/* T45: each word of a closed set with a letter more is refused by name. */

/* A state's word beats the loop's. */
TEST(load, bounds_of_state_and_loop)
{
	static const char text[] =
	    "name: t\ndescription: d\nscope: [\".\"]\ninitial: a\n"
	    "output_limit: 2K\non_output_limit: fail\nleftovers: kill\n"
	    "limits: {disk: 3 MiB}\n"
	    "states:\n"
	    "  a: {action: x, next: b}\n"
	    "  b: {action: x, next: done, output_limit: 77, "
	    "on_output_limit: truncate, leftovers: keep, "
	    "resources: {procs: 4, memory: 1GiB, files: 9}, "
	    "retry_backoff: {base: 1.5, cap: 60}}\n"
	    "  done: {terminal: true}\n";
	struct diags d = DIAGS_INIT;
	struct loop *l = load(text, false, &d);
	const struct state *a, *b;

	cr_assert_not_null(l, "%s", d.len ? d.at[0].msg : "");
	a = loop_state(l, "a");
	b = loop_state(l, "b");
	cr_expect_eq(l->output_limit, 2048);
	cr_expect_eq(l->disk_limit, 3 << 20);
	cr_expect_eq(a->output_limit, 2048);
	cr_expect(a->fails_over_limit && a->kills_leftovers);
	cr_expect(!a->retry_backoff.set);
	cr_expect_eq(a->resources.procs, -1);
	cr_expect_eq(b->output_limit, 77);
	cr_expect(!b->fails_over_limit && !b->kills_leftovers);
	cr_expect_eq(b->resources.procs, 4);
	cr_expect_eq(b->resources.memory, 1LL << 30);
	cr_expect_eq(b->resources.files, 9);
	cr_expect_eq(b->retry_backoff.base_ms, 1500);
	cr_expect_eq(b->retry_backoff.cap_ms, 60000);
	loop_free(l);
	diags_release(&d);
}
