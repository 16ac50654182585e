/*
 * A day's sum over journals.  Reads what runs write while they write it;
 * writes two empty lock files, and a line for each run that is removed.
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
#include "store/day_part.h"
#include "store/runs.h"

#define LOCK ".purse.lock"
#define ALONE ".purse.alone"

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
	long long least = amount(ev->fields, "tokens");
	bool today = ev->wall_us >= r->from_us;

	for (size_t i = 0; i < COUNT(tokens); i++)
		n += amount(ev->fields, tokens[i]);
	n = n < least ? least : n;
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
judge(struct day_run *r, const struct event *ev)
{
	long long cost = amount(ev->fields, "cost_micro_usd");

	r->unpriced += !is_true(ev->fields, "metered", true);
	if (is_true(ev->fields, "metered", false) && cost > r->dearest)
		r->dearest = cost;
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
			judge(r->run, ev);
		/* It could not be started, so it was none. */
		if (!partial && c->today &&
		    !is_true(ev->fields, "started", true))
			r->run->calls--;
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

struct day_run *
day_row(struct day *d, const char *run)
{
	struct day_run *r;

	for (size_t i = 0; i < d->runs.len; i++)
		if (strcmp(d->runs.at[i]->run, run) == 0)
			return d->runs.at[i];
	r = mem_new(sizeof(*r));
	r->run = mem_strdup(run);
	r->dearest = -1;
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

static void
follow(struct day *d, struct arena *a, const char *root, const char *run)
{
	struct reading r = { .from_us = d->from_us };
	struct err ignored = ERR_INIT;
	struct place_run p;

	place_of(a, root, run, &p);
	if (!is_new(d, &p, run))
		return;
	r.run = day_row(d, run);
	(void)runs_follow(a, root, run, hear, &r, &r.run->at, &ignored);
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
	for (size_t i = 0; i < all.n; i++)
		follow(d, &a, root, all.at[i]);
	return day_gone_read(d, root, e);
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
open_lock(const char *root, const char *name, struct err *e)
{
	auto_arena a = ARENA_INIT;
	const char *path = path_join(&a, place_runs(&a, root), name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		err_sys(e, "open %s", path);
	return fd;
}

static long long
dearest_of(const struct day *d)
{
	long long most = -1;

	for (size_t i = 0; i < d->runs.len; i++)
		if (d->runs.at[i]->dearest > most)
			most = d->runs.at[i]->dearest;
	return most;
}

/* 1; 0: somebody has it. */
static int
take_lock(struct day *d, const char *root, struct err *e)
{
	int got;

	d->lock = open_lock(root, LOCK, e);
	if (d->lock < 0)
		return -1;
	got = flk_try(d->lock, e);
	if (got <= 0)
		day_shut(d);
	return got;
}

static int
look(struct day *d, const char *root, struct day_seen *out, struct err *e)
{
	auto_fd int fd = -1;
	int alone = 0;

	if (day_read(d, root, e) < 0)
		return -1;
	if (d->alone < 0) {
		fd = open_lock(root, ALONE, e);
		alone = fd < 0 ? -1 : flk_held(fd, e);
	}
	if (alone < 0)
		return -1;
	*out = (struct day_seen) { day_sum(d), dearest_of(d), alone };
	return 1;
}

int
day_open(struct day *d, const char *root, struct day_seen *out, struct err *e)
{
	int got = take_lock(d, root, e);

	if (got > 0)
		got = look(d, root, out, e);
	if (got < 0)
		day_shut(d);
	return got;
}

void
day_shut(struct day *d)
{
	if (d->lock >= 0)
		close(d->lock);
	d->lock = -1;
}

int
day_alone(struct day *d, const char *root, struct err *e)
{
	auto_fd int fd = open_lock(root, ALONE, e);
	int got = fd < 0 ? -1 : flk_try(fd, e);

	if (got == 0)
		return err_set(e, ERR_INTERNAL,
		    "'" ALONE "' was taken while the purse was open");
	if (got < 0)
		return -1;
	day_together(d);
	d->alone = take_fd(&fd);
	return 0;
}

void
day_together(struct day *d)
{
	if (d->alone >= 0)
		close(d->alone);
	d->alone = -1;
}

static int
await_lock(struct day *d, const char *root, struct err *e)
{
	long long until = clock_ms() + PATIENCE_MS;
	int got;

	while ((got = take_lock(d, root, e)) == 0 && clock_ms() < until)
		poll(NULL, 0, TRY_EVERY_MS);
	if (got == 0)
		return err_set(e, ERR_IO,
		    "another run keeps the accounts of the project (" LOCK
		    ") open");
	return got < 0 ? -1 : 0;
}

int
day_keep(const char *root, const char *run, struct err *e)
{
	auto_arena a = ARENA_INIT;
	struct day d = DAY_INIT;
	int rc = 0;

	d.from_us = day_began();
	follow(&d, &a, root, run);
	if (d.runs.len && d.runs.at[0]->calls) {
		rc = await_lock(&d, root, e);
		if (rc == 0)
			rc = day_gone_write(&d, root, e);
	}
	day_release(&d);
	return rc;
}

void
day_release(struct day *d)
{
	day_shut(d);
	day_together(d);
	forget(d);
}
