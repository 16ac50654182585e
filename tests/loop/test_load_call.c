/* States that run another loop, or one thing for many items. */
#include "loop/load_rows.h"
#include "text/form.h"

static const char form[] = "states:\n  a: {@}\n" REST;

TEST(load_call, what_goes_together)
{
	static const struct row rows[] = {
		{ "parallel: {action: x}, on_yes: done, on_no: done",
		    "E240 states.a.parallel.items", "needs 'items'" },
		{ "parallel: {items: {a: 1}, action: x}, on_yes: done",
		    "E240 states.a.parallel.items", "a mapping" },
		{ "parallel: {items: [1]}, on_yes: done",
		    "E241 states.a.parallel", "exactly one" },
		{ "parallel: {items: [1], action: x, loop: b}, on_yes: done",
		    "E241 states.a.parallel", "exactly one" },
		{ "parallel: {items: [1], action: x}, evaluate: {type: "
		  "exit_code}, on_yes: done",
		    "E242 states.a", "evaluate" },
		{ "parallel: {items: [1], action: x}, action: y, on_yes: done",
		    "E242 states.a", "action" },
		{ "parallel: {items: [1], loop: x}, context_passthrough: true, "
		  "on_yes: done",
		    "E242 states.a", "context_passthrough" },
		{ "parallel: {items: [1], action: x, as: env}, on_yes: done",
		    "E243 states.a.parallel.as", "env" },
		{ "parallel: {items: [1], action: x, as: a-b}, on_yes: done",
		    "E243 states.a.parallel.as", "a-b" },
		{ "parallel: {items: [1], action: x, fail_fast: true, "
		  "tolerate: 1}, on_yes: done",
		    "E244 states.a.parallel.tolerate", NULL },
		{ "parallel: {items: [1], action: x, with: {y: 1}}, on_yes: "
		  "done",
		    "E205 states.a.parallel.with", "loop" },
		{ "parallel: {items: [1], loop: x}, with: {y: 1}, on_yes: done",
		    "E205 states.a.with", "parallel" },
		{ "parallel: {items: [1], action: x, max_workers: 65}, on_yes: "
		  "done",
		    "E103 states.a.parallel.max_workers", "64" },
		{ "parallel: {items: ['${item}'], action: x}, on_yes: done",
		    "E405 states.a.parallel.items[0]", NULL },
		{ "parallel: {items: [1], action: 'x ${thing}'}, on_yes: done",
		    "E405 states.a.parallel.action", NULL },
		{ "action: 'x \"${item.a}\"', next: done",
		    "E402 states.a.action", "item" },
		{ "loop: 'x ${item.a}', on_yes: done", "E402 states.a.loop",
		    "item" },
		{ "loop: b, with: {x: {y: ['${oops.z}']}}, on_yes: done",
		    "E402 states.a.with.x.y[0]", "oops" },
		{ "parallel: {items: [1], action: 'x \"${f}\" \"${item}\"', "
		  "as: "
		  "f}, on_yes: done, on_error: done, on_no: done",
		    NULL, NULL },
		{ "parallel: {items: '${context.x?}', loop: '${f.l}', as: f, "
		  "with: {y: '${f}'}, tolerate: 2}, on_yes: done, on_partial: "
		  "done, on_error: done",
		    NULL, NULL },
		{ "parallel: {items: [1], action: x, tolerate: 2}, on_yes: "
		  "done, on_error: done",
		    "W229 states.a", "partial" },
		{ "loop: b, on_yes: done, on_no: done", "W230 states.a",
		    "cannot start" },
		{ "loop: b", "W229 states.a", "yes" },
		{ "loop: b, worktree: t, on_yes: done, on_error: done",
		    "W110 states.a.worktree", NULL },
	};

	CHECK_ROWS(form, rows);
}

TEST(load_call, too_many_items)
{
	auto_str text = STR_INIT;
	struct diags d = DIAGS_INIT;

	str_adds(&text,
	    "states:\n  a: {on_yes: done, parallel: {action: x, "
	    "items: [");
	for (int i = 0; i < 10001; i++)
		str_adds(&text, "1,");
	str_adds(&text, "]}}\n" REST);
	cr_expect_null(load(text.buf, false, &d));
	cr_expect_not_null(finding(&d, "E240 states.a.parallel.items"));
	diags_release(&d);
}

TEST(load_call, the_model)
{
	struct diags d = DIAGS_INIT;
	struct loop *l = load(
	    "states:\n"
	    "  a: {loop: kid, with: {x: '${context.y?}', z: 1}, on_yes: b, "
	    "on_error: b}\n"
	    "  b: {parallel: {items: [1, 2], as: f, action: 'x \"${f.g}\"', "
	    "tolerate: 1, max_workers: 8}, on_yes: c, on_error: c}\n"
	    "  c: {parallel: {items: 'a', loop: kid, fail_fast: true}, on_yes: "
	    "d, on_error: d}\n"
	    "  d: {loop: '${context.k?}', context_passthrough: true, on_yes: "
	    "done, on_error: done}\n" REST,
	    false, &d);
	const struct state *s;

	cr_assert_not_null(l, "%s", d.len ? d.at[0].msg : "");
	s = l->states[0];
	cr_expect(s->call.word && !s->call.loop && !s->call.passthrough);
	cr_expect(!form_is_plain(form_get(s->call.with, "x")));
	cr_expect(form_is_plain(form_get(s->call.with, "z")));
	cr_expect(!s->fan.items && !s->fan.as && !s->later);
	s = l->states[1];
	cr_expect_eq(form_src(s->fan.items)->list.len, 2);
	cr_expect_str_eq(s->fan.as, "f");
	cr_expect(s->fan.max_workers == 8 && s->fan.tolerate == 1);
	cr_expect(s->type == ACTION_SHELL && s->script && !s->call.word);
	cr_expect_eq(s->action->part[1].ref->ns, NS_ITEM);
	cr_expect_eq(s->action->part[1].ref->nseg, 1);
	s = l->states[2];
	cr_expect_str_eq(s->fan.as, "item");
	cr_expect(s->fan.max_workers == 4 && s->fan.fail_fast);
	cr_expect(s->call.word && !s->action && s->type == ACTION_NONE);
	s = l->states[3];
	cr_expect(s->call.passthrough && !s->call.with);
	cr_expect_eq(l->nlater, 0);
	loop_free(l);
	diags_release(&d);
}

TEST(load_call, captures_of_a_parallel)
{
	static const struct row rows[] = {
		{ "${captured.a.results}", NULL, NULL },
		{ "${captured.a.skipped}", NULL, NULL },
		{ "${captured.all.verdict}", NULL, NULL },
		{ "${captured.a.output}", "E424 states.b.action", "parallel" },
		{ "${captured.a.result}", "E424 states.b.action", "results" },
	};

	CHECK_ROWS("states:\n  a: {parallel: {items: [1], action: x}, capture: "
		   "all, on_yes: b, on_no: b, on_error: b}\n"
		   "  b: {action: 'echo \"@\"', next: done}\n" REST,
	    rows);
}
