/*
 * Markers, the guard of memory and the one of long actions: which path they
 * make a run take, with scripts for actions and for memory.
 */
#include "engine/marks.h"

#include "engine_bed.h"
#include "host_bed.h"

#define ENDS                                       \
	"  bad: {terminal: true, failure: true}\n" \
	"  done: {terminal: true}\n"
#define L(keys, state)                           \
	"name: t\ninitial: a\n" keys "states:\n" \
	"  a: {action: x | y, " state "}\n" ENDS
#define A(state) L("", state)
#define HAND_OVER SAYS(0, "CONTEXT_HANDOFF: more\n")
#define FATAL SAYS(0, "FATAL_ERROR: worse\n")
#define STOP SAYS(0, "LOOP_STOP: enough\n")

struct row {
	const char *what, *yaml, *want;
	struct play plays[BED_PLAYS];
};

/* clang-format off */
static const struct row rows[] = {
	{ "a fatal error is not routed", A("next: done"),
	    ">a =0 error/1", { FATAL } },
	{ "nor taken by on_error", A("next: done, on_error: bad"),
	    ">a =3 error/1", { SAYS(3, "FATAL_ERROR: worse") } },
	{ "it comes after the verdict", A("on_yes: done, on_no: bad"),
	    ">a =0 ?yes error/1", { FATAL } },
	{ "and counts where there is nowhere to go", A("on_no: bad"),
	    ">a =0 ?yes error/1", { FATAL } },
	{ "a stop is routed first", L("", "next: b}\n  b: {action: x | y, next: done"),
	    ">a =0 ~b stopped_by_marker/3", { STOP, EXIT(0) } },
	{ "a terminal that was reached counts", A("next: done"),
	    ">a =0 ~done terminal/0", { STOP } },
	{ "a stop without a route", A("on_no: bad"),
	    ">a =0 ?yes stopped_by_marker/3", { STOP } },
	{ "a hand-over", A("next: done"),
	    ">a =0 (handoff_detected) handoff/3", { HAND_OVER } },
	{ "one that is spawned, where nobody can", L("on_handoff: spawn\n", "next: done"),
	    ">a =0 (handoff_detected) handoff/3", { HAND_OVER } },
	{ "one for good", L("on_handoff: terminate\n", "next: done"),
	    ">a =0 (handoff_detected) handoff/1", { HAND_OVER } },
	{ "a marker in a state that was retried", A("on_yes: done, on_no: a"),
	    ">a =1 ?no ~a >a =0 ?yes (handoff_detected) handoff/3",
	    { EXIT(1), HAND_OVER } },
	{ "a stall that ends the run comes first",
	    L("circuit: {repeated_failure: {window: 1}}\n", "on_yes: done, on_no: a"),
	    ">a =1 ?no (stall_detected) stall_detected/1",
	    { SAYS(1, "CONTEXT_HANDOFF: x\n") } },
	{ "a stall that leads elsewhere does not",
	    L("circuit: {repeated_failure: {window: 1, on_repeated_failure: bad}}\n",
		"on_yes: done, on_no: a"),
	    ">a =1 ?no (stall_detected) (handoff_detected) handoff/3",
	    { SAYS(1, "CONTEXT_HANDOFF: x\n") } },
	{ "a timeout of the loop comes first", A("next: done"), ">a =124 timeout/1",
	    { { { .kind = OUT_TIMEOUT, .code = LIMIT_LOOP },
		"FATAL_ERROR: x", false } } },
	{ "a signal comes first", A("next: done"), ">a (phase) interrupted/143",
	    { { { .kind = OUT_SIGNALED, .code = 15, .stopped = true },
		"CONTEXT_HANDOFF: x", false } } },
	{ "a cap behind a stop", L("max_steps: 1\n", "next: b}\n  b: {action: x | y, next: done"),
	    ">a =0 ~b stopped_by_marker/3", { STOP } },
	{ "a fatal error in a loop that maintains",
	    L("maintain: true\n", "on_no: bad"), ">a =0 ?yes error/1", { FATAL } },
	{ "a long action is told", L("prompt_size_guard: {warn_chars: 5}\n", "next: done"),
	    ">a (prompt_size_warn) =0 ~done terminal/0", { EXIT(0) } },
	{ "a short one is not", L("prompt_size_guard: {warn_chars: 6}\n", "next: done"),
	    ">a =0 ~done terminal/0", { EXIT(0) } },
	{ "nor any when it is off",
	    L("prompt_size_guard: {warn_chars: 1, enabled: false}\n", "next: done"),
	    ">a =0 ~done terminal/0", { EXIT(0) } },
};
/* clang-format on */

