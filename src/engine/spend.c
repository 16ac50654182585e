/*
 * The two records of a call.  What a call will cost nobody knows; what calls
 * of its state have cost so far is set aside, at least the price of its
 * prompt.  What a host tells is believed; what it does not tell is looked up,
 * and what nobody knows is no sum but a fact of its own.
 */
#include "engine/spend.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "engine/spend_part.h"

enum { TOLD_EVERY_MS = 1000, BYTES_A_TOKEN = 4 };

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

/* NULL: nobody knows. */
static const struct price *
price(const struct run *r, const char *model)
{
	if (!model || !r->purse.prices)
		return NULL;
	return price_of(r->purse.prices(r->purse.self), model, clock_wall_us());
}

/* ---- setting aside ---- */

/* Calls of the state that are over. */
static long long
calls_over(const struct run *r, const struct spent_state *row)
{
	const struct ledger *l = &r->point.ledger;
	long long n = row->sum.calls;

	for (size_t i = 0; i < l->open.len; i++)
		n -= l->open.at[i].of == row;
	return n;
}

static long long
mean(long long sum, long long n)
{
	return n > 0 ? (sum + n - 1) / n : 0;
}

static void
estimate(
    const struct run *r, const struct spend_ask *ask, struct spend_claim *c)
{
	const struct price *p = price(r, ask->model);
	const struct host_used prompt = {
		(long long)(ask->bytes / BYTES_A_TOKEN), -1, -1, -1, -1
	};
	long long n = c->row ? calls_over(r, c->row) : 0, least = 0;

	if (p)
		price_cost(p, &prompt, &least);
	c->cost = n ? mean(c->row->sum.cost, n - c->row->sum.unpriced) : 0;
	c->tokens = n ? mean(spent_tokens(&c->row->sum), n) : 0;
	if (c->cost < least)
		c->cost = least;
	if (c->tokens < prompt.input)
		c->tokens = prompt.input;
}

static void
number(struct arena *a, struct val *f, const char *key, long long n)
{
	val_set(a, f, key, val_int(a, n));
}

static void
text(struct arena *a, struct val *f, const char *key, const char *s)
{
	if (s)
		val_set(a, f, key, val_text(a, s));
}

static void
truth(struct arena *a, struct val *f, const char *key, bool b)
{
	val_set(a, f, key, val_bool(a, b));
}

static int
reserve(struct run *r, const struct spend_ask *ask, const struct spend_claim *c,
    struct err *e)
{
	struct spend_call *call = &r->worker->spend;
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);

	*call = (struct spend_call) { .number = r->point.ledger.number + 1,
		.reserve = c->cost,
		.told = { -1, -1, -1, -1, -1 },
		.model = ask->model ? arena_strdup(&r->spend_mem, ask->model)
				    : NULL };
	text(a, f, "state", c->state->name);
	number(a, f, "call", call->number);
	if (ask->judge)
		truth(a, f, "judge", true);
	number(a, f, "cost_micro_usd", c->cost);
	number(a, f, "tokens", c->tokens);
	return run_emit(r, EV_LIMIT_RESERVE, f, e);
}

static int
raise_limit(struct run *r)
{
	struct act *act = &r->worker->act;

	act->end = ACT_RAISED;
	act->kind = "limit";
	act->error = r->worker->hit.error;
	/* To fail is what raised states do by themselves. */
	if (r->worker->hit.then == EFFECT_FAIL)
		r->worker->hit = (struct spend_hit) { 0 };
	return 0;
}

/* With the purse open, when somebody bounds a day. */
static int
claim(struct run *r, const struct spend_ask *ask, const struct spend_claim *c,
    struct err *e)
{
	int hit = spend_check_call(r, c, e);

	if (hit)
		return hit < 0 ? -1 : raise_limit(r);
	return reserve(r, ask, c, e);
}

int
spend_reserve(struct run *r, const struct spend_ask *ask, struct err *e)
{
	struct spend_claim c = { .state = spend_state(r) };
	bool day = spend_bounds_day(r) && r->purse.open;
	int rc;

	c.row =
	    ledger_state(&r->point.ledger, spend_loop(r)->name, c.state->name);
	estimate(r, ask, &c);
	if (day && r->purse.open(r->purse.self, &c.today, e) < 0)
		return -1;
	rc = claim(r, ask, &c, e);
	if (day)
		r->purse.shut(r->purse.self);
	return rc;
}

/* ---- what it came to ---- */

