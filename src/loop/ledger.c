/*
 * Sums and their rows.  Nothing is decided here and nothing is known of
 * limits; what changes a ledger is in point_spend.c.
 */
#include "loop/ledger.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

long long
spent_tokens(const struct spent *s)
{
	return s->input + s->output + s->cache_read + s->cache_write +
	    s->assumed;
}

long long
spent_committed(const struct spent *s)
{
	return s->cost + s->reserved;
}

long long
spent_committed_tokens(const struct spent *s)
{
	return spent_tokens(s) + s->reserved_tokens;
}

/* A journal may hold any numbers. */
static void
add(long long *to, long long n)
{
	if (__builtin_add_overflow(*to, n, to))
		*to = n > 0 ? LLONG_MAX / 8 : 0;
	if (*to > LLONG_MAX / 8)
		*to = LLONG_MAX / 8;
}

void
spent_add(struct spent *to, const struct spent *d)
{
	add(&to->calls, d->calls);
	add(&to->judges, d->judges);
	add(&to->input, d->input);
	add(&to->output, d->output);
	add(&to->cache_read, d->cache_read);
	add(&to->cache_write, d->cache_write);
	add(&to->assumed, d->assumed);
	add(&to->cost, d->cost);
	add(&to->priced, d->priced);
	add(&to->counted, d->counted);
	add(&to->unpriced, d->unpriced);
	add(&to->lost, d->lost);
	add(&to->ms, d->ms);
	add(&to->reserved, d->reserved);
	add(&to->reserved_tokens, d->reserved_tokens);
}

struct spent_state *
ledger_state(const struct ledger *l, const char *loop, const char *state)
{
	for (size_t i = 0; i < l->states.len; i++)
		if (strcmp(l->states.at[i]->state, state) == 0 &&
		    strcmp(l->states.at[i]->loop, loop) == 0)
			return l->states.at[i];
	return NULL;
}

struct spent_call *
ledger_call(const struct ledger *l, long long number)
{
	for (size_t i = 0; i < l->open.len; i++)
		if (l->open.at[i].number == number)
			return &l->open.at[i];
	return NULL;
}

bool
ledger_is_alone(const struct ledger *l)
{
	for (size_t i = 0; i < l->open.len; i++)
		if (l->open.at[i].alone)
			return true;
	return false;
}

bool
ledger_has_led(const struct ledger *l, const char *what)
{
	for (size_t i = 0; i < l->led.len; i++)
		if (strcmp(l->led.at[i], what) == 0)
			return true;
	return false;
}

const char *
ledger_mark(struct arena *a, long long began, const char *kind)
{
	return arena_printf(a, "%lld %s ", began, kind);
}

void
ledger_leave(struct ledger *l, long long began)
{
	auto_str own = STR_INIT;
	size_t i = 0;

	str_addf(&own, "%lld ", began);
	while (i < l->led.len) {
		struct sv mark = sv(l->led.at[i]);

		if (sv_starts(mark, own.buf) && sv_ends(mark, " ")) {
			free(l->led.at[i]);
			l->led.at[i] = l->led.at[--l->led.len];
		} else {
			i++;
		}
	}
}

void
ledger_release(struct ledger *l)
{
	for (size_t i = 0; i < l->states.len; i++) {
		free(l->states.at[i]->loop);
		free(l->states.at[i]->state);
		free(l->states.at[i]);
	}
	for (size_t i = 0; i < l->led.len; i++)
		free(l->led.at[i]);
	vec_release(&l->states);
	vec_release(&l->open);
	vec_release(&l->led);
	free(l->reached);
	free(l->reached_of);
	*l = (struct ledger) { .number = 0 };
}

static void
number(struct arena *a, struct val *v, const char *key, long long n)
{
	val_set(a, v, key, val_int(a, n));
}

/* What nobody knows is not nothing. */
static void
set_sums(struct arena *a, struct val *v, const struct spent *s)
{
	bool unknown = s->unpriced > 0;

	number(a, v, "iterations", s->calls - s->judges);
	number(a, v, "judge_calls", s->judges);
	number(a, v, "input_tokens", s->input);
	number(a, v, "output_tokens", s->output);
	number(a, v, "cache_read_tokens", s->cache_read);
	number(a, v, "cache_creation_tokens", s->cache_write);
	if (s->assumed)
		number(a, v, "assumed_tokens", s->assumed);
	val_set(a, v, "cost_micro_usd",
	    unknown ? val_null(a) : val_int(a, spent_committed(s)));
	if (unknown) {
		number(a, v, "known_micro_usd", spent_committed(s));
		number(a, v, "unpriced_calls", s->unpriced);
	}
	if (s->lost)
		number(a, v, "lost_calls", s->lost);
	number(a, v, "wallclock_ms", s->ms);
}