TEST(marks, end_a_run_where_its_state_is_left)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct err e = ERR_INIT;
		struct bed b;
		size_t n = BED_PLAYS;

		while (n > 1 && !r->plays[n - 1].prints)
			n--;
		bed_init(&b, r->yaml, r->plays, n);
		cr_assert_eq(bed_drive(&b, &e), 0, "%s: %s", r->what, e.msg);
		cr_assert_str_eq(
		    b.trace.buf, r->want, "%s: %s", r->what, b.trace.buf);
		bed_release(&b);
	}
}

/* ---- memory ---- */

struct script {
	const double *at;
	size_t n, i;
};

static bool
used_pct(void *self, double *out)
{
	struct script *s = self;

	if (s->i >= s->n)
		return false;
	*out = s->at[s->i++];
	return true;
}

#define PROMPT(guard, next)                                                    \
	"name: t\ninitial: a\nmax_steps: 3\nhost_guard: {cooldown_ms: 1" guard \
	"}\nstates:\n"                                                         \
	"  a: {action_type: prompt, action: x, next: bad, on_error: " next     \
	"}\n  low: {next: done}\n" ENDS

#define PROMPTS(guard, items)                                                  \
	"name: t\ninitial: a\nmax_steps: 3\nhost_guard: {cooldown_ms: 1" guard \
	"}\nstates:\n"                                                         \
	"  a: {action_type: prompt, parallel: {action: x, " items              \
	"}, on_yes: done, on_no: bad, on_error: bad}\n"                        \
	"  low: {next: done}\n" ENDS

static const struct memory_row {
	const char *what, *yaml, *want;
	double used[3];
} memory_rows[] = {
	{ "there is enough", PROMPT("", "done"),
	    ">a !no_llm ~done:no_llm terminal/0", { 74.9 } },
	{ "it waits", PROMPT("", "done"),
	    ">a (host_cooldown) !no_llm ~done:no_llm terminal/0", { 75 } },
	{ "nobody can tell", PROMPT("", "done"),
	    ">a !no_llm ~done:no_llm terminal/0", { -1 } },
	{ "it waits, and is told when it is over", PROMPT("", "a"),
	    ">a (host_cooldown) !no_llm ~a:no_llm >a "
	    "(host_pressure_relieved) !no_llm ~a:no_llm >a !no_llm "
	    "~a:no_llm max_steps/1",
	    { 85, 10, 10 } },
	{ "less than critical is nothing to be relieved of", PROMPT("", "a"),
	    ">a (host_cooldown) !no_llm ~a:no_llm >a !no_llm ~a:no_llm >a "
	    "(host_cooldown) !no_llm ~a:no_llm max_steps/1",
	    { 84.9, 10, 100 } },
	{ "an item waits", PROMPTS("", "items: [1, 2], max_workers: 1"),
	    ">a (parallel_start) (item_start) (host_cooldown) (item_complete) "
	    "(item_start) (host_cooldown) (item_complete) ?error ~bad "
	    "terminal/2",
	    { 75, 86, 10 } },
	{ "and is told when it is over",
	    PROMPTS("", "items: [1, 2], max_workers: 1"),
	    ">a (parallel_start) (item_start) (host_cooldown) (item_complete) "
	    "(item_start) (host_pressure_relieved) (item_complete) ?error "
	    "~bad terminal/2",
	    { 86, 10 } },
	{ "an item leads elsewhere, once the others are over",
	    PROMPTS(", on_pressure: route, pressure_state: low",
		"items: [1, 2, 3], max_workers: 2"),
	    ">a (parallel_start) (item_start) (item_start) (host_pressure) "
	    "(item_complete) (item_complete) ~low >low ~done terminal/0",
	    { 10, 85, 10 } },
	{ "an item ends the run",
	    PROMPTS(", on_pressure: abort", "items: [1, 2], max_workers: 1"),
	    ">a (parallel_start) (item_start) (host_pressure) (item_complete) "
	    "(host_pressure_abort) host_pressure_abort/1",
	    { 99.9 } },
	{ "it goes elsewhere",
	    PROMPT(", on_pressure: route, pressure_state: low", "bad"),
	    ">a (host_pressure) ~low >low ~done terminal/0", { 90 } },
	{ "but only when it is critical",
	    PROMPT(", on_pressure: route, pressure_state: low", "bad"),
	    ">a (host_cooldown) !no_llm ~bad:no_llm terminal/2", { 80 } },
	{ "it ends", PROMPT(", on_pressure: abort", "bad"),
	    ">a (host_pressure) (host_pressure_abort) "
	    "host_pressure_abort/1",
	    { 85 } },
	{ "it is off", PROMPT(", on_pressure: abort, enabled: false", "done"),
	    ">a !no_llm ~done:no_llm terminal/0", { 100 } },
	{ "it is on for a prompt without a word",
	    "name: t\ninitial: a\nstates:\n  a: {action_type: prompt, action: "
	    "x, next: done}\n" ENDS,
	    ">a (host_cooldown) !no_llm error/1", { 99 } },
	{ "a command is never held back",
	    "name: t\ninitial: a\nhost_guard: {on_pressure: abort}\nstates:\n"
	    "  a: {action: x | y, next: done}\n" ENDS,
	    ">a =0 ~done terminal/0", { 100 } },
};

