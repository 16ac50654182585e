/* What may be spent: limits of loops and states, cost_ceiling. */
#include "loop/load_rows.h"

static const char in_loop[] = "limits: {@}\nstates:\n"
			      "  a: {action: x, next: done}\n" REST;
static const char in_state[] = "states:\n"
			       "  a: {action: x, next: done, @}\n" REST;

TEST(limits, of_a_loop)
{
	static const struct row rows[] = {
		{ "steps: 3, wall: 0.5, agent_calls: 0, tokens: 1, usd: 0.1, "
		  "usd_per_day: 2",
		    NULL, NULL },
		{ "usd: {at: 1, then: failed}", NULL, NULL },
		{ "usd: {at: 1, then: stop}", NULL, NULL },
		{ "steps: 0", "E103 limits.steps", "between 1 and" },
		{ "steps: 1.5", "E271 limits.steps", "whole number" },
		{ "usd: -1", "E103 limits.usd", "between 0" },
		{ "usd: many", "E271 limits.usd", "a number" },
		{ "usd: 1e10", "E103 limits.usd", NULL },
		{ "usd: {then: stop}", "E271 limits.usd", "'at'" },
		{ "usd: {at: 1, than: stop}", "E101 limits.usd", "then" },
		{ "usd: {at: 1, then: nowhere}", "E201 limits.usd", "nowhere" },
		{ "tokens: {at: [], then: stop}", "E271 limits.tokens",
		    "whole" },
		{ "wall: {at: 1, then: $current}", "E201 limits.wall", NULL },
		{ "wal: 1", "E101 limits", "wall" },
	};

	CHECK_ROWS(in_loop, rows);
}

TEST(limits, of_a_state)
{
	static const struct row rows[] = {
		{ "limits: {agent_calls: 1, tokens: 5, usd: 0.000001}", NULL,
		    NULL },
		{ "limits: {usd: {at: 1, then: $current}}", NULL, NULL },
		{ "limits: {steps: 1}", "E272 states.a.limits", "'steps'" },
		{ "limits: {wall: 1}", "E272 states.a.limits", "'wall'" },
		{ "limits: {usd_per_day: 1}", "E272 states.a.limits", NULL },
		{ "limits: {disk: 1M}", "E272 states.a.limits", "'disk'" },
		{ "cost_ceiling: {cost_ceiling_per_state: 1, cost_warn_at: "
		  "1}",
		    NULL, NULL },
		{ "cost_ceiling: {cost_ceiling_per_state: 1, cost_warn_at: "
		  "2}",
		    "E215 states.a", NULL },
		{ "cost_ceiling: {cost_ceiling_per_state: -1}",
		    "E103 states.a.cost_ceiling.cost_ceiling_per_state", NULL },
	};

	CHECK_ROWS(in_state, rows);
}

TEST(limits, a_word_hides_a_state)
{
	static const struct row rows[] = {
		{ "then: stop", "W247 limits.usd", "word" },
		{ "then: a", NULL, NULL },
	};
	static const char loop[] =
	    "limits: {usd: {at: 1, @}}\nstates:\n  a: {action: x, next: "
	    "stop}\n  stop: {terminal: true}\n" REST;

	CHECK_ROWS(loop, rows);
}

/* "at then to" of a limit. */
static void
shown(struct str *out, const struct budget_limit *b)
{
	str_addf(out, "%lld %s%s%s", b->at, effect_name(b->then),
	    b->to.to ? " " : "", b->to.to ? b->to.to->name : "");
}

TEST(limits, whole_millionths_and_milliseconds)
{
	static const struct {
		const char *keys;
		enum budget_kind kind;
		const char *want;
	} rows[] = {
		{ "usd: 0.1", BUDGET_USD, "100000 finish" },
		{ "usd: 1000000000", BUDGET_USD, "1000000000000000 finish" },
		{ "usd: 0.0000005", BUDGET_USD, "1 finish" },
		{ "usd: {at: 5, then: failed}", BUDGET_USD,
		    "5000000 state failed" },
		{ "usd_per_day: {at: 0, then: fail}", BUDGET_DAY, "0 fail" },
		{ "wall: 1.5", BUDGET_WALL, "1500 stop" },
		{ "wall: {at: 2, then: finish}", BUDGET_WALL, "2000 finish" },
		{ "steps: {at: 7}", BUDGET_STEPS, "7 finish" },
		{ "tokens: 1000000000000000", BUDGET_TOKENS,
		    "1000000000000000 finish" },
		{ "steps: 1", BUDGET_CALLS, "-1 finish" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diags d = DIAGS_INIT;
		auto_str got = STR_INIT;
		char text[1000];
		struct loop *l;

		fill(text, sizeof(text), in_loop, rows[i].keys);
		l = load(text, false, &d);
		cr_assert_not_null(l, "%s", rows[i].keys);
		shown(&got, &l->budget.of[rows[i].kind]);
		cr_expect_str_eq(
		    got.buf, rows[i].want, "%s: %s", rows[i].keys, got.buf);
		loop_free(l);
		diags_release(&d);
	}
}

TEST(limits, a_ceiling_is_one_on_dollars)
{
	static const struct {
		const char *keys, *want;
		long long warn;
	} rows[] = {
		{ "cost_ceiling: {cost_ceiling_per_state: 2, cost_warn_at: "
		  "1.5}",
		    "2000000 finish", 1500000 },
		{ "cost_ceiling: {cost_ceiling_per_state: 2}, limits: {usd: "
		  "{at: 1, then: fail}}",
		    "1000000 fail", -1 },
		{ "cost_ceiling: {cost_ceiling_per_state: 2}, limits: {usd: "
		  "{at: 3, then: fail}}",
		    "2000000 finish", -1 },
		{ "cost_ceiling: {cost_warn_at: 1}", "-1 finish", 1000000 },
		{ "", "-1 finish", -1 },
	};
	static const char routed[] =
	    "states:\n  a: {action_type: prompt, action: x, on_yes: done, "
	    "on_budget: failed, cost_ceiling: {cost_ceiling_per_state: "
	    "1}}\n" REST;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diags d = DIAGS_INIT;
		auto_str got = STR_INIT;
		char text[1000];
		struct loop *l;

		fill(text, sizeof(text), in_state, rows[i].keys);
		l = load(text, false, &d);
		cr_assert_not_null(l, "%s", rows[i].keys);
		shown(&got, &loop_state(l, "a")->budget.of[BUDGET_USD]);
		cr_expect_str_eq(
		    got.buf, rows[i].want, "%s: %s", rows[i].keys, got.buf);
		cr_expect_eq(loop_state(l, "a")->budget.warn, rows[i].warn);
		loop_free(l);
		diags_release(&d);
	}
	{
		struct diags d = DIAGS_INIT;
		struct loop *l = load(routed, false, &d);
		auto_str got = STR_INIT;

		cr_assert_not_null(l, "%s", d.len ? d.at[0].msg : "");
		shown(&got, &loop_state(l, "a")->budget.of[BUDGET_USD]);
		cr_expect_str_eq(got.buf, "1000000 state failed");
		loop_free(l);
		diags_release(&d);
	}
}
