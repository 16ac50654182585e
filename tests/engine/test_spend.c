/*
 * Limits on what is spent: where a run goes when one is reached, what is
 * recorded of a call, and what calls nobody knows the cost of do.
 */
#include "engine/spend.h"

#include "engine/ask.h"
#include "../host/rig.h"
#include "engine_bed.h"

#define HEAD "name: t\ninitial: a\nmax_steps: 30\n"
#define ENDS                                       \
	"  w: {action: w, next: done}\n"           \
	"  bad: {terminal: true, failure: true}\n" \
	"  done: {terminal: true}\n"
#define LOOP(limits, keys)                     \
	HEAD "limits: {" limits "}\nstates:\n" \
	     "  a: {action_type: prompt, action: do, " keys "}\n" ENDS
#define STATE(keys)                                                      \
	HEAD "states:\n  a: {action_type: prompt, action: do, " keys "}" \
	     "\n" ENDS

#define INIT(m) \
	"{\"type\":\"system\",\"subtype\":\"init\",\"model\":\"" m "\"}\n"
#define SAID(rest)                                                         \
	"{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false," \
	"\"result\":\"x\"" rest "}\n"
#define TOKENS ",\"usage\":{\"input_tokens\":10,\"output_tokens\":2}"
#define CENT SAID(",\"total_cost_usd\":0.01" TOKENS)

struct seat {
	struct bed bed;
	struct host *host;
	struct str notes; /* what was set aside and what it came to */
	struct prices prices;
	struct purse_seen day;
	long long busy; /* somebody else has the purse, so often */
	size_t open, shut, alone;
};

static int
take(void *self, const char *name, const struct host **host,
    const char **program, struct err *e)
{
	struct seat *s = self;

	(void)name;
	(void)e;
	*host = s->host;
	*program = "/opt/claude";
	return 0;
}

static const struct prices *
prices(void *self)
{
	return &((struct seat *)self)->prices;
}

static int
open_purse(void *self, struct purse_seen *out, struct err *e)
{
	struct seat *s = self;

	(void)e;
	if (s->busy-- > 0)
		return 0;
	s->open++;
	*out = s->day;
	return 1;
}

static void
shut_purse(void *self)
{
	((struct seat *)self)->shut++;
}

static int
alone(void *self, struct err *e)
{
	(void)e;
	((struct seat *)self)->alone++;
	return 0;
}

static void
together(void *self)
{
	((struct seat *)self)->alone--;
}

static int
remember(void *self, const struct event *ev, struct err *e)
{
	struct seat *s = self;
	const struct val *metered = val_get(ev->fields, "metered");

	(void)e;
	if (ev->kind == EV_LIMIT_RESERVE)
		str_addf(&s->notes, "%s%lld ",
		    val_get(ev->fields, "alone") ? "+!" : "+",
		    val_num(ev->fields, "cost_micro_usd", -1));
	else if (ev->kind == EV_LIMIT_SETTLE && !val_get(ev->fields, "partial"))
		str_addf(&s->notes, "=%lld%s ",
		    val_num(ev->fields, "cost_micro_usd", -1),
		    !metered         ? "."
			: metered->b ? ""
				     : "?");
	else if (ev->kind == EV_LIMIT_REACHED)
		str_addf(&s->notes, "!%s/%s:%s ",
		    val_str(ev->fields, "limit", "-"),
		    val_str(ev->fields, "of", "-"),
		    val_str(ev->fields, "then", "-"));
	else if (ev->kind == EV_LIMIT_WARN)
		str_addf(
		    &s->notes, "warn%lld ", val_num(ev->fields, "spent", -1));
	return 0;
}

static void
sit(struct seat *s, const char *yaml, const struct play *plays)
{
	*s = (struct seat) { .notes = STR_INIT };
	bed_init(&s->bed, yaml, plays, 1);
	s->host = rig_shipped("claude");
	s->bed.run.hosting = (struct hosting) { .take = take, .self = s };
	s->bed.run.purse = (struct purse) { prices, open_purse, shut_purse,
		alone, together, s };
	s->bed.sinks[1] = (struct sink) { .hear = remember, .self = s };
	s->bed.run.nsinks = 2;
}

static void
rise(struct seat *s)
{
	bed_release(&s->bed);
	host_free(s->host);
	prices_release(&s->prices);
	str_release(&s->notes);
}

