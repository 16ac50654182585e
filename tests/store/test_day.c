/* What runs have spent today, from journals that grow. */
#include "store/day.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "store/runs.h"
#include "store/journal_bed.h"

#define DAY_US (24 * 3600 * 1000000LL)

struct room {
	struct arena mem;
	const char *root;
	struct day day;
	long long now_us;
};

static void
open_room(struct room *r)
{
	*r = (struct room) { .mem = ARENA_INIT, .day = DAY_INIT };
	r->root = fresh(&r->mem);
	r->now_us = clock_wall_us();
}

static void
close_room(struct room *r)
{
	auto_str rm = STR_INIT;

	day_release(&r->day);
	str_addf(&rm, "rm -rf %s", r->root);
	cr_assert_eq(system(rm.buf), 0);
	arena_release(&r->mem);
}

/* A run of its own, with its first record. */
static struct journal *
run_new(struct room *r)
{
	const struct run_spec spec = { .loop_name = "x",
		.loop_file = "x.yaml",
		.version = "0",
		.cwd = "/",
		.inputs = val_map(&r->mem) };
	struct err e = ERR_INIT;
	struct place_run p;
	struct unsynced base;
	struct journal *j;
	uint64_t seed;
	struct event first = make(&r->mem, 1, EV_RUN_START);

	cr_assert_eq(
	    place_create(&r->mem, r->root, "x", &p, &e), 0, "%s", e.msg);
	cr_assert_eq(place_furnish(&p, &e), 0);
	cr_assert_eq(
	    runs_seal(&r->mem, &p, &spec, &seed, &base, &e), 0, "%s", e.msg);
	j = journal_create(p.journal, seed, false, &e);
	cr_assert_not_null(j, "%s", e.msg);
	cr_assert_eq(journal_append(j, &first, &e), 0, "%s", e.msg);
	return j;
}

struct note {
	long long seq;
	enum event_kind kind;
	long long call, cost; /* cost -1: not told */
	long long ago_us;
	bool partial, unpriced;
};

static void
write_note(struct room *r, struct journal *j, const struct note *n)
{
	struct val *f = val_map(&r->mem);
	struct err e = ERR_INIT;
	struct event ev = { .kind = n->kind,
		.seq = n->seq,
		.wall_us = r->now_us - n->ago_us,
		.fields = f,
		.item = -1 };

	val_set(&r->mem, f, "call", val_int(&r->mem, n->call));
	val_set(&r->mem, f, "input_tokens", val_int(&r->mem, 2));
	if (n->cost >= 0)
		val_set(
		    &r->mem, f, "cost_micro_usd", val_int(&r->mem, n->cost));
	if (n->partial)
		val_set(&r->mem, f, "partial", val_bool(&r->mem, true));
	if (n->unpriced)
		val_set(&r->mem, f, "metered", val_bool(&r->mem, false));
	cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
}

static long long
sum(struct room *r)
{
	struct err e = ERR_INIT;

	cr_assert_eq(day_read(&r->day, r->root, &e), 0, "%s", e.msg);
	return day_sum(&r->day);
}

TEST(day, grows_with_the_journals)
{
	struct room r;
	struct journal *one, *two;

	open_room(&r);
	cr_expect_eq(sum(&r), 0);
	one = run_new(&r);
	two = run_new(&r);
	cr_expect_eq(sum(&r), 0);
	write_note(&r, one,
	    &(struct note) {
		.seq = 2, .kind = EV_LIMIT_RESERVE, .call = 1, .cost = 10 });
	cr_expect_eq(sum(&r), 10, "what is set aside counts");
	write_note(&r, two,
	    &(struct note) {
		.seq = 2, .kind = EV_LIMIT_RESERVE, .call = 1, .cost = 5 });
	write_note(&r, one,
	    &(struct note) { .seq = 3,
		.kind = EV_LIMIT_SETTLE,
		.call = 1,
		.cost = 4,
		.partial = true });
	cr_expect_eq(sum(&r), 15, "a part uses it up");
	write_note(&r, one,
	    &(struct note) { .seq = 4,
		.kind = EV_LIMIT_SETTLE,
		.call = 1,
		.cost = 30,
		.partial = true });
	cr_expect_eq(sum(&r), 35);
	write_note(&r, one,
	    &(struct note) {
		.seq = 5, .kind = EV_LIMIT_SETTLE, .call = 1, .cost = 31 });
	write_note(&r, two,
	    &(struct note) {
		.seq = 3, .kind = EV_LIMIT_SETTLE, .call = 1, .cost = 2 });
	cr_expect_eq(sum(&r), 33);
	cr_expect_eq(sum(&r), 33, "nothing is read twice");
	write_note(&r, two,
	    &(struct note) {
		.seq = 4, .kind = EV_LIMIT_RESERVE, .call = 2, .cost = 0 });
	write_note(&r, two,
	    &(struct note) { .seq = 5,
		.kind = EV_LIMIT_SETTLE,
		.call = 2,
		.cost = -1,
		.unpriced = true });
	cr_expect_eq(sum(&r), 33);
	cr_expect_eq(
	    r.day.runs.at[0]->unpriced + r.day.runs.at[1]->unpriced, 1);
	cr_expect_eq(r.day.runs.at[0]->tokens + r.day.runs.at[1]->tokens, 6);
	journal_free(one);
	journal_free(two);
	close_room(&r);
}