TEST(marks, memory_that_is_short_holds_prompts_back)
{
	static const struct play plays[] = { EXIT(0) };

	for (size_t i = 0; i < COUNT(memory_rows); i++) {
		const struct memory_row *r = &memory_rows[i];
		struct script s = { r->used, COUNT(r->used), 0 };
		struct err e = ERR_INIT;
		struct bed b;

		if (r->used[0] < 0)
			s.n = 0;
		bed_init(&b, r->yaml, plays, 1);
		b.run.gauge = (struct gauge) { used_pct, &s };
		b.run.hosting.none = true;
		cr_assert_eq(bed_drive(&b, &e), 0, "%s: %s", r->what, e.msg);
		cr_assert_str_eq(
		    b.trace.buf, r->want, "%s: %s", r->what, b.trace.buf);
		bed_release(&b);
	}
}

#define JUDGED(guard)                                                          \
	"name: t\ninitial: a\nmax_steps: 3\nhost_guard: {cooldown_ms: 1" guard \
	"}\nstates:\n"                                                         \
	"  a: {action: x | y, evaluate: {type: llm_structured, prompt: "       \
	"ok}, on_yes: done, on_no: bad, on_error: bad}\n"                      \
	"  low: {next: done}\n" ENDS

static const struct memory_row judge_rows[] = {
	{ "a judge waits", JUDGED(""),
	    ">a =0 (host_cooldown) (judge_start) (judge_complete) ?yes ~done "
	    "terminal/0",
	    { 80, 80, 80 } },
	{ "what it would judge leads elsewhere",
	    JUDGED(", on_pressure: route, pressure_state: low"),
	    ">a =0 (host_pressure) ~low >low ~done terminal/0", { 90 } },
	{ "it ends", JUDGED(", on_pressure: abort"),
	    ">a =0 (host_pressure) (host_pressure_abort) "
	    "host_pressure_abort/1",
	    { 90 } },
};

TEST(marks, memory_that_is_short_holds_judges_back)
{
	static const struct play plays[] = { EXIT(0),
		SAYS(0,
		    "{\"verdict\":\"yes\",\"confidence\":0.9,"
		    "\"reason\":\"r\",\"evidence\":\"q\"}\n") };
	struct host_bed hosts;

	host_bed_init(&hosts);
	for (size_t i = 0; i < COUNT(judge_rows); i++) {
		const struct memory_row *r = &judge_rows[i];
		struct script s = { r->used, COUNT(r->used), 0 };
		struct err e = ERR_INIT;
		struct bed b;

		bed_init(&b, r->yaml, plays, COUNT(plays));
		b.run.gauge = (struct gauge) { used_pct, &s };
		b.run.hosting = host_bed_hosting(&hosts);
		cr_assert_eq(bed_drive(&b, &e), 0, "%s: %s", r->what, e.msg);
		cr_assert_str_eq(
		    b.trace.buf, r->want, "%s: %s", r->what, b.trace.buf);
		bed_release(&b);
	}
	host_bed_release(&hosts);
}