struct row {
	const char *what, *yaml, *trace, *notes;
	struct play play;
};

/* clang-format off */
static const struct row rows[] = {
	{ "calls", LOOP("agent_calls: 2", "next: a"),
	    ">a =0 ~a >a =0 ~a >a (limit_reached) budget/1",
	    "+0 =10000 +10000 =10000 !agent_calls/run:finish ",
	    SAYS(0, CENT) },
	{ "none at all", LOOP("agent_calls: 0", "next: a"),
	    ">a (limit_reached) budget/1", "!agent_calls/run:finish ",
	    SAYS(0, CENT) },
	{ "dollars: what would pass the limit is not begun",
	    LOOP("usd: 0.025", "next: a"),
	    ">a =0 ~a >a =0 ~a >a (limit_reached) budget/1",
	    "+!0 =10000 +10000 =10000 !usd/run:finish ", SAYS(0, CENT) },
	{ "what just reaches it is", LOOP("usd: 0.02", "next: a"),
	    ">a =0 ~a >a =0 ~a >a (limit_reached) budget/1",
	    "+!0 =10000 +10000 =10000 !usd/run:finish ", SAYS(0, CENT) },
	{ "tokens", LOOP("tokens: 20", "next: a"),
	    ">a =0 ~a >a (limit_reached) budget/1",
	    "+!0 =10000 !tokens/run:finish ", SAYS(0, CENT) },
	{ "a state's fails it", STATE("limits: {usd: {at: 0, then: fail}}, "
	    "next: done, on_error: bad"),
	    ">a (limit_reached) !limit ~bad:limit terminal/2",
	    "!usd/state:fail ", SAYS(0, CENT) },
	{ "or ends the run when nobody waits for it",
	    STATE("limits: {usd: {at: 0, then: fail}}, next: done"),
	    ">a (limit_reached) !limit error/1", "!usd/state:fail ",
	    SAYS(0, CENT) },
	{ "or leads elsewhere", STATE("limits: {usd: {at: 0.01, then: w}}, "
	    "next: a"),
	    ">a =0 ~a >a (limit_reached) ~w:limit >w =0 ~done terminal/0",
	    "+!0 =10000 !usd/state:state ", SAYS(0, CENT) },
	{ "the loop's leads elsewhere once",
	    HEAD "limits: {agent_calls: {at: 1, then: w}}\nstates:\n"
	    "  a: {action_type: prompt, action: do, next: a}\n"
	    "  w: {action: w, next: a}\n  done: {terminal: true}\n",
	    ">a =0 ~a >a (limit_reached) ~w:limit >w =0 ~a >a "
	    "(limit_reached) budget/1",
	    "+0 =10000 !agent_calls/run:state !agent_calls/run:finish ",
	    SAYS(0, CENT) },
	{ "a ceiling has its route", STATE("cost_ceiling: "
	    "{cost_ceiling_per_state: 0.01, cost_warn_at: 0.005}, "
	    "on_yes: a, on_budget: w, evaluate: {type: exit_code}"),
	    ">a (limit_warn) =0 ?yes ~a >a (limit_reached) ~w:limit >w =0 "
	    "~done terminal/0",
	    "+!0 =10000 warn10000 !usd/state:state ", SAYS(0, CENT) },
	{ "shell goes on when money is spent",
	    HEAD "limits: {usd: 0.01}\nstates:\n"
	    "  a: {action_type: prompt, action: do, next: w}\n" ENDS,
	    ">a =0 ~w >w =0 ~done terminal/0", "+!0 =10000 ", SAYS(0, CENT) },
	{ "but not when it stops",
	    HEAD "limits: {usd: {at: 0.01, then: stop}}\nstates:\n"
	    "  a: {action_type: prompt, action: do, next: w}\n" ENDS,
	    ">a =0 ~w (limit_reached) budget/1",
	    "+!0 =10000 !usd/run:stop ", SAYS(0, CENT) },
	{ "a terminal that was reached counts",
	    LOOP("usd: {at: 0.01, then: stop}", "next: done"),
	    ">a =0 ~done terminal/0", "+!0 =10000 ", SAYS(0, CENT) },
	{ "steps", HEAD "limits: {steps: 2}\nstates:\n"
	    "  a: {action: x, next: a}\n" ENDS,
	    ">a =0 ~a >a =0 ~a (limit_reached) budget/1",
	    "!steps/run:finish ", EXIT(0) },
	{ "steps lead to a state that runs",
	    HEAD "limits: {steps: {at: 2, then: w}}\nstates:\n"
	    "  a: {action: x, next: a}\n" ENDS,
	    ">a =0 ~a >a =0 ~a (limit_reached) ~w:limit >w =0 ~done "
	    "terminal/0",
	    "!steps/run:state ", EXIT(0) },
	{ "steps fail", HEAD "limits: {steps: {at: 1, then: fail}}\nstates:\n"
	    "  a: {action: x, next: a}\n" ENDS,
	    ">a =0 ~a (limit_reached) error/1", "!steps/run:fail ", EXIT(0) },
	{ "three calls nobody knows the cost of",
	    LOOP("usd: 5", "next: a"),
	    ">a =0 ~a >a =0 ~a >a =0 ~a >a (limit_reached) unmetered/1",
	    "+!0 =0? +!0 =0? +!0 =0? !unmetered/run:finish ",
	    SAYS(0, SAID(TOKENS)) },
	{ "are no matter when money is not limited",
	    LOOP("agent_calls: 4", "next: a"),
	    ">a =0 ~a >a =0 ~a >a =0 ~a >a =0 ~a >a (limit_reached) budget/1",
	    "+0 =0? +0 =0? +0 =0? +0 =0? !agent_calls/run:finish ",
	    SAYS(0, SAID(TOKENS)) },
	{ "three calls nobody knows the tokens of",
	    LOOP("tokens: 500", "next: a"),
	    ">a =0 ~a >a =0 ~a >a =0 ~a >a (limit_reached) unmetered/1",
	    "+!0 =0 +!0 =0 +!0 =0 !unmetered/run:finish ",
	    SAYS(0, SAID(",\"total_cost_usd\":0")) },
	{ "are no matter when tokens are not limited",
	    LOOP("agent_calls: 4", "next: a"),
	    ">a =0 ~a >a =0 ~a >a =0 ~a >a =0 ~a >a (limit_reached) budget/1",
	    "+0 =0 +0 =0 +0 =0 +0 =0 !agent_calls/run:finish ",
	    SAYS(0, SAID(",\"total_cost_usd\":0")) },
	{ "another state's first call is thought to cost what the dearest did",
	    HEAD "limits: {usd: 0.015}\nstates:\n"
	    "  a: {action_type: prompt, action: do, next: b}\n"
	    "  b: {action_type: prompt, action: do, next: b}\n" ENDS,
	    ">a =0 ~b >b =0 ~b >b (limit_reached) budget/1",
	    "+!0 =10000 +10000 =10000 !usd/run:finish ", SAYS(0, CENT) },
	{ "the price of a model",
	    LOOP("agent_calls: 1", "next: a"),
	    ">a =0 ~a >a (limit_reached) budget/1",
	    "+0 =14 !agent_calls/run:finish ",
	    SAYS(0, INIT("cheap-1") SAID(TOKENS)) },
	{ "one that never began costs nothing",
	    LOOP("usd: 1", "next: done, on_error: bad"),
	    ">a !spawn ~bad:spawn terminal/2", "+!0 =-1. ", UNSTARTED },
	{ "one that was cut short keeps what was told",
	    LOOP("usd: 1", "next: done, on_error: bad"),
	    ">a =124 ~bad:failed terminal/2", "+!0 =0? ",
	    TIMES_OUT(LIMIT_WALL) },
};
/* clang-format on */

