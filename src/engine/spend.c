/*
 * Setting aside, before a call is made.  Nothing is begun while the project's
 * accounts cannot be seen, nor beside a call that is made alone: who has to
 * wait rests, with everything else of the run going on, and asks again.
 */
#include "engine/spend.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "engine/spend_part.h"

enum {
	/* Who waits asks again after a tenth of the time it has waited. */
	ASK_LEAST_MS = 10,
	ASK_MOST_MS = 1000,
	BARRED_MAX_MS = 10000,
};

const struct loop *
spend_loop(const struct run *r)
{
	return run_loop(r);
}

const struct state *
spend_state(const struct run *r)
{
	return loop_state(run_loop(r), run_frame(r)->state);
}

const struct spent_state *
spend_row(const struct run *r)
{
	const struct spent_state *row = ledger_state(
	    &r->point.ledger, spend_loop(r)->name, spend_state(r)->name);

	return row && row->sum.calls ? row : NULL;
}

static int
reserve(struct run *r, const struct spend_ask *ask, const struct spend_claim *c,
    struct err *e)
{
	struct spend_call *call = &r->worker->spend;
	long long waited = call->held_ms ? clock_ms() - call->held_ms : 0;
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);

	*call = (struct spend_call) { .number = r->point.ledger.number + 1,
		.reserve = c->cost,
		.reserve_tokens = c->tokens,
		.alone = c->alone,
		.told = { -1, -1, -1, -1, -1 },
		.model = ask->model ? arena_strdup(&r->spend_mem, ask->model)
				    : NULL };
	val_set(a, f, "state", val_text(a, c->state->name));
	val_set(a, f, "call", val_int(a, call->number));
	if (ask->judge)
		val_set(a, f, "judge", val_bool(a, true));
	val_set(a, f, "cost_micro_usd", val_int(a, c->cost));
	val_set(a, f, "tokens", val_int(a, c->tokens));
	if (c->alone)
		val_set(a, f, "alone", val_bool(a, true));
	if (waited)
		val_set(a, f, "waited_ms", val_int(a, waited));
	return run_emit(r, EV_LIMIT_RESERVE, f, e);
}

static int
raise_limit(struct run *r)
{
	struct act *act = &r->worker->act;

	act->end = ACT_RAISED;
	act->kind = "limit";
	act->error = r->worker->hit.error;
	r->worker->spend.held_ms = 0;
	/* To fail is what raised states do by themselves. */
	if (r->worker->hit.then == EFFECT_FAIL)
		r->worker->hit = (struct spend_hit) { 0 };
	return 0;
}

static int
hold(struct run *r)
{
	struct spend_call *call = &r->worker->spend;

	if (!call->held_ms)
		call->held_ms = clock_ms();
	r->worker->act.end = ACT_HELD;
	return 0;
}

void
spend_rest(struct run *r, worker_then *then)
{
	long long ms = (clock_ms() - r->worker->spend.held_ms) / 10;

	ms = ms < ASK_LEAST_MS ? ASK_LEAST_MS : ms;
	run_rest(r, ms > ASK_MOST_MS ? ASK_MOST_MS : ms);
	r->worker->then = then;
}

/* Must it wait for a call that is made alone, or for others to be over so
 * that it can be? */
static bool
must_wait(const struct run *r, const struct spend_claim *c)
{
	return (spend_bounds_money(r) || spend_bounds_tokens(r)) &&
	    (c->seen.alone || ledger_is_alone(&r->point.ledger));
}

/* With the purse open, when somebody bounds a day. */
static int
claim(struct run *r, const struct spend_ask *ask, const struct spend_claim *c,
    struct err *e)
{
	int said = must_wait(r, c) ? SPEND_WAIT : spend_check_call(r, c, e);

	if (said == SPEND_WAIT)
		return hold(r);
	if (said != SPEND_GO)
		return said < 0 ? -1 : raise_limit(r);
	if (c->alone && spend_bounds_day(r) && r->purse.alone &&
	    r->purse.alone(r->purse.self, e) < 0)
		return -1;
	return reserve(r, ask, c, e);
}

/* Nobody keeps it open for longer than a record takes, unless it was stopped
 * in that moment. */
static int
barred(struct run *r, struct err *e)
{
	struct spend_call *call = &r->worker->spend;

	if (!call->barred_ms)
		call->barred_ms = clock_ms();
	if (clock_ms() - call->barred_ms < BARRED_MAX_MS)
		return hold(r);
	return err_set(e, ERR_IO,
	    "another run has kept the project's accounts (.purse.lock) open "
	    "for %d seconds, and nothing is spent without them",
	    BARRED_MAX_MS / 1000);
}

int
spend_reserve(struct run *r, const struct spend_ask *ask, struct err *e)
{
	struct spend_claim c = { .state = spend_state(r),
		.seen = { 0, -1, 0 } };
	bool day = spend_bounds_day(r) && r->purse.open;
	int rc = 1;

	if (day)
		rc = r->purse.open(r->purse.self, &c.seen, e);
	if (rc <= 0)
		return rc < 0 ? -1 : barred(r, e);
	r->worker->spend.barred_ms = 0;
	c.row = spend_row(r);
	spend_guess(r, ask, &c);
	rc = claim(r, ask, &c, e);
	if (day)
		r->purse.shut(r->purse.self);
	return rc;
}
