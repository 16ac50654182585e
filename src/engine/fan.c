/*
 * Items and their workers.  The point knows which items were begun and how
 * they ended; here is who does them.  Every item has one result, whatever
 * happens to it; what is ended with us is recorded as unfinished or, when the
 * whole run is interrupted, not at all, so that a resume does it again.
 */
#include "engine/fan.h"

#include <string.h>

#include "base/auto.h"
#include "engine/call.h"
#include "engine/item_end.h"
#include "engine/items.h"
#include "engine/spend.h"

static struct worker *
own(const struct run *r)
{
	return r->workers.at[0];
}

static struct fan *
fan_of(const struct run *r)
{
	return run_frame_of(own(r))->fan;
}

static const struct state *
state_of(const struct run *r)
{
	const struct worker *w = own(r);

	return loop_state(run_level_of(w)->loop, run_frame_of(w)->state);
}

int
fan_begin(struct run *r, const struct state *s, struct err *e)
{
	struct err why = ERR_INIT;
	struct act *act = &r->worker->act;
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);

	arena_release(&r->fan.mem);
	r->fan = (struct fan_items) { .mem = ARENA_INIT };
	r->fan.list = items_of(r, s, &r->fan.mem, &why);
	if (r->worker->item >= 0) {
		r->fan.list = NULL;
		err_set(&why, ERR_INPUT,
		    "a 'parallel' cannot stand inside another");
	}
	if (!r->fan.list) {
		if (why.kind == ERR_IO) {
			*e = why;
			return -1;
		}
		act->end = ACT_RAISED;
		act->kind = "items";
		act->error = arena_strdup(a, why.msg);
		return 0;
	}
	val_set(a, f, "state", val_text(a, s->name));
	val_set(a, f, "count", val_int(a, (long long)r->fan.list->list.len));
	val_set(a, f, "workers", val_int(a, s->fan.max_workers));
	if (run_put(r, f, "items", r->fan.list, e) < 0)
		return -1;
	return run_emit(r, EV_PARALLEL_START, f, e);
}

/* ---- the end of an item ---- */

/* The cause when it ends the others too: what bounds them all is used up. */
static const char *
ends_all(const struct run *r)
{
	const struct worker *w = r->worker;

	if (spend_is_hit(r) && w->hit.level <= worker_depth(own(r)))
		return w->hit.cause;
	if (w->fin.class != CLASS_NONE)
		return w->fin.cause;
	if (w->act.end == ACT_FULL ||
	    (w->fin.cause && strcmp(w->fin.cause, "disk_limit") == 0))
		return "disk_limit";
	return w->fin.all && !spend_is_hit(r) ? w->fin.cause : NULL;
}

static void
cancel_others(struct run *r)
{
	r->fan.closing = true;
	for (size_t i = 1; i < r->workers.len; i++) {
		struct worker *w = r->workers.at[i];

		if (w->waits == WORKER_ACTS) {
			r->actor.cancel(r->actor.self, w->slot);
		} else if (w->waits != WORKER_OVER) {
			w->waits = WORKER_OVER;
			w->fin = (struct finish) { .cause = "cancelled" };
		}
	}
}

/* A command that waits for its turn loses nothing when it ends with the run:
 * it is resumed where it is. */
static void
spare_waiters(struct run *r)
{
	for (size_t i = 1; i < r->workers.len; i++) {
		struct worker *w = r->workers.at[i];

		if (worker_is_hand(w) && !w->fin.cause &&
		    (w->waits == WORKER_RESTS || w->waits == WORKER_GOES)) {
			w->waits = WORKER_OVER;
			w->fin = (struct finish) { .cause = "cancelled" };
		}
	}
}

/* Those that run go on to their end, unless they must not. */
static void
end_others(struct run *r, const char *cause)
{
	const struct worker *w = r->worker;
	/* What an earlier step of its loop failed by is gone with that step. */
	const char *why = w->fin.cause ? w->fin.error : w->act.error;
	bool waits = strcmp(cause, "handoff") == 0 ||
	    strcmp(cause, "host_pressure") == 0;

	r->fan.cause = cause;
	if (why || !waits)
		r->fan.error = arena_strdup(&r->fan.mem, why ? why : cause);
	r->fan.all = w->fin.all;
	r->fan.failure = w->fin.failure;
	r->fan.closing = true;
	if (w->fin.class != CLASS_NONE) {
		r->fan.refused = w->fin;
		spare_waiters(r);
		return;
	}
	if (spend_is_hit(r)) {
		spend_inherit(r, w);
		waits = w->hit.then != EFFECT_STOP;
	}
	if (!waits)
		cancel_others(r);
}

static int
record(struct run *r, const struct item_end *x, struct err *e)
{
	struct worker *w = r->worker;
	struct arena *a = run_mem(r);
	struct val *f = val_map(a);
	const struct frame *first;

