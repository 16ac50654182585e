/*
 * A loop as a value: normalised, and read back the same loop.  Rows are the
 * body of one state or keys of the loop.
 */
#include "loop/loop_val.h"

#include "base/file.h"
#include "load_rows.h"
#include "text/json.h"

static const char in_loop[] =
    "@\nstates:\n  a: {action: \"true\", next: done}\n" REST;
static const char in_state[] = "states:\n  a: {@}\n" REST;

/* The member at a path of the normalised loop, as JSON; "" when absent. */
static void
shown(const char *form, const char *text, const char *path, struct str *out)
{
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	struct sv rest = sv(path), one;
	char whole[1000];
	struct loop *l;
	const struct val *v;

	fill(whole, sizeof(whole), form, text);
	l = load(whole, false, &d);
	cr_assert(l, "%s: %s", text, d.len ? d.at[0].msg : "");
	v = loop_val(&a, l);
	while (v && sv_cut(&rest, '.', &one))
		v = val_step(v, one);
	if (v)
		json_write(out, v, JSON_COMPACT);
	loop_free(l);
	diags_release(&d);
}

struct shown_row {
	const char *text, *path, *json;
};

static void
check_shown(const char *form, const struct shown_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		auto_str got = STR_INIT;

		shown(form, rows[i].text, rows[i].path, &got);
		cr_expect_str_eq(got.buf, rows[i].json, "%s: %s is %s",
		    rows[i].text, rows[i].path, got.buf);
	}
}

TEST(loop_val, leaves_defaults_of_a_loop_out)
{
	static const struct shown_row rows[] = {
		{ "max_steps: 50", "max_steps", "" },
		{ "max_steps: 51", "max_steps", "51" },
		{ "max_steps: 50\nmax_iterations: 9", "max_steps", "50" },
		{ "max_steps: 50\nmax_iterations: 9", "max_iterations", "9" },
		{ "max_iterations: 9", "max_steps", "9" },
		{ "max_iterations: 9", "max_iterations", "" },
		{ "max_edge_revisits: 100", "max_edge_revisits", "" },
		{ "backoff: 0", "backoff", "0" },
		{ "timeout: 1e3", "timeout", "1000.0" },
		{ "timeout: null", "timeout", "" },
		{ "maintain: false", "maintain", "" },
		{ "on_handoff: pause", "on_handoff", "" },
		{ "input_key: input", "input_key", "" },
		{ "labels: []", "labels", "" },
		{ "visibility: public", "visibility", "" },
		{ "shell_pid_ok: false", "shell_pid_ok", "" },
		{ "shell_pid_ok: true", "shell_pid_ok", "true" },
		{ "context: {}", "context", "" },
		{ "context: {a: null, b: 50}", "context",
		    "{\"a\":null,\"b\":50}" },
		{ "circuit: {}", "circuit", "" },
		{ "circuit: {repeated_failure: {window: 3}}", "circuit",
		    "{\"repeated_failure\":{}}" },
		{ "llm: {model: sonnet, timeout: 1800}", "llm", "" },
		{ "llm: {max_tokens: 9}", "llm", "{\"max_tokens\":9}" },
		{ "config: {continuation: {max_continuations: 4}}", "config",
		    "{\"automation\":{\"max_continuations\":4}}" },
		{ "parameters: {p: {type: integer, required: false}}",
		    "parameters", "{\"p\":{\"type\":\"integer\"}}" },
	};

	check_shown(in_loop, rows, COUNT(rows));
}

TEST(loop_val, says_a_state_under_the_real_names)
{
	static const struct shown_row rows[] = {
		{ "action: x, on_success: done, on_failure: done", "states.a",
		    "{\"action\":\"x\",\"on_yes\":\"done\",\"on_no\":"
		    "\"done\"}" },
		{ "action: x, on_yes: done, on_success: failed",
		    "states.a.on_yes", "\"done\"" },
		{ "action: x, next: done, terminal: false", "states.a",
		    "{\"action\":\"x\",\"next\":\"done\"}" },
		{ "action: x, next: done, timeout: 3600", "states.a.timeout",
		    "3600" },
		{ "action: x, next: done, throttle: {}", "states.a.throttle",
		    "{}" },
		{ "action: x, on_yes: done, on_maybe: a", "states.a.on_maybe",
		    "\"a\"" },
		{ "action: x, route: {yes: done, _: failed}", "states.a.route",
		    "{\"yes\":\"done\",\"_\":\"failed\"}" },
		{ "action: x, next: done", "states.failed",
		    "{\"terminal\":true,\"failure\":true}" },
		{ "action: x, next: done", "states.done",
		    "{\"terminal\":true}" },
		{ "action: x, on_yes: done, evaluate: {type: output_contains, "
		  "pattern: p, negate: false, error_patterns: []}",
		    "states.a.evaluate",
		    "{\"type\":\"output_contains\",\"pattern\":\"p\","
		    "\"error_patterns\":[]}" },
	};

	check_shown(in_state, rows, COUNT(rows));
}

#define SAME(member) cr_expect_eq(a->member, b->member, #member)

