/*
 * What a call may come to, before anybody knows.  Calls of its state know
 * best; the dearest of others is set aside for the first one, where a limit
 * asks; and when none is known either, it is made alone.
 */
#include "base/clock.h"
#include "engine/spend.h"
#include "engine/spend_part.h"

enum { BYTES_A_TOKEN = 4 };

const struct price *
spend_price(const struct run *r, const char *model)
{
	if (!model || !r->purse.prices)
		return NULL;
	return price_of(r->purse.prices(r->purse.self), model, clock_wall_us());
}

static long long
mean(long long sum, long long n)
{
	return (sum + n - 1) / n;
}

static void
guess_cost(const struct run *r, struct spend_claim *c)
{
	const struct spent *own = c->row ? &c->row->sum : NULL;
	const struct ledger *l = &r->point.ledger;
	long long most = l->all.priced ? l->dearest : c->seen.dearest;

	c->cost = 0;
	if (own && own->priced) {
		c->cost = mean(own->cost, own->priced);
		return;
	}
	c->cost_guessed = true;
	if (!spend_bounds_money(r))
		return;
	c->cost = most > 0 ? most : 0;
	c->alone |= most < 0;
}

static void
guess_tokens(const struct run *r, struct spend_claim *c)
{
	const struct spent *own = c->row ? &c->row->sum : NULL;
	const struct ledger *l = &r->point.ledger;

	c->tokens = 0;
	if (own && own->counted) {
		c->tokens = mean(spent_tokens(own), own->counted);
		return;
	}
	c->tokens_guessed = true;
	if (!spend_bounds_tokens(r))
		return;
	c->tokens = l->longest;
	c->alone |= !l->all.counted;
}

void
spend_guess(
    const struct run *r, const struct spend_ask *ask, struct spend_claim *c)
{
	const struct price *p = spend_price(r, ask->model);
	const struct host_used prompt = {
		(long long)(ask->bytes / BYTES_A_TOKEN), -1, -1, -1, -1
	};
	long long least = 0;

	guess_cost(r, c);
	guess_tokens(r, c);
	if (p)
		price_cost(p, &prompt, &least);
	if (c->cost < least)
		c->cost = least;
	if (c->tokens < prompt.input)
		c->tokens = prompt.input;
}
