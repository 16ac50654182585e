/*
 * A day's sum over journals.  Reads what runs write while they write it;
 * writes nothing but an empty lock file.
 */
#include "store/day.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/path.h"
#include "os/flk.h"
#include "store/runs.h"

#define LOCK ".purse.lock"

enum { PATIENCE_MS = 5000, TRY_EVERY_MS = 2 };

static long long
day_began(void)
{
	time_t now = (time_t)(clock_wall_us() / 1000000);
	struct tm tm;

	if (!localtime_r(&now, &tm))
		return 0;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	return (long long)mktime(&tm) * 1000000;
}

/* ---- one journal ---- */

struct reading {
	struct day_run *run;
	long long from_us;
};

static long long
amount(const struct val *fields, const char *key)
{
	long long n = val_num(fields, key, 0);

	return n > 0 ? n : 0;
}

static void
reserve(struct reading *r, const struct event *ev)
{
	struct day_call c = { .number = val_num(ev->fields, "call", 0),
		.charged = amount(ev->fields, "cost_micro_usd"),
		.today = ev->wall_us >= r->from_us };

	vec_push(&r->run->open, c);
	if (!c.today)
		return;
	r->run->calls++;
	r->run->cost += c.charged;
}

/* What a call came to beyond what it was charged; what was set aside on
 * another day and not used is that day's. */
static void
charge(struct reading *r, struct day_call *c, const struct event *ev)
{
	static const char *const tokens[] = { "input_tokens", "output_tokens",
		"cache_read_tokens", "cache_creation_tokens" };
	long long cost = amount(ev->fields, "cost_micro_usd"), n = 0;
	bool today = ev->wall_us >= r->from_us;

	for (size_t i = 0; i < COUNT(tokens); i++)
		n += amount(ev->fields, tokens[i]);
	if (today && (cost > c->charged || c->today))
		r->run->cost += cost - c->charged;
	if (today)
		r->run->tokens += n - c->tokens;
	c->charged = cost;
	c->tokens = n;
}

static bool
is_true(const struct val *fields, const char *key, bool otherwise)
{
	const struct val *v = val_get(fields, key);

	return v && v->kind == VAL_BOOL ? v->b : otherwise;
}

static void
settle(struct reading *r, const struct event *ev)
{
	long long number = val_num(ev->fields, "call", 0);
	bool partial = is_true(ev->fields, "partial", false);

	for (size_t i = 0; i < r->run->open.len; i++) {
		struct day_call *c = &r->run->open.at[i];

		if (c->number != number)
			continue;
		/* It may still use what was set aside. */
		if (!partial ||
		    amount(ev->fields, "cost_micro_usd") > c->charged)
			charge(r, c, ev);
		if (!partial && ev->wall_us >= r->from_us)
			r->run->unpriced +=
			    !is_true(ev->fields, "metered", true);
		if (!partial)
			*c = r->run->open.at[--r->run->open.len];
		return;
	}
}

static int
hear(void *self, const struct event *ev, struct err *e)
{
	(void)e;
	if (ev->kind == EV_LIMIT_RESERVE)
		reserve(self, ev);
	else if (ev->kind == EV_LIMIT_SETTLE)
		settle(self, ev);
	return 0;
}

/* ---- all of them ---- */

static struct day_run *
run_of(struct day *d, const char *run)
{
	struct day_run *r;

	for (size_t i = 0; i < d->runs.len; i++)
		if (strcmp(d->runs.at[i]->run, run) == 0)
			return d->runs.at[i];
	r = mem_new(sizeof(*r));
	r->run = mem_strdup(run);
	vec_push(&d->runs, r);
	return r;
}

/* Has it been written to today, and since we read it? */
static bool
is_new(const struct day *d, const struct place_run *p, const char *run)
{
	struct stat st;

	if (stat(p->journal, &st) < 0 ||
	    (long long)st.st_mtim.tv_sec < d->from_us / 1000000)
		return false;
	for (size_t i = 0; i < d->runs.len; i++)
		if (strcmp(d->runs.at[i]->run, run) == 0)
			return st.st_size != d->runs.at[i]->at.bytes;
	return true;
}

static void
forget(struct day *d)
{
	for (size_t i = 0; i < d->runs.len; i++) {
		free(d->runs.at[i]->run);
		vec_release(&d->runs.at[i]->open);
		free(d->runs.at[i]);
	}
	vec_release(&d->runs);
}

int
day_read(struct day *d, const char *root, struct err *e)
{
	auto_arena a = ARENA_INIT;
	long long from = day_began();
	struct run_names all;

	if (from != d->from_us)
		forget(d);
	d->from_us = from;
	if (runs_list(&a, root, NULL, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		struct err ignored = ERR_INIT;
		struct reading r = { .from_us = from };
		struct place_run p;

		place_of(&a, root, all.at[i], &p);
		if (!is_new(d, &p, all.at[i]))
			continue;
		r.run = run_of(d, all.at[i]);
		(void)runs_follow(
		    &a, root, all.at[i], hear, &r, &r.run->at, &ignored);
	}
	return 0;
}

long long
day_sum(const struct day *d)
{
	long long sum = 0;

	for (size_t i = 0; i < d->runs.len; i++)
		if (__builtin_add_overflow(sum, d->runs.at[i]->cost, &sum))
			return d->runs.at[i]->cost;
	return sum;
}

static int
take_lock(struct day *d, const char *root, struct err *e)
{
	auto_arena a = ARENA_INIT;
	const char *path = path_join(&a, place_runs(&a, root), LOCK);
	long long until = clock_ms() + PATIENCE_MS;
	int got = 0;

	d->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (d->lock < 0)
		return err_sys(e, "open %s", path);
	while ((got = flk_try(d->lock, e)) == 0 && clock_ms() < until)
		poll(NULL, 0, TRY_EVERY_MS);
	return got < 0 ? -1 : 0;
}

int
day_open(struct day *d, const char *root, long long *sum, struct err *e)
{
	if (take_lock(d, root, e) < 0 || day_read(d, root, e) < 0) {
		day_shut(d);
		return -1;
	}
	*sum = day_sum(d);
	return 0;
}

void
day_shut(struct day *d)
{
	if (d->lock >= 0)
		close(d->lock);
	d->lock = -1;
}

void
day_release(struct day *d)
{
	day_shut(d);
	forget(d);
}
