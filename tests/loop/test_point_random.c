/*
 * Runs that nobody wrote: well-formed ones, where every item must be counted
 * once, and ones that say anything of anything, which may change something or
 * nothing but never break the point.  The seeds are fixed.
 */
#include "loop/point.h"

#include <stdint.h>
#include <stdio.h>

#include "loop/point_rows.h"

struct dice {
	uint64_t at;
};

static long long
roll(struct dice *d, long long below)
{
	/* xorshift64*, Vigna */
	d->at ^= d->at >> 12;
	d->at ^= d->at << 25;
	d->at ^= d->at >> 27;
	return (long long)((d->at * 2685821657736338717ULL) >> 33) % below;
}

static void
set_num(struct arena *a, struct val *v, const char *key, long long n)
{
	val_set(a, v, key, val_int(a, n));
}

static void
set_text(struct arena *a, struct val *v, const char *key, const char *text)
{
	val_set(a, v, key, val_text(a, text));
}

static void
sum_holds(const struct val *capture)
{
	const struct val *results = val_get(capture, "results");
	long long n = val_num(capture, "attempted", -1);

	cr_assert_eq(n,
	    val_num(capture, "succeeded", -1) + val_num(capture, "failed", -1) +
		val_num(capture, "skipped", -1) +
		val_num(capture, "unfinished", -1));
	cr_assert_eq((long long)results->list.len, n);
	for (size_t i = 0; i < results->list.len; i++)
		cr_assert_eq(
		    val_num(results->list.at[i], "index", -1), (long long)i);
}

/* What holds after every event, whatever it was. */
static void
sound(const struct point *p)
{
	const struct frame *f = point_fan(p);
	const struct fan *fan = f ? f->fan : NULL;

	cr_assert_leq(p->lanes.len, POINT_LANES_MAX + 1);
	cr_assert(fan || p->lanes.len <= 1);
	for (size_t i = 0; i < p->lanes.len; i++) {
		const struct lane *l = &p->lanes.at[i];

		cr_assert_eq(l->item == -1, i == 0);
		cr_assert_eq(point_lane(p, l->item), l);
		cr_assert_leq(
		    l->base + (long long)l->frames.len, POINT_DEPTH_MAX + 2);
		for (size_t k = 0; k < l->frames.len; k++)
			cr_assert(
			    !l->frames.at[k]->fan || l->frames.at[k] == f);
	}
	if (!fan)
		return;
	cr_assert_eq((long long)fan->results.len, fan->next);
	cr_assert_leq(fan->next, fan->count);
	cr_assert_leq(fan->count, POINT_ITEMS_MAX);
	cr_assert_eq(fan->next,
	    fan->succeeded + fan->failed + fan->unfinished +
		(long long)p->lanes.len - 1);
}

static void
captures_sound(const struct point *p)
{
	const struct frame *f = point_bottom(p);

	for (size_t i = 0; f && i < f->captured.len; i++) {
		const struct box *b = f->captured.at[i].value;

		if (val_get(b->v, "results"))
			sum_holds(b->v);
	}
}

/* ---- anything of anything ---- */

static long long
any_number(struct dice *d)
{
	static const long long odd[] = { -1, 0, 1, 2, 3, 10000, 10001,
		1000000000000000000LL };

	return odd[roll(d, COUNT(odd))];
}

static const struct val *
any_value(struct arena *a, struct dice *d)
{
	static const char *const words[] = { "a", "b", "", "parallel", "failed",
		"unfinished", "succeeded", "yes", "\xff\xfe" };
	struct val *v;

	switch (roll(d, 8)) {
	case 0:
		return val_null(a);
	case 1:
		return val_bool(a, roll(d, 2));
	case 2:
		v = val_list(a);
		for (long long n = roll(d, 4); n > 0; n--)
			val_push(a, v, val_int(a, n));
		return v;
	case 3:
		v = val_map(a);
		set_text(a, v, "output", "x");
		return v;
	case 4:
	case 5:
		return val_int(a, any_number(d));
	default:
		return val_text(a, words[roll(d, COUNT(words))]);
	}
}

static void
any_event(struct arena *a, struct dice *d, struct event *ev)
{
	static const char *const keys[] = { "state", "count", "items",
		"items_file", "workers", "status", "loop", "context", "share",
		"verdict", "capture", "type", "from", "to", "output", "stderr",
		"exit_code", "from_seq", "terminated_by", "error", "initial" };
	struct val *fields = val_map(a);

	for (long long n = roll(d, 9); n > 0; n--)
		val_set(a, fields, keys[roll(d, COUNT(keys))], any_value(a, d));
	ev->kind = (enum event_kind)roll(d, EV_KINDS);
	ev->fields = fields;
	ev->item = roll(d, 2) ? -1 : any_number(d);
	ev->depth = roll(d, 4);
}

/* Mostly what can be meant, at the place where it can be. */
static void
likely_event(
    struct arena *a, struct dice *d, const struct point *p, struct event *ev)
{
	static const enum event_kind kinds[] = { EV_PARALLEL_START,
		EV_ITEM_START, EV_ITEM_START, EV_ITEM_COMPLETE, EV_LOOP_START,
		EV_LOOP_COMPLETE, EV_ACTION_COMPLETE, EV_EVALUATE };
	static const char *const ends[] = { "succeeded", "failed",
		"unfinished" };
	struct val *v = val_map(a);
	const struct lane *l = &p->lanes.at[roll(d, (long long)p->lanes.len)];
	const struct frame *f = point_fan(p);
	long long top = (long long)l->frames.len - 1;