	if (w->levels.len) {
		struct val *end = val_map(a);

		first = point_lane(&r->point, w->item)->frames.at[0];
		call_complete(r, first, &w->fin, end);
		if (run_emit_at(r, w->base, EV_LOOP_COMPLETE, end, e) < 0)
			return -1;
		val_set(a, f, "final_state", val_get(end, "final_state"));
	}
	val_set(a, f, "status", val_text(a, x->status));
	if (x->coded)
		val_set(a, f, "exit_code", val_int(a, x->code));
	if (x->cause)
		val_set(a, f, "terminated_by", val_text(a, x->cause));
	if (x->kind)
		val_set(a, f, "kind", val_text(a, x->kind));
	if (x->error)
		val_set(a, f, "error", val_text(a, x->error));
	return run_emit_at(r, w->base - 1, EV_ITEM_COMPLETE, f, e);
}

static int
item_over(struct run *r, struct err *e)
{
	struct item_end x = item_end(r);
	const char *cause;

	if (!x.status) {
		r->fan.closing = true;
		r->fan.cause = "interrupted";
		return 0;
	}
	cause = ends_all(r);
	if (cause)
		x.status = "unfinished";
	if (cause && !r->fan.cause)
		end_others(r, cause);
	if (record(r, &x, e) < 0)
		return -1;
	if (state_of(r)->fan.fail_fast && strcmp(x.status, "failed") == 0)
		cancel_others(r);
	return 0;
}

/* ---- the beginning of one ---- */

static size_t
free_slot(const struct run *r)
{
	size_t slot = 1;

	for (size_t i = 1; i < r->workers.len; i++)
		if (r->workers.at[i]->slot == slot) {
			slot++;
			i = 0;
		}
	return slot;
}

/* First those that an earlier try of this run left unfinished. */
static long long
next_item(struct run *r)
{
	const struct fan *f = fan_of(r);
	size_t *at = &r->fan.looked;

	while (*at < f->results.len &&
	    strcmp(val_str(f->results.at[*at], "status", ""), "unfinished"))
		++*at;
	return *at < f->results.len ? (long long)*at : f->next;
}

void
fan_seat(struct run *r, struct worker *w)
{
	w->slot = free_slot(r);
	w->base = worker_depth(own(r)) + 1;
	w->value = r->fan.list->list.at[w->item];
	vec_push(&r->workers, w);
	r->worker = w;
}

static int
item_begin(struct run *r, const struct state *s, struct err *e)
{
	struct worker *w = worker_new(r, next_item(r));
	struct val *f = val_map(run_mem(r));

	fan_seat(r, w);
	val_set(&w->mem, f, "state", val_text(&w->mem, s->name));
	if (!fan_of(r)->items.v)
		val_set(&w->mem, f, "label", item_label(r, w->value));
	if (run_emit_at(r, w->base - 1, EV_ITEM_START, f, e) < 0)
		return -1;
	if (s->call.word && call_begin(r, s, e) < 0)
		return -1;
	w->waits = w->act.end == ACT_RAISED ? WORKER_OVER : WORKER_GOES;
	return 0;
}

static struct worker **
find_over(const struct run *r)
{
	for (size_t i = 1; i < r->workers.len; i++)
		if (r->workers.at[i]->waits == WORKER_OVER)
			return &r->workers.at[i];
	return NULL;
}

/* A worker that is over makes room for the next.  The end of one may be the
 * end of others. */
static int
let_go(struct run *r, struct err *e)
{
	struct worker **at;

	while ((at = find_over(r))) {
		int rc;

		r->worker = *at;
		rc = item_over(r, e);
		*at = r->workers.at[--r->workers.len];
		worker_free(r->worker);
		r->worker = own(r);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static bool
may_begin(struct run *r)
{
	const struct fan *f = fan_of(r);

	r->worker = own(r);
	if (run_stop_asked(r)) {
		r->fan.closing = true;
		r->fan.cause = "interrupted";
	}
	if (run_is_late(r))
		r->fan.closing = true;
	if (r->point.parked && !r->fan.closing && next_item(r) < f->count) {
		r->fan.closing = true;
		r->fan.cause = "stopped_by_marker";
	}
	return !r->fan.closing && next_item(r) < f->count &&
	    (long long)r->workers.len - 1 < f->workers;
}

int
fan_turn(struct run *r, struct err *e)
{
	const struct state *s = state_of(r);

	do {
		if (let_go(r, e) < 0)
			return -1;
		while (may_begin(r)) {
			arena_reset(run_mem(r));
			if (item_begin(r, s, e) < 0)
				return -1;
		}
	} while (find_over(r));
	r->worker = own(r);
	return r->workers.len == 1;
}