static const struct val *
row(struct arena *a, const struct spent_state *s)
{
	struct val *v = val_map(a);

	val_set(a, v, "state", val_text(a, s->state));
	val_set(a, v, "loop", val_text(a, s->loop));
	number(a, v, "depth", s->depth);
	set_sums(a, v, &s->sum);
	return v;
}

const struct val *
ledger_val(struct arena *a, const struct ledger *l, size_t rows)
{
	struct val *v = val_map(a), *list = val_list(a), *all = val_map(a),
		   *rest = val_map(a);
	struct spent more = { 0 };

	if (!l->all.calls)
		return NULL;
	for (size_t i = 0; i < l->states.len; i++) {
		const struct spent_state *s = l->states.at[i];

		if (s->sum.calls && list->list.len < rows)
			val_push(a, list, row(a, s));
		else
			spent_add(&more, &s->sum);
	}
	if (more.calls) {
		val_set(a, rest, "state", val_null(a));
		set_sums(a, rest, &more);
		val_push(a, list, rest);
	}
	set_sums(a, all, &l->all);
	val_set(a, all, "has_unknown_model", val_bool(a, l->all.unpriced > 0));
	val_set(a, v, "states", list);
	val_set(a, v, "totals", all);
	return v;
}

const struct val *
spent_val(struct arena *a, const struct spent *s)
{
	struct val *v = val_map(a);

	set_sums(a, v, s);
	number(a, v, "cost", s->cost);
	number(a, v, "unpriced", s->unpriced);
	number(a, v, "priced", s->priced);
	number(a, v, "counted", s->counted);
	number(a, v, "reserved", s->reserved);
	number(a, v, "reserved_tokens", s->reserved_tokens);
	return v;
}

static const struct val *
open_val(struct arena *a, const struct spent_call *c)
{
	struct val *v = val_map(a);

	number(a, v, "number", c->number);
	number(a, v, "item", c->item);
	number(a, v, "depth", c->depth);
	val_set(a, v, "state", val_text(a, c->of->state));
	val_set(a, v, "alone", val_bool(a, c->alone));
	val_set(a, v, "told", spent_val(a, &c->told));
	return v;
}

static const struct val *
state_val(struct arena *a, const struct spent_state *s)
{
	struct val *v = val_map(a);

	val_set(a, v, "row", row(a, s));
	val_set(a, v, "sum", spent_val(a, &s->sum));
	val_set(a, v, "within", spent_val(a, &s->within));
	val_set(a, v, "warned", val_bool(a, s->warned));
	return v;
}

const struct val *
ledger_whole(struct arena *a, const struct ledger *l)
{
	struct val *v = val_map(a), *states = val_list(a), *open = val_list(a),
		   *led = val_list(a);

	for (size_t i = 0; i < l->states.len; i++)
		val_push(a, states, state_val(a, l->states.at[i]));
	for (size_t i = 0; i < l->open.len; i++)
		val_push(a, open, open_val(a, &l->open.at[i]));
	for (size_t i = 0; i < l->led.len; i++)
		val_push(a, led, val_text(a, l->led.at[i]));
	val_set(a, v, "all", spent_val(a, &l->all));
	val_set(a, v, "states", states);
	val_set(a, v, "open", open);
	number(a, v, "number", l->number);
	number(a, v, "steps", l->steps);
	number(a, v, "unmetered", l->unmetered);
	number(a, v, "untold", l->untold);
	number(a, v, "dearest", l->dearest);
	number(a, v, "longest", l->longest);
	val_set(a, v, "led", led);
	val_set(a, v, "reached",
	    l->reached ? val_text(a, l->reached) : val_null(a));
	val_set(a, v, "reached_of",
	    l->reached_of ? val_text(a, l->reached_of) : val_null(a));
	number(a, v, "level", l->level);
	val_set(a, v, "cuts", val_bool(a, l->cuts));
	return v;
}