static void
expect_same_limits(const struct loop *a, const struct loop *b)
{
	SAME(max_steps);
	SAME(max_iterations);
	SAME(max_edge_revisits);
	SAME(timeout_ms);
	SAME(default_timeout_ms);
	SAME(default_idle_timeout_ms);
	SAME(backoff_ms);
	SAME(maintain);
	SAME(singleton);
	SAME(circuit.set);
	SAME(circuit.window);
	SAME(circuit.abort);
	SAME(circuit.recurrent);
	SAME(nlater);
	cr_expect_str_eq(a->input_key, b->input_key);
	cr_expect(val_equal(a->context, b->context));
}

static void
expect_same_state(const struct state *a, const struct state *b)
{
	cr_expect_str_eq(a->name, b->name);
	SAME(type);
	SAME(terminal);
	SAME(failure);
	SAME(non);
	SAME(nroute);
	SAME(has_next);
	SAME(has_retryable);
	SAME(timeout_ms);
	SAME(idle_timeout_ms);
	SAME(max_retries);
	SAME(throttle.set);
	SAME(throttle.normal_max);
	SAME(throttle.warn_max);
	SAME(throttle.hard_max);
	SAME(evaluate.set);
	SAME(evaluate.type);
	SAME(evaluate.op);
	SAME(evaluate.tolerance);
	SAME(evaluate.maximize);
	SAME(evaluate.negate);
	SAME(evaluate.line);
	SAME(evaluate.line_index);
}

/* JSON is YAML, so what is shown can be loaded. */
static void
expect_same_again(const char *file, const char *text, size_t len)
{
	const struct load_opts how = { false };
	struct diags d = DIAGS_INIT;
	auto_arena a = ARENA_INIT;
	auto_str once = STR_INIT, twice = STR_INIT;
	struct loop *l = loop_load(file, text, len, NULL, &how, &d), *again;

	cr_assert(l, "%s: %s", file, d.len ? d.at[0].msg : "");
	json_write(&once, loop_val(&a, l), JSON_COMPACT);
	again = loop_load(file, once.buf, once.len, NULL, &how, &d);
	cr_assert(again, "%s: %s", file, d.len ? d.at[d.len - 1].msg : "");
	json_write(&twice, loop_val(&a, again), JSON_COMPACT);
	cr_expect_str_eq(once.buf, twice.buf);
	expect_same_limits(l, again);
	for (size_t i = 0; i < l->nstates; i++)
		expect_same_state(l->states[i], again->states[i]);
	loop_free(l);
	loop_free(again);
	diags_release(&d);
}

TEST(loop_val, is_the_same_loop_when_read_back)
{
	static const char *const files[] = { "caps", "cycle", "evaluators",
		"linear", "maintain", "retries", "stall", "throttle",
		"timeouts" };

	for (size_t i = 0; i < COUNT(files); i++) {
		struct err e = ERR_INIT;
		auto_str text = STR_INIT;
		char path[100];

		snprintf(path, sizeof(path), "tests/loops/%s.yaml", files[i]);
		cr_assert_eq(
		    file_read(path, 1 << 20, &text, &e), 0, "%s", e.msg);
		expect_same_again(path, text.buf, text.len);
	}
}

/* One key with one value; those that do not load are told elsewhere. */
static size_t
try_value(const struct key_table *t, const char *key, const char *value)
{
	bool state = strcmp(t->object, "state") == 0;
	struct diags d = DIAGS_INIT;
	char line[300], whole[1000];
	struct loop *l;
	bool loads;

	snprintf(line, sizeof(line), "%s%s: %s",
	    state ? "action: x, on_yes: done, on_error: failed, " : "", key,
	    value);
	fill(whole, sizeof(whole), state ? in_state : in_loop, line);
	l = load(whole, false, &d);
	loads = l != NULL;
	if (loads)
		expect_same_again(line, whole, strlen(whole));
	loop_free(l);
	diags_release(&d);
	return loads;
}

/* T45: whatever is taken is shown as it will run. */
TEST(loop_val, echoes_every_key)
{
	static const char *const values[] = { "0", "1", "-1", "7.5", "1e3",
		"0x10", "9223372036854775807", "' 5'", "5m", "true", "false",
		"null", "a", "done", "[]", "[a, b]", "[3]", "{}", "{a: 1}",
		"\"\\e\\0\\x7f\\u2028\"", "\"x${context.a:default=1}\"" };
	size_t took = 0;

	for (size_t t = 0; t < 2; t++)
		for (size_t k = 0; k < key_tables[t]->len; k++)
			for (size_t i = 0; i < COUNT(values); i++)
				took += try_value(key_tables[t],
				    key_tables[t]->at[k].name, values[i]);
	cr_expect_gt(took, 300, "only %zu were taken", took);
}

TEST(loop_val, finds_what_counts_for_a_key)
{
	auto_arena a = ARENA_INIT;
	struct val *map = val_map(&a);

	val_set(&a, map, "max_iterations", val_int(&a, 3));
	val_set(&a, map, "timeout", val_null(&a));
	cr_expect_str_eq(
	    loop_written("loop", map, "max_steps")->key, "max_iterations");
	cr_expect_null(loop_written("loop", map, "max_iterations"));
	cr_expect_null(loop_written("loop", map, "timeout"));
	val_set(&a, map, "max_steps", val_int(&a, 4));
	cr_expect_eq(loop_written("loop", map, "max_steps")->v->i, 4);
	cr_expect_eq(loop_written("loop", map, "max_iterations")->v->i, 3);
	cr_expect_null(loop_written("loop", map, "on_yes"));
}
