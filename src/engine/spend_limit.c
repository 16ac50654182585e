/*
 * Which limit stands against it.  Those of the state are asked first, then
 * those of the loops and states that wait for it, the innermost first, the
 * run's last.  What a limit says is recorded before it acts.
 */
#include <string.h>

#include "base/auto.h"
#include "engine/spend.h"
#include "engine/spend_part.h"
#include "host/usd.h"

struct look {
	struct run *run;
	const struct spend_claim *claim; /* before a call */
	const struct state *next;        /* before a step: to be entered */
	struct spend_owner at;
	/* what was found */
	enum budget_kind kind;
	long long spent;
	bool waits; /* not without what is set aside for other calls */
};

/* ---- what is asked ---- */

/* Is so much spent that this would pass the limit? */
static bool
is_over(const struct look *x, long long spent, long long more, long long at)
{
	return spent >= at || (x->claim && spent > at - more);
}

/* What is bounded at this moment: calls and money before a call, steps and
 * time before a step, and there what ends all at once too; during a call what
 * is spent meanwhile. */
static bool
counts_now(const struct look *x, enum budget_kind k, enum budget_effect then)
{
	/* A step that is done again is none. */
	if (k == BUDGET_STEPS)
		return x->next && run_frame(x->run)->climbing != CLIMB_AGAIN;
	if (k == BUDGET_WALL)
		return x->next != NULL;
	if (x->claim || k == BUDGET_DAY)
		return x->claim != NULL;
	return then == EFFECT_STOP && (x->next || k != BUDGET_CALLS);
}

static bool
kind_over(struct look *x, enum budget_kind k, long long at)
{
	const struct spend_claim *c = x->claim;
	const struct spent *sum = x->at.sum;
	const long long of[BUDGETS] = {
		[BUDGET_STEPS] = x->at.steps,
		[BUDGET_WALL] = x->at.ms,
		[BUDGET_CALLS] = sum->calls,
		[BUDGET_TOKENS] = spent_committed_tokens(sum),
		[BUDGET_USD] = spent_committed(sum),
		[BUDGET_DAY] = c ? c->seen.spent : 0,
	};
	long long cost = c && !c->cost_guessed ? c->cost : 0;
	const long long more[BUDGETS] = {
		[BUDGET_CALLS] = 1,
		[BUDGET_TOKENS] = c && !c->tokens_guessed ? c->tokens : 0,
		[BUDGET_USD] = cost,
		[BUDGET_DAY] = cost,
	};
	const long long others[BUDGETS] = {
		[BUDGET_TOKENS] = sum->reserved_tokens,
		[BUDGET_USD] = sum->reserved,
		[BUDGET_DAY] = x->run->point.ledger.all.reserved,
	};

	x->spent = of[k];
	x->waits = c && !is_over(x, of[k] - others[k], more[k], at);
	return is_over(x, of[k], more[k], at);
}

/* Where a limit leads may be entered once, or it would lead nowhere. */
static bool
lands_here(const struct look *x, const struct budget_limit *b)
{
	const struct frame *f = run_frame(x->run);
	const struct map_entry *n;

	if (b->then != EFFECT_STATE || !x->next || b->to.to != x->next ||
	    x->at.level != worker_depth(x->run->worker))
		return false;
	n = map_get(&f->retries, x->next->name);
	return !n || n->count < 1;
}

/* Of this frame: a loop that is called again, or for another item, has its
 * limits anew.  What a state may spend is counted over the run. */
static const char *
mark_of(const struct look *x, enum budget_kind k)
{
	struct arena *a = run_mem(x->run);

	if (x->at.state)
		return arena_printf(
		    a, "%lld %s %s", x->at.level, budget_name(k), x->at.state);
	return ledger_mark(a, x->at.began, budget_name(k));
}

static bool
find(struct look *x)
{
	for (int k = 0; k < BUDGETS; k++) {
		const struct budget_limit *b = &x->at.budget->of[k];
		enum budget_kind kind = (enum budget_kind)k;

		if (b->at < 0 || !counts_now(x, kind, b->then) ||
		    !kind_over(x, kind, b->at))
			continue;
		if (lands_here(x, b) &&
		    ledger_has_led(&x->run->point.ledger, mark_of(x, kind)))
			continue;
		x->kind = kind;
		return true;
	}
	return false;
}

/* Before a step the state is not yet the one that is to be entered. */
static bool
find_any(struct look *x)
{
	struct spend_owners all = spend_owners(x->run);
	bool first = true;

	while (spend_owner(&all, &x->at)) {
		if (!(first && x->next && x->at.state) && find(x))
			return true;
		first = false;
	}
	return false;
}

/* ---- what is told ---- */