TEST(spend, where_limits_lead)
{
	static const char table[] =
	    "prices: [{model: cheap, input: 1, output: 2}, {model: 'cheap-*', "
	    "input: 1, output: 2}]\n";

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct diags d = DIAGS_INIT;
		struct err e = ERR_INIT;
		struct seat s;

		sit(&s, r->yaml, &r->play);
		cr_assert_eq(prices_add(&s.prices, "t", sv(table), &d), 0);
		cr_expect_eq(
		    bed_drive(&s.bed, &e), 0, "%s: %s", r->what, e.msg);
		cr_expect_str_eq(s.bed.trace.buf, r->trace, "%s: %s", r->what,
		    s.bed.trace.buf);
		cr_expect_str_eq(
		    s.notes.buf, r->notes, "%s: %s", r->what, s.notes.buf);
		cr_expect_eq(s.open, 0, "%s: nobody bounds a day", r->what);
		cr_expect_eq(s.bed.run.point.ledger.open.len, 0, "%s", r->what);
		rise(&s);
		diags_release(&d);
	}
}

TEST(spend, a_day_is_everybodys)
{
	static const struct play good = SAYS(0, CENT);
	static const struct {
		long long today;
		const char *trace;
	} days[] = {
		{ 0, ">a =0 ~done terminal/0" },
		{ 999999, ">a =0 ~done terminal/0" },
		{ 1000000, ">a (limit_reached) budget/1" },
	};

	for (size_t i = 0; i < COUNT(days); i++) {
		struct err e = ERR_INIT;
		struct seat s;

		sit(&s, LOOP("usd_per_day: 1", "next: done"), &good);
		s.day = (struct purse_seen) { days[i].today, -1, false };
		cr_expect_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
		cr_expect_str_eq(s.bed.trace.buf, days[i].trace);
		cr_expect_eq(s.open, 1);
		cr_expect_eq(s.shut, 1);
		rise(&s);
	}
}