TEST(day, yesterday_is_over)
{
	struct room r;
	struct journal *j;

	open_room(&r);
	j = run_new(&r);
	write_note(&r, j,
	    &(struct note) { .seq = 2,
		.kind = EV_LIMIT_RESERVE,
		.call = 1,
		.cost = 10,
		.ago_us = DAY_US });
	write_note(&r, j,
	    &(struct note) { .seq = 3,
		.kind = EV_LIMIT_SETTLE,
		.call = 1,
		.cost = 70,
		.ago_us = DAY_US });
	cr_expect_eq(sum(&r), 0);
	write_note(&r, j,
	    &(struct note) { .seq = 4,
		.kind = EV_LIMIT_RESERVE,
		.call = 2,
		.cost = 10,
		.ago_us = DAY_US });
	write_note(&r, j,
	    &(struct note) {
		.seq = 5, .kind = EV_LIMIT_SETTLE, .call = 2, .cost = 15 });
	cr_expect_eq(sum(&r), 5, "today it came to more");
	write_note(&r, j,
	    &(struct note) { .seq = 6,
		.kind = EV_LIMIT_RESERVE,
		.call = 3,
		.cost = 10,
		.ago_us = DAY_US });
	write_note(&r, j,
	    &(struct note) {
		.seq = 7, .kind = EV_LIMIT_SETTLE, .call = 3, .cost = 1 });
	cr_expect_eq(sum(&r), 5, "what was not used was yesterday's");
	journal_free(j);
	close_room(&r);
}

TEST(day, the_purse_is_one_hands)
{
	struct day other = DAY_INIT;
	struct err e = ERR_INIT;
	struct room r;
	struct journal *j;
	struct day_seen seen = { -1, 0, true };

	open_room(&r);
	j = run_new(&r);
	write_note(&r, j,
	    &(struct note) {
		.seq = 2, .kind = EV_LIMIT_RESERVE, .call = 1, .cost = 10 });
	cr_assert_eq(day_open(&r.day, r.root, &seen, &e), 1, "%s", e.msg);
	cr_expect_eq(seen.sum, 10);
	cr_expect_eq(seen.dearest, -1);
	cr_expect(!seen.alone);
	cr_expect_eq(day_open(&other, r.root, &seen, &e), 0, "%s", e.msg);
	cr_assert_eq(day_alone(&r.day, r.root, &e), 0, "%s", e.msg);
	day_shut(&r.day);
	cr_assert_eq(day_open(&other, r.root, &seen, &e), 1, "%s", e.msg);
	cr_expect_eq(seen.sum, 10);
	cr_expect(seen.alone);
	cr_expect_lt(day_alone(&other, r.root, &e), 0, "one has it");
	day_shut(&other);
	cr_assert_eq(day_open(&r.day, r.root, &seen, &e), 1, "%s", e.msg);
	cr_expect(!seen.alone, "it is ours");
	day_shut(&r.day);
	day_together(&r.day);
	cr_assert_eq(day_open(&other, r.root, &seen, &e), 1, "%s", e.msg);
	cr_expect(!seen.alone);
	day_release(&other);
	journal_free(j);
	close_room(&r);
}

static void
spend_cent(struct room *r, struct journal *j)
{
	write_note(r, j,
	    &(struct note) {
		.seq = 2, .kind = EV_LIMIT_RESERVE, .call = 1, .cost = 10 });
	write_note(r, j,
	    &(struct note) {
		.seq = 3, .kind = EV_LIMIT_SETTLE, .call = 1, .cost = 7 });
}

/* Like prune: the first run that is there. */
static void
remove_run(struct room *r, bool keeps)
{
	struct run_names all;
	struct err e = ERR_INIT;
	struct place_run p;
	auto_str rm = STR_INIT;

	cr_assert_eq(runs_list(&r->mem, r->root, NULL, &all, &e), 0);
	cr_assert_gt(all.n, 0);
	place_of(&r->mem, r->root, all.at[0], &p);
	if (keeps)
		cr_assert_eq(day_keep(r->root, all.at[0], &e), 0, "%s", e.msg);
	str_addf(&rm, "rm -rf %s", p.dir);
	cr_assert_eq(system(rm.buf), 0);
}

static long long
sum_anew(struct room *r)
{
	day_release(&r->day);
	return sum(r);
}

TEST(day, runs_that_are_removed_have_spent_all_the_same)
{
	auto_str torn = STR_INIT;
	struct room r;

	open_room(&r);
	for (int i = 0; i < 2; i++) {
		struct journal *j = run_new(&r);

		spend_cent(&r, j);
		journal_free(j);
	}
	cr_expect_eq(sum_anew(&r), 14);
	remove_run(&r, true);
	cr_expect_eq(sum(&r), 14, "who has read it counts it once");
	cr_expect_eq(sum_anew(&r), 14);
	cr_expect_eq(r.day.runs.len, 2);
	str_addf(&torn, "printf '1 x' >>%s/.spent", place_runs(&r.mem, r.root));
	cr_assert_eq(system(torn.buf), 0);
	remove_run(&r, true);
	cr_expect_eq(sum_anew(&r), 14);
	close_room(&r);
}

TEST(day, what_is_noted_of_a_run_that_is_there_is_not_counted_twice)
{
	struct run_names all;
	struct err e = ERR_INIT;
	struct journal *j;
	struct room r;

	open_room(&r);
	j = run_new(&r);
	spend_cent(&r, j);
	journal_free(j);
	cr_assert_eq(runs_list(&r.mem, r.root, NULL, &all, &e), 0);
	cr_assert_eq(day_keep(r.root, all.at[0], &e), 0, "%s", e.msg);
	cr_expect_eq(sum_anew(&r), 7);
	close_room(&r);
}
