/*
 * The path that a state takes after each way an action can end: loops as
 * users write them, actions that only play a script.
 */
#include "engine/step.h"

#include "engine_bed.h"

#define ENDS                                       \
	"  bad: {terminal: true, failure: true}\n" \
	"  done: {terminal: true}\n"
/* A loop of one state `a` with these keys, and two terminals. */
#define A(keys) \
	"name: t\ninitial: a\nstates:\n  a: {action: x | y, " keys "}\n" ENDS
/* The same with keys of the loop. */
#define L(loop, keys)                            \
	"name: t\ninitial: a\n" loop "states:\n" \
	"  a: {action: x | y, " keys "}\n" ENDS

struct row {
	const char *what, *yaml, *want;
	struct play plays[BED_PLAYS];
};

/* clang-format off */
static const struct row rows[] = {
	/* next */
	{ "next goes on after a failure",
	    A("next: done"), ">a =3 ~done terminal/0", { EXIT(3) } },
	{ "on_error takes a failure from next",
	    A("next: done, on_error: bad"), ">a =3 ~bad:failed terminal/2",
	    { EXIT(3) } },
	{ "on_error leaves a success alone",
	    A("next: done, on_error: bad"), ">a =0 ~done terminal/0",
	    { EXIT(0) } },
	{ "a timeout does not go on to next",
	    A("next: done"), ">a =124 error/1", { TIMES_OUT(LIMIT_WALL) } },
	{ "a signal does not go on to next",
	    A("next: done"), ">a =-9 error/1", { KILLED } },
	{ "a timeout before on_error",
	    A("next: done, on_error: bad"), ">a =124 ~bad:failed terminal/2",
	    { TIMES_OUT(LIMIT_IDLE) } },
	{ "no start, with on_error",
	    A("next: done, on_error: bad"), ">a !spawn ~bad:spawn terminal/2",
	    { UNSTARTED } },
	{ "no start, without",
	    A("next: done"), ">a !spawn error/1", { UNSTARTED } },

	/* bounds: what was cut is no success, whatever it exited with */
	{ "a cut action does not go on to next",
	    A("next: done"), ">a =124 error/1", { CUT(CUT_BYTES) } },
	{ "a cut action before on_error",
	    A("next: done, on_error: bad"), ">a =124 ~bad:failed terminal/2",
	    { CUT(CUT_PROCS) } },
	{ "a cut action is judged as an error",
	    A("on_yes: done, on_no: done, on_error: bad"),
	    ">a =124 ?error ~bad terminal/2", { CUT(CUT_BYTES) } },
	{ "so is one that had no memory",
	    A("on_yes: done, on_no: done, on_error: bad"),
	    ">a =124 ?error ~bad terminal/2", { STARVED } },
	{ "a retry waits before it is entered",
	    A("on_yes: done, on_no: a, on_error: a, max_retries: 2, "
	      "on_retry_exhausted: bad, retry_backoff: {base: 0.001}"),
	    ">a =1 ?no ~a (retry_backoff) >a =1 ?no ~a (retry_backoff) "
	    ">a =0 ?yes ~done terminal/0", { EXIT(1), EXIT(1), EXIT(0) } },
	{ "no time to wait is no wait",
	    A("on_yes: done, on_no: a, on_error: a, max_retries: 2, "
	      "on_retry_exhausted: bad, retry_backoff: {base: 0}"),
	    ">a =1 ?no ~a >a =0 ?yes ~done terminal/0", { EXIT(1), EXIT(0) } },

	/* retryable_exit_codes */
	{ "a code worth a try goes to on_error",
	    A("next: done, on_error: a, retryable_exit_codes: [75]"),
	    ">a =75 ~a:failed >a =0 ~done terminal/0", { EXIT(75), EXIT(0) } },
	{ "another code gives up on next",
	    A("next: done, on_error: a, retryable_exit_codes: [75], "
	      "max_retries: 3, on_retry_exhausted: bad"),
	    ">a =3 ~bad:not_retryable terminal/2", { EXIT(3) } },
	{ "another code gives up when judged",
	    A("on_yes: done, on_no: a, on_error: a, "
	      "retryable_exit_codes: [75], max_retries: 3, "
	      "on_retry_exhausted: bad"),
	    ">a =3 ?error ~bad:not_retryable terminal/2", { EXIT(3) } },
	{ "without a way out it is on_error",
	    A("on_yes: done, on_no: a, on_error: bad, "
	      "retryable_exit_codes: [75]"),
	    ">a =3 ?error ~bad:not_retryable terminal/2", { EXIT(3) } },
	{ "retries are counted",
	    A("on_yes: done, on_no: a, on_error: bad, max_retries: 1, "
	      "on_retry_exhausted: bad"),
	    ">a =1 ?no ~a >a =1 ?no ~a (retry_exhausted) terminal/2",
	    { EXIT(1) } },

	/* raised errors */
	{ "raised, to on_error",
	    A("on_yes: done, on_no: bad, on_error: bad"),
	    ">a !spawn ~bad:spawn terminal/2", { UNSTARTED } },
	{ "raised, to error in a table",
	    A("route: {yes: done, error: bad, _: done}"),
	    ">a !spawn ~bad:spawn terminal/2", { UNSTARTED } },
	{ "raised, to _error before _",
	    A("route: {yes: done, _: done, _error: bad}"),
	    ">a !spawn ~bad:spawn terminal/2", { UNSTARTED } },
	{ "raised, _ alone does not take it",
	    A("route: {yes: done, _: done}"),
	    ">a !spawn error/1", { UNSTARTED } },
	{ "raised by a reference",
	    "name: t\ninitial: a\nstates:\n"
	    "  a: {action: 'echo ${captured.x.output}', on_yes: done, "
	    "on_no: bad, on_error: b}\n"
	    "  b: {action: x | y, capture: x, next: a}\n" ENDS,
	    ">a !interpolation ~b:interpolation >b =0 ~a >a =0 ?yes ~done "
	    "terminal/0", { SAYS(0, "v") } },

	/* verdicts of broken executions */
	{ "a timeout is error, not no",
	    A("on_yes: done, on_no: done, on_error: bad"),
	    ">a =124 ?error ~bad terminal/2", { TIMES_OUT(LIMIT_WALL) } },
	{ "a verdict without a route ends the run",
	    A("on_yes: done, on_no: done"), ">a =2 ?error error/1",
	    { EXIT(2) } },
	{ "$current",
	    A("on_yes: done, on_no: $current, on_error: bad"),
	    ">a =1 ?no ~a >a =0 ?yes ~done terminal/0", { EXIT(1), EXIT(0) } },

	/* throttle */
	{ "throttle warns, diverts",
	    A("on_yes: done, on_no: a, on_error: bad, "
	      "throttle: {normal_max: 1, warn_max: 2, hard_max: 3}, "
	      "on_throttle_hard: done"),
	    ">a =1 ?no ~a >a =1 (throttle_warn) ?no ~a >a =1 (throttle_hard) "
	    "~done:throttle terminal/0", { EXIT(1) } },
	{ "throttle without a way out goes on, then stops",
	    A("on_yes: done, on_no: a, "
	      "throttle: {normal_max: 1, warn_max: 2, hard_max: 3}"),
	    ">a =1 ?no ~a >a =1 (throttle_warn) ?no ~a "
	    ">a =1 (throttle_hard) ?no ~a >a =1 (throttle_stop) error/1", { EXIT(1) } },
	{ "no throttle block, no throttle",
	    L("max_steps: 4\n", "on_yes: done, on_no: a, on_error: bad"),
	    ">a =1 ?no ~a >a =1 ?no ~a >a =1 ?no ~a >a =1 ?no ~a max_steps/1",
	    { EXIT(1) } },

	/* circuit */
	{ "a stall aborts",
	    L("circuit: {repeated_failure: {window: 2}}\n",
	      "on_yes: done, on_no: a, on_error: bad"),
	    ">a =1 ?no ~a >a =1 ?no (stall_detected) stall_detected/1",
	    { EXIT(1) } },
	{ "a stall diverts",
	    L("circuit: {repeated_failure: {window: 2, "
	      "on_repeated_failure: bad}}\n",
	      "on_yes: done, on_no: a, on_error: bad"),
	    ">a =1 ?no ~a >a =1 ?no (stall_detected) ~bad:stall terminal/2",
	    { EXIT(1) } },
	{ "successes are no stall",
	    L("max_steps: 3\ncircuit: {repeated_failure: {window: 2}}\n",
	      "on_yes: a, on_no: bad, on_error: bad"),
	    ">a =0 ?yes ~a >a =0 ?yes ~a >a =0 ?yes ~a max_steps/1",
	    { EXIT(0) } },
	{ "another result starts the row again",
	    L("max_steps: 4\ncircuit: {repeated_failure: {window: 2}}\n",
	      "on_yes: a, on_no: a, on_error: bad"),
	    ">a =1 ?no ~a >a =0 ?yes ~a >a =1 ?no ~a >a =0 ?yes ~a "
	    "max_steps/1", { EXIT(1), EXIT(0), EXIT(1), EXIT(0) } },
	{ "a result that comes again and again",
	    L("circuit: {repeated_failure: {window: 9, recurrent_window: 2}}\n",
	      "on_yes: a, on_no: a, on_error: bad"),
	    ">a =1 ?no ~a >a =0 ?yes ~a >a =1 ?no (stall_detected) "
	    "stall_detected/1", { EXIT(1), EXIT(0), EXIT(1) } },

	/* limits */
	{ "max_edge_revisits",
	    L("max_edge_revisits: 2\n",
	      "on_yes: done, on_no: a, on_error: bad"),
	    ">a =1 ?no ~a >a =1 ?no ~a >a =1 ?no ~a (cycle_detected) "
	    "cycle_detected/1", { EXIT(1) } },
	{ "max_steps with a closing state",
	    "name: t\ninitial: a\nmax_steps: 2\non_max_steps: c\nstates:\n"
	    "  a: {action: x | y, next: a}\n"
	    "  c: {action: x | y, next: done}\n" ENDS,
	    ">a =0 ~a >a =0 ~a (max_steps_summary) >c =0 ~done max_steps/1",
	    { EXIT(0) } },
	{ "a terminal as closing state",
	    "name: t\ninitial: a\nmax_steps: 1\non_max_steps: done\nstates:\n"
	    "  a: {action: x | y, next: a}\n" ENDS,
	    ">a =0 ~a (max_steps_summary) >done max_steps/1", { EXIT(0) } },
	{ "maintain begins again",
	    "name: t\ninitial: a\nmaintain: true\nmax_steps: 2\nstates:\n"
	    "  a: {action: x | y, next: done}\n"
	    "  done: {terminal: true}\n",
	    ">a =0 ~done ~a >a =0 ~done max_steps/1", { EXIT(0) } },
	{ "maintain counts passes",
	    "name: t\ninitial: a\nmaintain: true\nmax_steps: 9\n"
	    "max_iterations: 2\nstates:\n"
	    "  a: {action: x | y, next: done}\n"
	    "  done: {terminal: true}\n",
	    ">a =0 ~done ~a >a =0 ~done ~a max_iterations_reached/1",
	    { EXIT(0) } },
	{ "maintain between terminals ends: there is nothing to do",
	    "name: t\ninitial: done\nmaintain: true\nmax_steps: 2\nstates:\n"
	    "  done: {terminal: true}\n",
	    "terminal/0", { EXIT(0) } },
	{ "maintain to the same terminal ends",
	    "name: t\ninitial: a\nmaintain: true\nmax_steps: 2\nstates:\n"
	    "  a: {action: x | y, next: bad}\n"
	    "  bad: {terminal: true, failure: true, on_maintain: bad}\n",
	    ">a =0 ~bad terminal/2", { EXIT(0) } },
	{ "maintain through a terminal goes on",
	    "name: t\ninitial: a\nmaintain: true\nmax_steps: 2\nstates:\n"
	    "  a: {action: x | y, next: one}\n"
	    "  one: {terminal: true, on_maintain: two}\n"
	    "  two: {terminal: true}\n",
	    ">a =0 ~one ~two ~a >a =0 ~one max_steps/1", { EXIT(0) } },
	{ "maintain begins again after a verdict without a route",
	    "name: t\ninitial: a\nmaintain: true\nmax_steps: 2\nstates:\n"
	    "  a: {action: x | y, evaluate: {type: classify}, "
	    "on_yes: done, on_error: done}\n"
	    "  done: {terminal: true}\n",
	    ">a =0 ?later ~a:maintain >a =0 ?later ~a:maintain max_steps/1",
	    { SAYS(0, "later") } },
	{ "maintain does not hide a failure without a route",
	    "name: t\ninitial: a\nmaintain: true\nmax_steps: 2\nstates:\n"
	    "  a: {action: x | y, on_yes: done, on_no: done}\n"
	    "  done: {terminal: true}\n",
	    ">a =2 ?error error/1", { EXIT(2) } },
	{ "the loop's time ends in an action",
	    L("timeout: 60\n", "next: done, on_error: bad"),
	    ">a =124 timeout/1", { TIMES_OUT(LIMIT_LOOP) } },

	/* signals */
	{ "a stop ends the action and is no verdict",
	    A("next: done, on_error: bad"), ">a (phase) interrupted/143",
	    { STOPPED } },

	/* states without an action */
	{ "nothing to do is yes without a record",
	    "name: t\ninitial: a\nstates:\n  a: {on_yes: done}\n"
	    "  done: {terminal: true}\n", ">a ~done terminal/0", { EXIT(0) } },
};
/* clang-format on */

TEST(step, takes_the_path_of_its_outcome)
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
		cr_assert_eq(b.swept, 1, "%s", r->what);
		bed_release(&b);
	}
}
