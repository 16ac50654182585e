/*
 * What records say of calls of hosts.  A call is charged what was set aside
 * for it until it is known better; one whose end nobody saw stays charged for
 * ever.  It is in the sums of the run, of its state and of every frame that
 * waits for it.
 */
#include "base/auto.h"
#include "loop/point_fold.h"

static long long
amount(const struct val *fields, const char *key)
{
	long long n = val_num(fields, key, 0);

	return n > 0 ? n : 0;
}

static bool
says(const struct val *fields, const char *key)
{
	const struct val *v = val_get(fields, key);

	return v && v->kind == VAL_BOOL && v->b;
}

static bool
denies(const struct val *fields, const char *key)
{
	const struct val *v = val_get(fields, key);

	return v && v->kind == VAL_BOOL && !v->b;
}

/* What is done at this depth, of this item: by whom it is counted. */
struct where {
	long long item, depth;
};

/* The frames below and at this depth, and those whose item they are. */
static void
each_frame(struct point *p, struct where at,
    void (*fn)(struct point *, struct frame *, long long depth, void *),
    void *self)
{
	for (size_t i = 0; i < p->lanes.len; i++) {
		const struct lane *l = &p->lanes.at[i];

		if (l->item != at.item && l->item >= 0)
			continue;
		for (size_t k = 0; k < l->frames.len; k++) {
			long long depth = l->base + (long long)k;

			if (depth > at.depth)
				break;
			fn(p, l->frames.at[k], depth, self);
		}
	}
}

static struct spent_state *
row(struct ledger *l, const char *loop, const char *state, long long depth)
{
	struct spent_state *s = ledger_state(l, loop, state);

	if (s)
		return s;
	s = mem_new(sizeof(*s));
	s->loop = mem_strdup(loop);
	s->state = mem_strdup(state);
	s->depth = depth;
	vec_push(&l->states, s);
	return s;
}

/* Of the frame, and of the state in which it stands: once, however often a
 * loop that calls itself stands there. */
static void
charge_frame(struct point *p, struct frame *f, long long depth, void *delta)
{
	struct spent_state *s = row(&p->ledger, f->loop, f->state, depth);

	spent_add(&f->spent, delta);
	if (s->charged == p->ledger.charges)
		return;
	s->charged = p->ledger.charges;
	spent_add(&s->within, delta);
}

static void
charge(struct point *p, const struct spent_call *c, struct spent *delta)
{
	p->ledger.charges++;
	spent_add(&p->ledger.all, delta);
	spent_add(&c->of->sum, delta);
	each_frame(
	    p, (struct where) { c->item, c->depth }, charge_frame, delta);
}

static void
step_frame(struct point *p, struct frame *f, long long depth, void *self)
{
	(void)p;
	(void)depth;
	(void)self;
	f->all_steps++;
}

void
fold_step(struct point *p, const struct event *e)
{
	p->ledger.steps++;
	each_frame(p, (struct where) { e->item, e->depth }, step_frame, NULL);
}

/* The command of an item has no frame: its state is the one of `parallel`. */
static const struct frame *
caller(struct point *p, const struct event *e)
{
	const struct frame *f = fold_frame(p, e);

	return f ? f : point_fan(p);
}

void
fold_limit_reserve(struct point *p, const struct event *e)
{
	const struct frame *f = caller(p, e);
	struct spent delta = { .calls = 1 };
	struct spent_call c = { .number = val_num(e->fields, "call", 0),
		.item = e->item,
		.depth = e->depth };

	if (!f || c.number <= p->ledger.number)
		return;
	delta.judges = c.judge = says(e->fields, "judge");
	c.alone = says(e->fields, "alone");
	c.reserve = delta.reserved = amount(e->fields, "cost_micro_usd");
	c.reserve_tokens = delta.reserved_tokens = amount(e->fields, "tokens");
	c.told.reserved = c.reserve;
	c.told.reserved_tokens = c.reserve_tokens;
	c.of = row(&p->ledger, f->loop, fold_field(e, "state"), e->depth);
	p->ledger.number = c.number;
	charge(p, &c, &delta);
	vec_push(&p->ledger.open, c);
}

static long long
rest(long long all, long long used)
{
	return all > used ? all - used : 0;
}

/* How the sums of a call change: `now` is all that is known of it. */
static struct spent
difference(const struct spent *now, const struct spent *was)
{
	return (struct spent) {
		.input = now->input - was->input,
		.output = now->output - was->output,
		.cache_read = now->cache_read - was->cache_read,
		.cache_write = now->cache_write - was->cache_write,
		.assumed = now->assumed - was->assumed,
		.cost = now->cost - was->cost,
		.ms = now->ms - was->ms,
		.reserved = now->reserved - was->reserved,
		.reserved_tokens = now->reserved_tokens - was->reserved_tokens,
	};
}

