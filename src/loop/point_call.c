/*
 * Loops that call loops: a frame is pushed when one begins and popped when it
 * is over, and leaves its captures with its caller.  The outermost frame of a
 * run stays, and so does that of an item until the item is complete.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "loop/point_fold.h"

static bool
field_true(const struct event *e, const char *key)
{
	const struct val *v = val_get(e->fields, key);

	return v && v->kind == VAL_BOOL && v->b;
}

/* The context at start, with the origin of each key put back. */
static void
context_set(struct frame *f, const struct val *fields)
{
	const struct val *context = val_get(fields, "context");
	const struct val *origins = val_get(fields, "origins");
	struct arena fresh = ARENA_INIT;
	struct val *map = val_map(&fresh);
	/* A journal is a file: a right sum does not make it one of ours. */
	size_t n = context && context->kind == VAL_MAP ? context->map.len : 0;

	for (size_t i = 0; i < n; i++) {
		const struct member *m = &context->map.at[i];
		const char *from = val_str(origins, m->key, "file");

		val_set(&fresh, map, m->key,
		    val_taint(&fresh, m->v, origin_of(from)));
	}
	arena_release(&f->context.mem);
	f->context.mem = fresh;
	f->context.v = map;
	box_set(&f->files, val_get(fields, "context_files"));
}

/* The lane a loop may begin in, at this depth; NULL: nowhere. */
static struct lane *
lane_for(struct point *p, const struct event *e)
{
	struct lane *l = point_lane(p, e->item);
	const struct frame *caller;

	if (!l && e->item == -1) {
		struct lane first = { .item = -1 };

		vec_push(&p->lanes, first);
		l = &p->lanes.at[p->lanes.len - 1];
	}
	if (!l || e->depth > POINT_DEPTH_MAX ||
	    e->depth - l->base != (long long)l->frames.len)
		return NULL;
	caller = lane_top(l);
	return caller && caller->fan ? NULL : l;
}

void
fold_loop_start(struct point *p, const struct event *e)
{
	struct lane *l = lane_for(p, e);
	const struct val *fields = e->depth == 0 ? p->start.v : e->fields;
	char iso[CLOCK_TEXT];
	struct frame *f;

	if (!l)
		return;
	f = frame_new();
	vec_push(&l->frames, f);
	f->began_seq = e->seq;
	fold_text(&f->loop, fold_field(e, "loop"));
	fold_text(&f->file, val_str(e->fields, "file", NULL));
	fold_text(&f->state, fold_field(e, "initial"));
	fold_text(&f->started_at, clock_iso(e->wall_us, iso));
	f->track_recurrent = val_num(e->fields, "recurrent", 0) > 0;
	f->timeout_ms = val_num(fields, "timeout_ms", -1);
	context_set(f, fields);
	if (e->depth == 0)
		return;
	fold_text(&f->word, val_str(e->fields, "word", NULL));
	f->began_ms = val_num(e->fields, "elapsed_ms", 0);
	f->share = field_true(e, "share");
	box_set(&f->worktree, val_get(e->fields, "worktree"));
}

/* What the caller sees under the name of the state that called. */
static void
hand_captures(struct frame *caller, const struct frame *f)
{
	struct arena fresh = ARENA_INIT;
	struct val *all = val_map(&fresh);

	for (size_t i = 0; f->share && i < f->captured.len; i++) {
		const struct box *b = f->captured.at[i].value;

		val_set(&fresh, all, f->captured.at[i].key,
		    point_pack(&fresh, b->v));
	}
	val_set(
	    &fresh, all, "terminated_by", val_text(&fresh, f->terminated_by));
	if (f->failure)
		val_set(
		    &fresh, all, "failure_terminal", val_bool(&fresh, true));
	if (f->error)
		val_set(&fresh, all, "error", val_text(&fresh, f->error));
	capture_take(caller, caller->state, &fresh, all);
}

/* What a loop said is made from the journal when it is asked for. */
static void
hand_events(struct frame *caller, const char *name, const struct event *e)
{
	long long from = val_num(e->fields, "from_seq", e->seq);
	struct arena fresh = ARENA_INIT;
	struct val *v = val_map(&fresh);

	val_set(&fresh, v, "events_from", val_int(&fresh, from));
	val_set(&fresh, v, "events_to", val_int(&fresh, e->seq));
	val_set(&fresh, v, "events_depth", val_int(&fresh, e->depth));
	if (e->item >= 0)
		val_set(&fresh, v, "events_item", val_int(&fresh, e->item));
	val_set(&fresh, v, "exit_code", val_null(&fresh));
	val_set(
	    &fresh, v, "verdict", val_text(&fresh, fold_field(e, "verdict")));
	capture_take(caller, name, &fresh, v);
}

static void
hand_back(struct frame *caller, const struct frame *f, const struct event *e)
{
	const char *name = val_str(e->fields, "capture", NULL);
	struct arena fresh = ARENA_INIT;
	struct val *called = val_map(&fresh);

	map_put(&caller->throttles, caller->state)->count++;
	hand_captures(caller, f);
	if (name)
		hand_events(caller, name, e);
	val_set(&fresh, called, "terminated_by",
	    val_text(&fresh, f->terminated_by));
	val_set(&fresh, called, "verdict",
	    val_text(&fresh, fold_field(e, "verdict")));
	box_take(&caller->called, &fresh, called);
}

/* What the run's own loop, or an item's, came to is for the record after it;
 * any other ends for its caller, and only the innermost can. */
void
fold_loop_complete(struct point *p, const struct event *e)
{
	struct lane *l = point_lane(p, e->item);
	struct frame *f = fold_frame(p, e);

	if (!f || (e->depth > l->base && f != lane_top(l)))
		return;
	f->complete = true;
	ledger_leave(&p->ledger, f->began_seq);
	f->failure = field_true(e, "failure_terminal");
	fold_text(&f->terminated_by, fold_field(e, "terminated_by"));
	fold_text(&f->final_state, fold_field(e, "final_state"));
	fold_text(&f->error, val_str(e->fields, "error", NULL));
	if (e->depth == l->base)
		return;
	fold_fan_drop(p, f);
	/* And with it what a limit cut short. */
	p->ledger.cuts = false;
	hand_back(l->frames.at[l->frames.len - 2], f, e);
	l->frames.len--;
	frame_free(f);
}
