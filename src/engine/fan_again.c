/*
 * Items of a run that is resumed.  What ran when it ended has no end on
 * record.  A loop goes on where it stood; a command is told as unfinished and
 * begun again, or, where the state may not be executed again, as failed.  A
 * command that did not run, because it waited or was over, goes on where it
 * was.
 */
#include <string.h>

#include "base/auto.h"
#include "engine/call.h"
#include "engine/fan.h"
#include "engine/items.h"
#include "engine/vars.h"
#include "text/json.h"

/* The list as it was; what the record has masked is made anew. */
static const struct val *
items_again(struct run *r, const struct state *s, struct err *e)
{
	const struct fan *f = run_frame(r)->fan;
	const struct val *list = NULL;
	struct arena *a = &r->fan.mem;

	if (r->mask)
		list = items_of(r, s, a, e);
	else if (f->items.v)
		list = val_taint(a, f->items.v, ORIGIN_DATA);
	else if (f->items_at.v)
		list = vars_items(r, f->items_at.v, a, e);
	else
		err_set(e, ERR_INPUT, "the items of '%s' are not on record",
		    s->name);
	if (!list)
		return NULL;
	if (list->kind != VAL_LIST || (long long)list->list.len != f->count) {
		err_set(e, ERR_INPUT,
		    "the items of '%s' are not what they were", s->name);
		return NULL;
	}
	return list;
}

/* A loop, or a command that runs. */
static bool
is_cut(const struct state *s, const struct lane *l)
{
	return s->call.word || l->doing == DOING_ACT;
}

bool
fan_was_cut(const struct run *r, const struct state *s)
{
	for (size_t i = 1; i < r->point.lanes.len; i++)
		if (is_cut(s, &r->point.lanes.at[i]))
			return true;
	return false;
}

/* How it is told: status, and kind or NULL. */
struct closing {
	const char *status, *kind;
};

/* A loop whose end is on record has ended; it is not done again. */
static struct closing
closing_of(const struct state *s, const struct lane *l)
{
	const struct frame *f = l->frames.len ? l->frames.at[0] : NULL;
	const char *by = f && f->complete ? f->terminated_by : "";

	if (strcmp(by, "terminal") == 0)
		return (struct closing) { f->failure ? "failed" : "succeeded",
			NULL };
	return (struct closing) {
		s->once || s->fails_interrupted ? "failed" : "unfinished",
		"interrupted"
	};
}

static int
close_lane(
    struct run *r, const struct state *s, const struct lane *l, struct err *e)
{
	struct worker *own = r->worker, *w = worker_new(r, l->item);
	struct closing x = closing_of(s, l);
	struct val *f = val_map(&w->mem);
	int rc;

	w->base = l->base;
	r->worker = w;
	val_set(&w->mem, f, "status", val_text(&w->mem, x.status));
	if (x.kind)
		val_set(&w->mem, f, "kind", val_text(&w->mem, x.kind));
	rc = run_emit_at(r, l->base - 1, EV_ITEM_COMPLETE, f, e);
	r->worker = own;
	worker_free(w);
	return rc;
}

/* A worker for an item that is in the middle of its loop: 1; 0: one of its
 * loops was changed and has not the state any more. */
static int
take_loop(struct run *r, const struct lane *l, struct err *e)
{
	struct worker *own = r->worker, *w = worker_new(r, l->item);
	int rc = 1;

	fan_seat(r, w);
	for (size_t i = 0; rc > 0 && i < l->frames.len; i++)
		if (call_again(r, l->frames.at[i], e) < 0)
			rc = -1;
		else if (!loop_state(run_loop(r), l->frames.at[i]->state))
			rc = 0;
	r->worker = own;
	if (rc == 0) {
		r->workers.len--;
		worker_free(w);
	}
	return rc;
}

/* 1: it has a worker again; 0: it has none. */
static int
take_lane(
    struct run *r, const struct state *s, const struct lane *l, struct err *e)
{
	struct worker *own = r->worker;

	if (!is_cut(s, l)) {
		fan_seat(r, worker_new(r, l->item));
		r->worker = own;
		return 1;
	}
	if (!s->call.word || !l->frames.len || l->frames.at[0]->complete ||
	    r->fan.closing || s->once || s->fails_interrupted)
		return 0;
	return take_loop(r, l, e);
}

/* A lane that is closed is gone, and the next is in its place. */
static int
take_lanes(struct run *r, const struct state *s, struct err *e)
{
	size_t i = 1;

	while (i < r->point.lanes.len) {
		const struct lane *l = &r->point.lanes.at[i];
		int taken = take_lane(r, s, l, e);

		if (taken < 0 || (!taken && close_lane(r, s, l, e) < 0))
			return -1;
		i += (size_t)taken;
	}
	return 0;
}

int
fan_again(struct run *r, const struct state *s, struct err *e)
{
	arena_release(&r->fan.mem);
	r->fan = (struct fan_items) { .mem = ARENA_INIT };
	r->fan.list = items_again(r, s, e);
	if (!r->fan.list)
		return -1;
	r->fan.closing = s->fan.fail_fast && run_frame(r)->fan->failed > 0;
	if (take_lanes(r, s, e) < 0)
		return -1;
	r->worker->waits = WORKER_FANS;
	return 1;
}
