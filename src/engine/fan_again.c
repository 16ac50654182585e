/*
 * Items of a run that is resumed.  What ran when it ended has no end on
 * record: it is told as unfinished and begun again, or, where the state may
 * not be executed again, as failed.  A command that did not run, because it
 * waited or was over, goes on where it was.
 */
#include <string.h>

#include "base/auto.h"
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

static bool
is_final(const struct state *s)
{
	return s->once || s->fails_interrupted;
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

/* Its worker is gone. */
static int
close_lane(
    struct run *r, const struct state *s, const struct lane *l, struct err *e)
{
	struct worker *own = r->worker;
	struct worker *w = worker_new(r, l->item);
	struct val *f = val_map(&w->mem);
	int rc;

	w->base = l->base;
	r->worker = w;
	val_set(&w->mem, f, "status",
	    val_text(&w->mem, is_final(s) ? "failed" : "unfinished"));
	val_set(&w->mem, f, "kind", val_text(&w->mem, "interrupted"));
	rc = run_emit_at(r, l->base - 1, EV_ITEM_COMPLETE, f, e);
	r->worker = own;
	worker_free(w);
	return rc;
}

static void
seat(struct run *r, const struct lane *l)
{
	struct worker *own = r->worker;

	fan_seat(r, worker_new(r, l->item));
	r->worker = own;
}

static int
take_lanes(struct run *r, const struct state *s, struct err *e)
{
	for (size_t i = 1; i < r->point.lanes.len;) {
		const struct lane *l = &r->point.lanes.at[i];

		if (!is_cut(s, l))
			seat(r, &r->point.lanes.at[i++]);
		else if (close_lane(r, s, l, e) < 0)
			return -1;
	}
	return 0;
}

int
fan_again(struct run *r, const struct state *s, struct err *e)
{
	arena_release(&r->fan.mem);
	r->fan = (struct fan_items) { .mem = ARENA_INIT };
	r->fan.list = items_again(r, s, e);
	if (!r->fan.list || take_lanes(r, s, e) < 0)
		return -1;
	r->fan.closing = s->fan.fail_fast && run_frame(r)->fan->failed > 0;
	r->worker->waits = WORKER_FANS;
	return 1;
}
