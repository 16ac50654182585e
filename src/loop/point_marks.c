/*
 * What a point keeps of markers and of the guards: what an action's output
 * asks of the run, the last hand-over, whether memory was short.
 */
#include <string.h>

#include "base/auto.h"
#include "loop/point_fold.h"
#include "text/marker.h"

/* LOOP_STOP is for the run, which goes on to the next turn first; the others
 * are acted on where the state would be left. */
void
fold_marker(struct point *p, struct frame *f, const struct event *e)
{
	const char *name = val_str(e->fields, "marker", NULL);
	enum marker m = name ? marker_of(name) : MARKERS;
	auto_arena a = ARENA_INIT;
	struct val *v;

	if (m == MARKER_STOP)
		p->parked = true;
	if (m == MARKER_STOP || m == MARKERS || !f)
		return;
	v = val_map(&a);
	val_set(&a, v, "marker", val_text(&a, name));
	val_set(&a, v, "text", val_get(e->fields, "marker_text"));
	box_set(&f->marker, v);
}

void
fold_handoff(struct point *p, const struct event *e)
{
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a);

	val_set(&a, v, "state", val_get(e->fields, "state"));
	val_set(&a, v, "continuation", val_get(e->fields, "continuation"));
	box_set(&p->handoff, v);
}

/* An item without a frame of its own counts for the one that has it. */
static struct frame *
guarded(struct point *p, const struct event *e)
{
	return fold_hand(p, e) ? point_fan(p) : fold_frame(p, e);
}

void
fold_host_pressure(struct point *p, const struct event *e)
{
	const struct val *critical = val_get(e->fields, "critical");
	struct frame *f = guarded(p, e);

	if (f && critical && critical->kind == VAL_BOOL && critical->b)
		f->pressed = true;
}

void
fold_host_relieved(struct point *p, const struct event *e)
{
	struct frame *f = guarded(p, e);

	if (f)
		f->pressed = false;
}

/* Where a resume goes on, if the loop says so. */
void
fold_host_abort(struct point *p, const struct event *e)
{
	const char *next = val_str(e->fields, "next", NULL);
	struct frame *f = fold_frame(p, e);

	if (f && next)
		fold_move(p, f, fold_field(e, "state"), next);
}

void
fold_host_rss(struct point *p, const struct event *e)
{
	struct frame *f = guarded(p, e);

	if (f)
		f->rss_kb = val_num(e->fields, "cumulative_kb", f->rss_kb);
}

void
fold_host_budget(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (f)
		f->rss_exceeded = true;
}