static void
add_amount(struct str *out, enum budget_kind k, long long n)
{
	auto_str usd = STR_INIT;

	switch (k) {
	case BUDGET_USD:
	case BUDGET_DAY:
		usd_write(&usd, n);
		str_addf(out, "$%s", usd.buf);
		return;
	case BUDGET_WALL:
		str_addf(out, "%lld.%03llds", n / 1000, n % 1000);
		return;
	default:
		str_addf(out, "%lld", n);
	}
}

static const char *
sentence(struct run *r, const struct look *x, const struct budget_limit *b)
{
	auto_str s = STR_INIT;

	str_addf(&s, "%s", b->key);
	if (x->at.state)
		str_addf(&s, " of state '%s'", x->at.state);
	str_adds(&s, ": ");
	add_amount(&s, x->kind, x->spent);
	str_adds(&s, " of ");
	add_amount(&s, x->kind, b->at);
	str_adds(&s,
	    x->spent < b->at ? " is used, and the next call would pass it"
			     : " is used");
	return arena_strdup(&r->spend_mem, s.buf);
}

static void
text(struct run *r, struct val *f, const char *key, const char *s)
{
	if (s)
		val_set(run_mem(r), f, key, val_text(run_mem(r), s));
}

static int
emit(struct run *r, const struct look *x, const struct budget_limit *b,
    struct err *e)
{
	struct spend_hit *hit = &r->worker->hit;
	struct val *f = val_map(run_mem(r));
	bool leads = hit->then == EFFECT_STATE;

	text(r, f, "state", x->next ? x->next->name : spend_state(r)->name);
	text(r, f, "limit", budget_name(x->kind));
	text(r, f, "of", x->at.of);
	val_set(run_mem(r), f, "level", val_int(run_mem(r), x->at.level));
	val_set(run_mem(r), f, "at", val_int(run_mem(r), b->at));
	val_set(run_mem(r), f, "spent", val_int(run_mem(r), x->spent));
	text(r, f, "then", effect_name(hit->then));
	text(r, f, "to", leads ? b->to.name : NULL);
	text(r, f, "mark", leads ? mark_of(x, x->kind) : NULL);
	text(r, f, "text", hit->error);
	if (!x->claim && !x->next)
		val_set(run_mem(r), f, "call",
		    val_int(run_mem(r), r->worker->spend.number));
	return run_emit(r, EV_LIMIT_REACHED, f, e);
}

/* A limit leads to its state once; then it ends what it bounds. */
static int
hit(struct look *x, struct err *e)
{
	struct run *r = x->run;
	const struct budget_limit *b = &x->at.budget->of[x->kind];
	struct spend_hit *h = &r->worker->hit;

	*h = (struct spend_hit) { .cause = "budget",
		.error = sentence(r, x, b),
		.limit = b,
		.then = b->then,
		.level = x->at.level };
	if (h->then == EFFECT_STATE &&
	    ledger_has_led(&r->point.ledger, mark_of(x, x->kind)))
		h->then = EFFECT_FINISH;
	return emit(r, x, b, e) < 0 ? -1 : 1;
}

/* ---- the questions ---- */

int
spend_check_call(struct run *r, const struct spend_claim *c, struct err *e)
{
	struct look x = { .run = r, .claim = c };

	if (find_any(&x)) {
		if (x.waits)
			return SPEND_WAIT;
		return hit(&x, e) < 0 ? -1 : SPEND_NO;
	}
	return spend_check_metered(r, e);
}

int
spend_check_told(struct run *r, struct err *e)
{
	struct look x = { .run = r };

	return find_any(&x) ? hit(&x, e) : 0;
}

/* What a limit does between two states. */
static int
turn_aside(
    struct run *r, const struct state *s, struct finish *fin, struct err *e)
{
	struct spend_hit *h = &r->worker->hit;
	struct val *f = val_map(run_mem(r));
	bool here = h->level == worker_depth(r->worker);

	if (h->then == EFFECT_STATE && here) {
		text(r, f, "from", s->name);
		text(r, f, "to", h->limit->to.to->name);
		text(r, f, "cause", "limit");
		*h = (struct spend_hit) { 0 };
		return run_emit(r, EV_ROUTE, f, e) < 0 ? -1 : 1;
	}
	fin->cause = h->then == EFFECT_FAIL ? "error" : h->cause;
	fin->error = h->error;
	fin->all = h->level == 0 && h->then != EFFECT_STATE;
	if (here)
		*h = (struct spend_hit) { 0 };
	return 1;
}

int
spend_turn(
    struct run *r, const struct state *s, struct finish *fin, struct err *e)
{
	struct look x = { .run = r, .next = s };
	int got;

	if (!find_any(&x))
		return 0;
	got = hit(&x, e);
	return got < 0 ? -1 : turn_aside(r, s, fin, e);
}

void
spend_inherit(struct run *r, const struct worker *item)
{
	r->workers.at[0]->hit = item->hit;
}
