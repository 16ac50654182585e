/*
 * Who bounds what, and what nobody tells although it is bounded: a limit that
 * is not measured would be none.
 */
#include "base/auto.h"
#include "engine/spend_part.h"

enum { UNMETERED_MAX = 3 };

static bool
bounds_tokens(const struct budget *b)
{
	return b->of[BUDGET_TOKENS].at >= 0;
}

static bool
bounds_money(const struct budget *b)
{
	return b->of[BUDGET_USD].at >= 0 || b->of[BUDGET_DAY].at >= 0;
}

/* Does somebody whose limits hold here say so? */
static bool
anybody(const struct run *r, bool (*says)(const struct budget *))
{
	struct spend_owners all = spend_owners(r);
	struct spend_owner o;

	while (spend_owner(&all, &o))
		if (says(o.budget))
			return true;
	return false;
}

static bool
bounds_day(const struct budget *b)
{
	return b->of[BUDGET_DAY].at >= 0;
}

bool
spend_bounds_day(const struct run *r)
{
	return anybody(r, bounds_day);
}

bool
spend_bounds_money(const struct run *r)
{
	return anybody(r, bounds_money);
}

bool
spend_bounds_tokens(const struct run *r)
{
	return anybody(r, bounds_tokens);
}

static int
hit_unmetered(struct run *r, long long calls, const char *why, struct err *e)
{
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);

	r->worker->hit = (struct spend_hit) { .cause = "unmetered",
		.error = arena_printf(&r->spend_mem,
		    "the last %lld calls did not tell %s", calls, why),
		.then = EFFECT_FINISH };
	val_set(a, f, "state", val_text(a, spend_state(r)->name));
	val_set(a, f, "limit", val_text(a, "unmetered"));
	val_set(a, f, "of", val_text(a, "run"));
	val_set(a, f, "at", val_int(a, UNMETERED_MAX));
	val_set(a, f, "spent", val_int(a, calls));
	val_set(a, f, "then", val_text(a, effect_name(EFFECT_FINISH)));
	val_set(a, f, "text", val_text(a, r->worker->hit.error));
	return run_emit(r, EV_LIMIT_REACHED, f, e) < 0 ? -1 : SPEND_NO;
}

int
spend_check_metered(struct run *r, struct err *e)
{
	const struct ledger *l = &r->point.ledger;

	if (l->unmetered >= UNMETERED_MAX && spend_bounds_money(r))
		return hit_unmetered(r, l->unmetered,
		    "what they cost, and money is limited (a prices.yaml can "
		    "tell it)",
		    e);
	if (l->untold >= UNMETERED_MAX && spend_bounds_tokens(r))
		return hit_unmetered(r, l->untold,
		    "how many tokens they used, and tokens are limited", e);
	return SPEND_GO;
}