	*ev = (struct event) { .kind = kinds[roll(d, COUNT(kinds))],
		.fields = v,
		.item = l->item,
		.depth = l->base + (top < 0 ? 0 : top) };
	if (ev->kind == EV_LOOP_START)
		ev->depth = l->base + top + 1;
	if (ev->kind == EV_ITEM_START) {
		ev->item = f ? f->fan->next : 0;
		ev->depth = (long long)p->lanes.at[0].frames.len - 1;
	}
	if (ev->kind == EV_ITEM_COMPLETE || (top < 0 && roll(d, 2)))
		ev->depth = l->base > 0 ? l->base - 1 : 0;
	set_text(a, v, "status", ends[roll(d, COUNT(ends))]);
	set_num(a, v, "count", roll(d, 12));
	set_text(a, v, "type", "parallel");
	set_text(a, v, "verdict", "yes");
	set_text(a, v, "output", "text");
	set_text(a, v, "capture", roll(d, 2) ? "c" : "d");
	val_set(a, v, "share", val_bool(a, roll(d, 2)));
}

static void
begin(struct fold_pair *pair)
{
	pair_lines(pair, RUN ENTER("a"));
}

TEST(point_random, nothing_breaks_it)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct fold_pair pair = FOLD_PAIR_INIT;
		struct dice d = { seed * 7919 };

		begin(&pair);
		for (int i = 0; i < 300; i++) {
			auto_arena a = ARENA_INIT;
			struct event ev = { 0 };

			if (roll(&d, 4))
				likely_event(&a, &d, &pair.live, &ev);
			else
				any_event(&a, &d, &ev);
			ev.seq = ++pair.seq;
			pair_apply(&pair, &ev);
			sound(&pair.live);
			if (i % 10 == 0)
				pair_same(&pair, "random");
		}
		captures_sound(&pair.live);
		pair_same(&pair, "random");
		pair_release(&pair);
	}
}

/* ---- well-formed ones ---- */

struct tally {
	long long ended[3], begun, n;
};

static void
say(struct fold_pair *pair, const char *event, long long item, struct arena *a,
    struct val *v)
{
	struct event ev = { .kind = event_kind_of(event),
		.seq = ++pair->seq,
		.fields = v ? v : val_map(a),
		.item = item };

	pair_apply(pair, &ev);
	sound(&pair->live);
}

static void
one_ends(struct fold_pair *pair, struct dice *d, struct tally *t)
{
	static const char *const ends[] = { "succeeded", "failed",
		"unfinished" };
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a), *end = val_map(&a);
	long long lanes = (long long)pair->live.lanes.len, how = roll(d, 3);
	long long item = pair->live.lanes.at[1 + roll(d, lanes - 1)].item;

	set_num(&a, v, "exit_code", how);
	set_text(&a, v, "output", "some\n");
	if (roll(d, 3))
		say(pair, "action_complete", item, &a, v);
	set_text(&a, end, "status", ends[how]);
	say(pair, "item_complete", item, &a, end);
	t->ended[how]++;
}

static void
whole_fan(struct fold_pair *pair, struct dice *d)
{
	auto_arena a = ARENA_INIT;
	struct tally t = { .n = roll(d, 60) };
	long long last = roll(d, 2) ? t.n : roll(d, t.n + 1);
	struct val *v = val_map(&a), *over = val_map(&a);
	const struct val *got;

	set_num(&a, v, "count", t.n);
	set_text(&a, v, "items_file", "f");
	say(pair, "parallel_start", -1, &a, v);
	while (t.begun < last || pair->live.lanes.len > 1)
		if (t.begun < last &&
		    (pair->live.lanes.len == 1 ||
			(pair->live.lanes.len < 9 && roll(d, 2))))
			say(pair, "item_start", t.begun++, &a, NULL);
		else
			one_ends(pair, d, &t);
	set_text(&a, over, "type", "parallel");
	set_text(&a, over, "verdict", "partial");
	say(pair, "evaluate", -1, &a, over);
	got = ((struct box *)map_get(&point_bottom(&pair->live)->captured, "a")
		   ->value)
		  ->v;
	sum_holds(got);
	cr_assert_eq(val_num(got, "attempted", -1), t.n);
	cr_assert_eq(val_num(got, "succeeded", -1), t.ended[0]);
	cr_assert_eq(val_num(got, "failed", -1), t.ended[1]);
	cr_assert_eq(val_num(got, "unfinished", -1), t.ended[2]);
	cr_assert_eq(val_num(got, "skipped", -1), t.n - last);
}

TEST(point_random, every_item_counts_once)
{
	for (uint64_t seed = 1; seed <= 30; seed++) {
		struct fold_pair pair = FOLD_PAIR_INIT;
		struct dice d = { seed * 104729 };

		begin(&pair);
		whole_fan(&pair, &d);
		whole_fan(&pair, &d);
		pair_same(&pair, "whole");
		pair_release(&pair);
	}
}