#define BUDGET(guard)                                                      \
	"name: t\ninitial: a\nhost_guard: {" guard                         \
	"}\nstates:\n  a: {action: x | y, next: b}\n  b: {action: x | y, " \
	"next: done}\n  low: {action: x | y, next: b}\n" ENDS

static const struct row budget_rows[] = {
	{ "within it",
	    BUDGET("max_cumulative_subproc_mb: 4, on_budget_exceeded: abort"),
	    ">a =0 (host_subproc_rss) ~b >b =0 (host_subproc_rss) ~done "
	    "terminal/0",
	    { EXIT(0) } },
	{ "beyond it, to the end",
	    BUDGET("max_cumulative_subproc_mb: 3, on_budget_exceeded: abort"),
	    ">a =0 (host_subproc_rss) ~b >b =0 (host_subproc_rss) "
	    "(host_budget_exceeded) host_budget_exceeded/1",
	    { EXIT(0) } },
	{ "beyond it, once elsewhere",
	    BUDGET("max_cumulative_subproc_mb: 1, budget_state: low"),
	    ">a =0 (host_subproc_rss) (host_budget_exceeded) "
	    "~low:host_budget >low =0 (host_subproc_rss) ~b >b =0 "
	    "(host_subproc_rss) ~done terminal/0",
	    { EXIT(0) } },
	{ "off",
	    BUDGET("max_cumulative_subproc_mb: 1, budget_state: low, "
		   "enabled: false"),
	    ">a =0 ~b >b =0 ~done terminal/0", { EXIT(0) } },
};

TEST(marks, what_actions_use_is_summed)
{
	for (size_t i = 0; i < COUNT(budget_rows); i++) {
		const struct row *r = &budget_rows[i];
		struct play two_mb = r->plays[0];
		struct err e = ERR_INIT;
		struct bed b;

		two_mb.outcome.peak_kb = 2048;
		bed_init(&b, r->yaml, &two_mb, 1);
		cr_assert_eq(bed_drive(&b, &e), 0, "%s: %s", r->what, e.msg);
		cr_assert_str_eq(
		    b.trace.buf, r->want, "%s: %s", r->what, b.trace.buf);
		bed_release(&b);
	}
}

/* ---- who goes on ---- */

static long long
make_heir(void *self, const char *text, struct err *e)
{
	if (!self)
		return err_set(e, ERR_NEED, "nobody is there");
	cr_assert_str_eq(text, "more");
	return 4711;
}

TEST(marks, an_heir_is_told_before_the_end)
{
	static const struct play plays[] = { HAND_OVER };
	struct err e = ERR_INIT;
	struct bed b;

	bed_init(&b, L("on_handoff: spawn\n", "next: done"), plays, 1);
	b.run.heir = (struct heir) { make_heir, &b };
	cr_assert_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	cr_assert_str_eq(b.trace.buf,
	    ">a =0 (handoff_detected) (handoff_spawned) handoff/3");
	bed_release(&b);

	bed_init(&b, L("on_handoff: spawn\n", "next: done"), plays, 1);
	b.run.heir = (struct heir) { make_heir, NULL };
	cr_assert_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	cr_assert_str_eq(b.trace.buf, ">a =0 (handoff_detected) handoff/3");
	cr_assert_str_eq(val_str(b.run.point.end.v, "error", ""),
	    "on_handoff: spawn: nobody is there");
	bed_release(&b);

	bed_init(&b, A("next: done"), plays, 1);
	b.run.heir = (struct heir) { make_heir, &b };
	cr_assert_eq(bed_drive(&b, &e), 0, "%s", e.msg);
	cr_assert_str_eq(b.trace.buf, ">a =0 (handoff_detected) handoff/3");
	bed_release(&b);
}