/* The host's own word first. -1: nobody knows. */
static long long
cost_of(const struct run *r, const struct host_seen *seen, const char *asked,
    const char **by)
{
	const struct price *p;
	long long micro;

	if (seen->used.cost >= 0) {
		*by = "host";
		return seen->used.cost;
	}
	p = price(r, seen->model ? seen->model : asked);
	if (!p || !price_cost(p, &seen->used, &micro))
		return -1;
	*by = p->file;
	return micro;
}

static void
put_used(struct arena *a, struct val *f, const struct host_used *u)
{
	const struct {
		const char *key;
		long long n;
	} rows[] = {
		{ "input_tokens", u->input },
		{ "output_tokens", u->output },
		{ "cache_read_tokens", u->cache_read },
		{ "cache_creation_tokens", u->cache_write },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].n >= 0)
			number(a, f, rows[i].key, rows[i].n);
}

static bool
is_told(const struct host_used *u)
{
	return u->input >= 0 || u->output >= 0 || u->cache_read >= 0 ||
	    u->cache_write >= 0 || u->cost >= 0;
}

/* A call that never came to an agent costs nothing, and says nothing about
 * what the next one will tell. */
static bool
never_was(const struct spend_end *x)
{
	switch (x->class) {
	case CLASS_TRANSIENT:
	case CLASS_QUOTA:
	case CLASS_AUTH:
	case CLASS_CONFIG:
		return !is_told(&x->seen->used);
	default:
		return x->how->kind == OUT_SPAWN_FAILED;
	}
}

static struct val *
record(struct run *r, struct arena *a, const struct host_seen *seen,
    long long *cost)
{
	const struct spend_call *call = &r->worker->spend;
	struct val *f = val_map(a);
	const char *by = NULL;

	*cost = cost_of(r, seen, call->model, &by);
	text(a, f, "state", spend_state(r)->name);
	number(a, f, "call", call->number);
	text(a, f, "model", seen->model);
	put_used(a, f, &seen->used);
	if (*cost >= 0)
		number(a, f, "cost_micro_usd", *cost);
	text(a, f, "priced_by", by);
	return f;
}

static int
warn(struct run *r, struct err *e)
{
	const struct state *s = spend_state(r);
	const struct spent_state *row =
	    ledger_state(&r->point.ledger, spend_loop(r)->name, s->name);
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);

	if (!row || row->warned || s->budget.warn < 0 ||
	    row->sum.cost < s->budget.warn)
		return 0;
	text(a, f, "state", s->name);
	text(a, f, "limit", "cost_warn_at");
	number(a, f, "at", s->budget.warn);
	number(a, f, "spent", row->sum.cost);
	return run_emit(r, EV_LIMIT_WARN, f, e);
}

int
spend_settle(struct run *r, const struct spend_end *x, struct err *e)
{
	struct spend_call *call = &r->worker->spend;
	bool broken = x->how->kind != OUT_EXITED && !x->seen->ended;
	struct arena *a = run_mem(r);
	long long cost;
	struct val *f;

	if (!call->number)
		return 0;
	f = record(r, a, x->seen, &cost);
	/* What it used behind the last word of it nobody has told. */
	if (cost < call->reserve && (cost < 0 || broken) && !never_was(x))
		number(a, f, "cost_micro_usd", call->reserve);
	if (!never_was(x))
		truth(a, f, "metered", cost >= 0);
	number(a, f, "duration_ms", x->how->duration_ms);
	if (run_emit(r, EV_LIMIT_SETTLE, f, e) < 0)
		return -1;
	call->number = 0;
	return warn(r, e);
}

/* ---- while it goes on ---- */

static bool
is_news(const struct spend_call *call, const struct host_used *u)
{
	return is_told(u) && memcmp(&call->told, u, sizeof(*u)) != 0 &&
	    (!call->told_ms || clock_ms() - call->told_ms >= TOLD_EVERY_MS);
}

static int
settle_part(struct run *r, const struct host_seen *seen, struct err *e)
{
	struct spend_call *call = &r->worker->spend;
	auto_arena a = ARENA_INIT;
	long long cost;
	struct val *f;

	call->told = seen->used;
	call->told_ms = clock_ms();
	f = record(r, &a, seen, &cost);
	truth(&a, f, "partial", true);
	if (run_emit(r, EV_LIMIT_SETTLE, f, e) < 0)
		return -1;
	/* What has come to its end is not cut short. */
	return seen->ended ? 0 : spend_check_told(r, e);
}

int
spend_told(struct worker *w, const struct host_seen *seen, struct err *e)
{
	struct run *r = w->run;
	struct worker *turn = r->worker;
	int rc;

	if (!w->spend.number || !is_news(&w->spend, &seen->used))
		return 0;
	r->worker = w;
	rc = settle_part(r, seen, e);
	r->worker = turn;
	return rc;
}
