/*
 * Workers at work: each takes turns until it has to wait, and then all of
 * them sleep in one poll until a child has ended, somebody has rested, or a
 * signal came.
 */
#include "engine/work.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "engine/call.h"
#include "engine/fan.h"
#include "engine/step.h"

enum {
	LEFT_IN_RECORD = 32, /* processes in one record of left_behind */
};

static void
put(struct run *r, struct val *f, const char *key, const struct val *v)
{
	val_set(run_mem(r), f, key, v);
}

static int
note_left(struct run *r, struct err *e)
{
	const struct val *all = NULL;
	size_t at = 0;

	if (r->sweep.news)
		all = r->sweep.news(r->sweep.self, run_mem(r));
	while (all && at < all->list.len) {
		struct val *v = val_map(run_mem(r)),
			   *part = val_list(run_mem(r));

		do
			val_push(run_mem(r), part, all->list.at[at++]);
		while (at < all->list.len && at % LEFT_IN_RECORD);
		put(r, v, "processes", part);
		if (run_emit(r, EV_LEFT_BEHIND, v, e) < 0)
			return -1;
	}
	return 0;
}

/* What ends a frame ends those below it too: they are still there when the
 * run is resumed. */
static bool
ends_all(const struct finish *fin)
{
	static const char *const causes[] = { "interrupted", "disk_limit",
		"cancelled", "stopped_by_marker" };

	if (fin->all)
		return true;

	for (size_t i = 0; i < COUNT(causes); i++)
		if (strcmp(causes[i], fin->cause) == 0)
			return true;
	return false;
}

/*
 * A step, or the loop that it called, is over (rc 0), goes on later (1) or
 * could not be recorded.  The end of a frame is the end of its caller's
 * step, and so on down to the one that goes on.
 */
static int
stepped(struct run *r, int rc, struct finish *fin, struct err *e)
{
	struct worker *w = r->worker;
	long long ms;

	while (rc == 0 && fin->cause && w->levels.len > 1 && !ends_all(fin)) {
		if (call_end(r, fin, e) < 0)
			return -1;
		w->rested = false;
		rc = step_called(r, fin, e);
	}
	if (rc)
		return rc < 0 ? -1 : 0;
	if (fin->cause) {
		w->fin = *fin;
		w->waits = WORKER_OVER;
		return 0;
	}
	ms = run_backoff_ms(r);
	if (ms > 0)
		run_rest(r, ms);
	return 0;
}

/* A turn, or what was left of a step when its worker began to rest. */
static int
go(struct run *r, struct finish *fin, struct err *e)
{
	worker_then *then = r->worker->then;

	r->worker->then = NULL;
	*fin = (struct finish) { 0 };
	if (then)
		return then(r, fin, e);
	return worker_is_hand(r->worker) ? step_item(r, fin, e)
					 : work_turn(r, fin, e);
}

/* The worker goes on until it has to wait. */
static int
go_on(struct run *r, struct err *e)
{
	struct finish fin;

	while (r->worker->waits == WORKER_GOES) {
		arena_reset(run_mem(r));
		if (stepped(r, go(r, &fin, e), &fin, e) < 0)
			return -1;
		if (r->worker->item < 0 && r->worker->waits != WORKER_ACTS &&
		    note_left(r, e) < 0)
			return -1;
	}
	return 0;
}

/* Its child has ended. */
static int
acted(struct run *r, const struct outcome *outcome, struct err *e)
{
	struct finish fin;
	int rc;

	r->worker->waits = WORKER_GOES;
	rc = worker_is_hand(r->worker) ? step_item_acted(r, outcome, &fin, e)
				       : step_acted(r, outcome, &fin, e);
	if (stepped(r, rc, &fin, e) < 0)
		return -1;
	/* A judge may run now, which is nothing that was left behind. */
	return r->worker->item < 0 && r->worker->waits != WORKER_ACTS
	    ? note_left(r, e)
	    : 0;
}

static int
fan(struct run *r, struct err *e)
{
	struct finish fin;
	int over = fan_turn(r, e);

	if (over <= 0)
		return over;
	r->worker->waits = WORKER_GOES;
	arena_reset(run_mem(r));
	if (stepped(r, step_fanned(r, &fin, e), &fin, e) < 0)
		return -1;
	return note_left(r, e);
}

/* Everybody who waits for nothing goes on. */
static int
go_all(struct run *r, struct err *e)
{
	for (size_t i = 0; i < r->workers.len; i++) {
		r->worker = r->workers.at[i];
		if (go_on(r, e) < 0)
			return -1;
	}
	r->worker = r->workers.at[0];
	return r->worker->waits == WORKER_FANS ? fan(r, e) : 0;
}

/* When the first of those that rest goes on, and whether anybody does so
 * right away. */
static long long
next_until(const struct run *r, bool *at_once)
{
	long long until = -1;

	*at_once = false;
	for (size_t i = 0; i < r->workers.len; i++) {
		const struct worker *w = r->workers.at[i];

		*at_once |= w->waits == WORKER_GOES || w->waits == WORKER_OVER;
		if (w->waits == WORKER_RESTS && (until < 0 || w->until < until))
			until = w->until;
	}
	return until;
}

static void
wake(struct run *r)
{
	bool stop = run_stop_asked(r);

	for (size_t i = 0; i < r->workers.len; i++) {
		struct worker *w = r->workers.at[i];

		if (w->waits == WORKER_RESTS &&
		    (stop || clock_boot_ms() >= w->until))
			w->waits = WORKER_GOES;
	}
}

/* Sleep until a child has ended or somebody has rested; what is unsynced
 * becomes durable before a rest. */
static int
wait(struct run *r, struct err *e)
{
	bool at_once;
	long long until = next_until(r, &at_once);
	struct outcome outcome;
	size_t slot;
	int got;

	if (at_once)
		return 0;
	if (until >= 0 && r->vault.settle(r->vault.self, e) < 0)
		return -1;
	got = r->actor.wait(r->actor.self, until, &slot, &outcome, e);
	if (got < 0)
		return -1;
	wake(r);
	for (size_t i = 0; got && i < r->workers.len; i++)
		if (r->workers.at[i]->slot == slot &&
		    r->workers.at[i]->waits == WORKER_ACTS) {
			r->worker = r->workers.at[i];
			return acted(r, &outcome, e);
		}
	return 0;
}

/* A run that is resumed stands in the middle of a state. */
static int
go_again(struct run *r, struct err *e)
{
	const struct frame *f = run_frame(r);
	struct finish fin;

	if (!f || !f->entered || (f->wait.v && !f->climbing))
		return 0;
	if (stepped(r, step_again(r, &fin, e), &fin, e) < 0)
		return -1;
	return r->worker->waits == WORKER_GOES ? note_left(r, e) : 0;
}

int
work(struct run *r, struct finish *fin, struct err *e)
{
	struct worker *w = r->workers.at[0];

	if (go_again(r, e) < 0)
		return -1;
	while (w->waits != WORKER_OVER) {
		if (go_all(r, e) < 0)
			return -1;
		if (w->waits != WORKER_OVER && wait(r, e) < 0)
			return -1;
	}
	*fin = w->fin;
	return 0;
}