static void
drive_day(struct seat *s, const char *notes)
{
	struct err e = ERR_INIT;

	cr_expect_eq(bed_drive(&s->bed, &e), 0, "%s", e.msg);
	cr_expect_str_eq(s->bed.trace.buf, ">a =0 ~done terminal/0");
	cr_expect_str_eq(s->notes.buf, notes, "%s", s->notes.buf);
	cr_expect_eq(s->open, s->shut);
	cr_expect_eq(s->alone, 0, "its call is over");
	rise(s);
}

TEST(spend, a_day_knows_what_calls_cost)
{
	static const struct play good = SAYS(0, CENT);
	struct seat s;

	sit(&s, LOOP("usd_per_day: 1", "next: done"), &good);
	s.day.dearest = 70;
	drive_day(&s, "+70 =10000 ");
	sit(&s, LOOP("usd_per_day: 1", "next: done"), &good);
	s.day.dearest = -1;
	drive_day(&s, "+!0 =10000 ");
}

TEST(spend, a_purse_that_is_open_is_waited_for)
{
	static const struct play good = SAYS(0, CENT);
	struct seat s;

	sit(&s, LOOP("usd_per_day: 1", "next: done"), &good);
	s.day.dearest = 5;
	s.busy = 3;
	drive_day(&s, "+5 =10000 ");
}

/* What cannot be recorded is not spent. */
TEST(spend, nothing_is_asked_when_it_cannot_be_set_aside)
{
	static const struct play good = SAYS(0, CENT);
	struct err e = ERR_INIT;
	struct seat s;

	sit(&s, LOOP("usd: 1", "next: done"), &good);
	s.bed.refuse = EV_LIMIT_RESERVE;
	cr_expect_lt(bed_drive(&s.bed, &e), 0);
	cr_expect_eq(s.bed.nover, 0, "a host was called");
	rise(&s);
}

/* What could not be started was no call: nothing counts it. */
TEST(spend, a_call_that_never_began_is_none)
{
	static const struct play absent = UNSTARTED;
	static const char *const loops[] = {
		LOOP("agent_calls: 2", "next: done, on_error: a"),
		HEAD "limits: {agent_calls: 2}\nstates:\n"
		     "  a: {evaluate: {type: llm_structured, prompt: ok}, "
		     "on_yes: done, on_no: bad, on_error: bad}\n" ENDS,
	};

	for (size_t i = 0; i < COUNT(loops); i++) {
		struct err e = ERR_INIT;
		struct seat s;

		sit(&s, loops[i], &absent);
		cr_expect_eq(bed_drive(&s.bed, &e), 0, "%s", e.msg);
		cr_expect_null(
		    strstr(s.bed.trace.buf, "budget"), "%s", s.bed.trace.buf);
		cr_expect_eq(s.bed.run.point.ledger.all.calls, 0);
		cr_expect_eq(s.bed.run.point.ledger.all.judges, 0);
		cr_expect_gt(
		    s.bed.run.point.ledger.number, 0, "none was asked");
		rise(&s);
	}
}
