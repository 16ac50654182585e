/*
 * What a call came to, at its end and on the way.  What a host tells is
 * believed; what it does not tell is looked up, and what nobody knows is no
 * sum but a fact of its own.
 */
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "engine/spend.h"
#include "engine/spend_part.h"

enum { TOLD_EVERY_MS = 1000 };

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
	p = spend_price(r, seen->model ? seen->model : asked);
	if (!p || !price_cost(p, &seen->used, &micro))
		return -1;
	*by = p->file;
	return micro;
}

void
spend_put_tokens(struct arena *a, struct val *f, const struct host_used *u)
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

/* -1: none are told. */
static long long
tokens_of(const struct host_used *u)
{
	const long long all[] = { u->input, u->output, u->cache_read,
		u->cache_write };
	long long sum = -1;

	for (size_t i = 0; i < COUNT(all); i++)
		if (all[i] >= 0)
			sum = (sum < 0 ? 0 : sum) + all[i];
	return sum;
}

static bool
is_told(const struct host_used *u)
{
	return u->cost >= 0 || tokens_of(u) >= 0;
}

/* Did an agent work, or could it have? */
static bool
was_reached(const struct spend_end *x)
{
	return is_told(&x->seen->used) || x->how->kind != OUT_EXITED ||
	    (x->seen->can_end && x->seen->answer.n > 0);
}

/* A call that never came to an agent costs nothing, and says nothing about
 * what the next one will tell. */
static bool
never_was(const struct spend_end *x)
{
	if (x->how->kind == OUT_SPAWN_FAILED)
		return true;
	switch (x->class) {
	case CLASS_TRANSIENT:
	case CLASS_QUOTA:
	case CLASS_AUTH:
	case CLASS_CONFIG:
		return !was_reached(x);
	default:
		return false;
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
	spend_put_tokens(a, f, &seen->used);
	if (*cost >= 0)
		number(a, f, "cost_micro_usd", *cost);
	text(a, f, "priced_by", by);
	return f;
}

static int
warn_of(struct run *r, const struct spend_owner *o, struct err *e)
{
	const struct spent_state *row =
	    ledger_state(&r->point.ledger, o->loop, o->state);
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);

	if (!row || row->warned || o->budget->warn < 0 ||
	    row->within.cost < o->budget->warn)
		return 0;
	text(a, f, "state", o->state);
	text(a, f, "of", o->loop);
	text(a, f, "limit", "cost_warn_at");
	number(a, f, "at", o->budget->warn);
	number(a, f, "spent", row->within.cost);
	return run_emit(r, EV_LIMIT_WARN, f, e);
}

/* Of the state, and of those that wait for it. */
static int
warn(struct run *r, struct err *e)
{
	struct spend_owners all = spend_owners(r);
	struct spend_owner o;

	while (spend_owner(&all, &o))
		if (o.state && warn_of(r, &o, e) < 0)
			return -1;
	return 0;
}

/* What nobody has told, also what it used behind the last word of it, stays
 * charged as it was set aside. */
static void
settle_untold(
    struct run *r, const struct spend_end *x, long long cost, struct val *f)
{
	const struct spend_call *call = &r->worker->spend;
	bool broken = x->how->kind != OUT_EXITED && !x->seen->ended;
	long long tokens = tokens_of(&x->seen->used);
	struct arena *a = run_mem(r);

	if (cost < call->reserve && (cost < 0 || broken))
		number(a, f, "cost_micro_usd", call->reserve);
	if (tokens < call->reserve_tokens && (tokens < 0 || broken))
		number(a, f, "tokens", call->reserve_tokens);
	truth(a, f, "metered", cost >= 0);
}

int
spend_settle(struct run *r, const struct spend_end *x, struct err *e)
{
	struct spend_call *call = &r->worker->spend;
	struct arena *a = run_mem(r);
	bool alone = call->alone;
	long long cost;
	struct val *f;

	if (!call->number)
		return 0;
	f = record(r, a, x->seen, &cost);
	if (!never_was(x))
		settle_untold(r, x, cost, f);
	if (x->how->kind == OUT_SPAWN_FAILED)
		truth(a, f, "started", false);
	number(a, f, "duration_ms", x->how->duration_ms);
	if (run_emit(r, EV_LIMIT_SETTLE, f, e) < 0)
		return -1;
	*call = (struct spend_call) { 0 };
	if (alone && r->purse.together)
		r->purse.together(r->purse.self);
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
	/* What has come to its end is not cut short, and what is being cut
	 * is told of once. */
	return seen->ended || spend_is_hit(r) ? 0 : spend_check_told(r, e);
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