static void
close_call(struct ledger *l, struct spent_call *c)
{
	*c = l->open.at[--l->open.len];
}

static bool
tells_tokens(const struct val *fields)
{
	static const char *const keys[] = { "input_tokens", "output_tokens",
		"cache_read_tokens", "cache_creation_tokens" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (val_get(fields, keys[i]))
			return true;
	return false;
}

static void
raise_to(long long *most, long long n)
{
	if (n > *most)
		*most = n;
}

/* It is over.  One that never came to an agent does not say whether it was
 * metered, and teaches nothing. */
static void
settle(struct ledger *l, const struct val *fields, const struct spent *now,
    struct spent *delta)
{
	const struct val *metered = val_get(fields, "metered");

	if (!metered || metered->kind != VAL_BOOL)
		return;
	delta->priced = metered->b;
	delta->unpriced = !metered->b;
	delta->counted = tells_tokens(fields);
	l->unmetered = delta->priced ? 0 : l->unmetered + 1;
	l->untold = delta->counted ? 0 : l->untold + 1;
	if (delta->priced)
		raise_to(&l->dearest, now->cost);
	if (delta->counted)
		raise_to(&l->longest, spent_tokens(now));
}

void
fold_limit_settle(struct point *p, const struct event *e)
{
	struct ledger *l = &p->ledger;
	struct spent_call *c = ledger_call(l, val_num(e->fields, "call", 0));
	bool partial = says(e->fields, "partial");
	struct spent now = {
		.input = amount(e->fields, "input_tokens"),
		.output = amount(e->fields, "output_tokens"),
		.cache_read = amount(e->fields, "cache_read_tokens"),
		.cache_write = amount(e->fields, "cache_creation_tokens"),
		.cost = amount(e->fields, "cost_micro_usd"),
		.ms = amount(e->fields, "duration_ms"),
	};
	struct spent delta;

	if (!c)
		return;
	now.assumed = rest(amount(e->fields, "tokens"), spent_tokens(&now));
	if (partial) {
		now.reserved = rest(c->reserve, now.cost);
		now.reserved_tokens =
		    rest(c->reserve_tokens, spent_tokens(&now));
	}
	delta = difference(&now, &c->told);
	c->told = now;
	if (!partial)
		settle(l, e->fields, &now, &delta);
	/* What could not be started was none. */
	if (!partial && denies(e->fields, "started")) {
		delta.calls = -1;
		delta.judges = -c->judge;
	}
	charge(p, c, &delta);
	if (!partial)
		close_call(l, c);
}

/* A call that was under way when the run broke off: it has been spent, and if
 * nobody knows how much, that is known. */
static void
lose(struct point *p, struct spent_call *c)
{
	struct spent delta = { .lost = 1,
		.cost = c->told.reserved,
		.reserved = -c->told.reserved,
		.assumed = c->told.reserved_tokens,
		.reserved_tokens = -c->told.reserved_tokens };

	if (!c->told.cost && !c->told.reserved) {
		delta.unpriced = 1;
		p->ledger.unmetered++;
	}
	if (!spent_tokens(&c->told))
		p->ledger.untold++;
	charge(p, c, &delta);
	close_call(&p->ledger, c);
}

/* Limits may lead to their states again: who resumes has raised them, or
 * wants to. */
void
fold_spend_resume(struct point *p)
{
	struct ledger *l = &p->ledger;

	while (l->open.len)
		lose(p, &l->open.at[0]);
	while (l->led.len)
		free(l->led.at[--l->led.len]);
	fold_text(&l->reached, NULL);
	fold_text(&l->reached_of, NULL);
	l->level = 0;
	l->cuts = false;
}

void
fold_limit_warn(struct point *p, const struct event *e)
{
	struct spent_state *s = ledger_state(
	    &p->ledger, fold_field(e, "of"), fold_field(e, "state"));

	if (s)
		s->warned = true;
}

void
fold_limit_reached(struct point *p, const struct event *e)
{
	struct ledger *l = &p->ledger;
	const char *mark = val_str(e->fields, "mark", NULL);

	fold_text(&l->reached, fold_field(e, "limit"));
	fold_text(&l->reached_of, fold_field(e, "of"));
	l->level = val_num(e->fields, "level", 0);
	l->cuts = val_get(e->fields, "call") != NULL;
	if (mark && !ledger_has_led(l, mark))
		vec_push(&l->led, mem_strdup(mark));
}
