/*
 * Where a run stands.  point_apply() is a table of small folds, one per kind
 * of event; nothing else writes to a point.  Values live in boxes with an
 * arena each, so that a run of 100,000 steps does not grow.
 */
#include "loop/point_fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"

void
fold_text(char **slot, const char *text)
{
	char *copy = mem_strdup(text);

	free(*slot);
	*slot = copy;
}

void
box_set(struct box *b, const struct val *v)
{
	struct arena fresh = ARENA_INIT;
	const struct val *copy = v ? val_copy(&fresh, v) : NULL;

	arena_release(&b->mem);
	b->mem = fresh;
	b->v = copy;
}

void
box_release(struct box *b)
{
	arena_release(&b->mem);
	b->v = NULL;
}

static struct frame *
frame_new(void)
{
	struct frame *f = mem_new(sizeof(*f));

	f->loop = mem_strdup("");
	f->state = mem_strdup("");
	f->started_at = mem_strdup("");
	return f;
}

static void
frame_free(struct frame *f)
{
	for (size_t i = 0; i < f->captured.len; i++) {
		box_release(f->captured.at[i].value);
		free(f->captured.at[i].value);
	}
	map_release(&f->captured);
	map_release(&f->retries);
	map_release(&f->throttles);
	map_release(&f->edges);
	map_release(&f->recurrent);
	marks_release(&f->stalls);
	marks_release(&f->progress);
	free(f->acted);
	for (size_t i = 0; i < f->messages.len; i++)
		box_release(&f->messages.at[i]);
	vec_release(&f->messages);
	box_release(&f->prev);
	box_release(&f->last);
	box_release(&f->context);
	box_release(&f->files);
	free(f->streak.key);
	free(f->loop);
	free(f->state);
	free(f->terminated_by);
	free(f->final_state);
	free(f->error);
	free(f->started_at);
	free(f);
}

void
point_release(struct point *p)
{
	for (size_t i = 0; i < p->lanes.len; i++) {
		struct lane *l = &p->lanes.at[i];

		for (size_t k = 0; k < l->frames.len; k++)
			frame_free(l->frames.at[k]);
		vec_release(&l->frames);
	}
	vec_release(&p->lanes);
	box_release(&p->start);
	box_release(&p->end);
	free(p->run);
	free(p->phase);
	*p = (struct point)POINT_INIT;
}

struct lane *
point_lane(const struct point *p, long long item)
{
	for (size_t i = 0; i < p->lanes.len; i++)
		if (p->lanes.at[i].item == item)
			return &p->lanes.at[i];
	return NULL;
}

/* The frame an event speaks of; NULL when it is not there. */
struct frame *
fold_frame(struct point *p, const struct event *e)
{
	struct lane *l = point_lane(p, e->item);

	if (!l || e->depth < 0 || (size_t)e->depth >= l->frames.len)
		return NULL;
	return l->frames.at[e->depth];
}

struct frame *
lane_top(const struct lane *l)
{
	return l->frames.len ? l->frames.at[l->frames.len - 1] : NULL;
}

struct frame *
point_top(const struct point *p)
{
	return p->lanes.len ? lane_top(&p->lanes.at[0]) : NULL;
}

struct frame *
point_fan(const struct point *p)
{
	struct frame *f = point_top(p);

	return f && f->fan ? f : NULL;
}

struct frame *
point_bottom(const struct point *p)
{
	if (!p->lanes.len || !p->lanes.at[0].frames.len)
		return NULL;
	return p->lanes.at[0].frames.at[0];
}

const char *
fold_field(const struct event *e, const char *key)
{
	return val_str(e->fields, key, "");
}

/* ---- one fold per kind of event ---- */

static void
on_run_start(struct point *p, const struct event *e)
{
	fold_text(&p->run, fold_field(e, "run"));
	fold_text(&p->phase, "running");
	box_set(&p->start, e->fields);
	p->started_us = e->wall_us;
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

static void
on_loop_start(struct point *p, const struct event *e)
{
	struct lane *l = point_lane(p, e->item);
	char iso[CLOCK_TEXT];
	struct frame *f;

	if (!l) {
		struct lane fresh = { .item = e->item };

		vec_push(&p->lanes, fresh);
		l = &p->lanes.at[p->lanes.len - 1];
	}
	if (e->depth != (long long)l->frames.len)
		return;
	f = frame_new();
	vec_push(&l->frames, f);
	fold_text(&f->loop, fold_field(e, "loop"));
	fold_text(&f->state, fold_field(e, "initial"));
	fold_text(&f->started_at, clock_iso(e->wall_us, iso));
	f->track_recurrent = val_num(e->fields, "recurrent", 0) > 0;
	context_set(f, e->depth == 0 ? p->start.v : e->fields);
}

static void
on_state_enter(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	fold_text(&f->state, fold_field(e, "state"));
	fold_text(&p->phase, "running");
	f->entered = true;
	f->steps = val_num(e->fields, "iteration", f->steps);
	f->exit = 0;
	f->closing = f->steps_summary || f->passes_summary;
	p->active_ms = val_num(e->fields, "elapsed_ms", p->active_ms);
}

/* Leave `from` for `to`: what counts in a row starts again elsewhere. */
static void
move(struct frame *f, const char *from, const char *to)
{
	if (strcmp(from, to) == 0) {
		map_put(&f->retries, to)->count++;
	} else {
		map_drop(&f->retries, from);
		map_drop(&f->throttles, from);
	}
	fold_text(&f->state, to);
	f->entered = false;
}

static void
on_route(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const char *from = fold_field(e, "from"), *to = fold_field(e, "to");
	auto_str edge = STR_INIT;

	if (!f)
		return;
	if (strcmp(fold_field(e, "reason"), "maintain") == 0) {
		f->passes++;
	} else {
		str_addf(&edge, "%s->%s", from, to);
		map_put(&f->edges, edge.buf)->count++;
	}
	move(f, from, to);
}

static void
on_retry_exhausted(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	map_drop(&f->retries, fold_field(e, "state"));
	move(f, fold_field(e, "state"), fold_field(e, "next"));
}

static void
on_retry_backoff(struct point *p, const struct event *e)
{
	(void)e;
	fold_text(&p->phase, "waiting");
}

static void
on_stall_detected(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	fold_text(&f->streak.key, NULL);
	f->streak.count = 0;
}

static void
on_steps_summary(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	f->steps_summary = true;
	move(f, f->state, fold_field(e, "summary_state"));
}

static void
on_passes_summary(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	f->passes_summary = true;
	move(f, f->state, fold_field(e, "summary_state"));
}

static void
on_loop_complete(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const struct val *failure = val_get(e->fields, "failure_terminal");

	if (!f)
		return;
	f->complete = true;
	f->failure = failure && failure->kind == VAL_BOOL && failure->b;
	fold_text(&f->terminated_by, fold_field(e, "terminated_by"));
	fold_text(&f->final_state, fold_field(e, "final_state"));
	fold_text(&f->error, val_str(e->fields, "error", NULL));
}

static void
on_phase(struct point *p, const struct event *e)
{
	fold_text(&p->phase, fold_field(e, "phase"));
}

static void
on_run_end(struct point *p, const struct event *e)
{
	p->ended = true;
	fold_text(&p->phase, "ended");
	box_set(&p->end, e->fields);
	p->active_ms = val_num(e->fields, "active_ms", p->active_ms);
}

/* clang-format off */
static void (*const fold[EV_KINDS])(struct point *, const struct event *) = {
	[EV_RUN_START]              = on_run_start,
	[EV_PHASE]                  = on_phase,
	[EV_RUN_END]                = on_run_end,
	[EV_LOOP_START]             = on_loop_start,
	[EV_STATE_ENTER]            = on_state_enter,
	[EV_ROUTE]                  = on_route,
	[EV_ACTION_START]           = fold_action_start,
	[EV_ACTION_COMPLETE]        = fold_action_complete,
	[EV_EVALUATE]               = fold_evaluate,
	[EV_MESSAGES_APPEND]        = fold_messages_append,
	[EV_RETRY_EXHAUSTED]        = on_retry_exhausted,
	[EV_RETRY_BACKOFF]          = on_retry_backoff,
	[EV_STALL_DETECTED]         = on_stall_detected,
	[EV_MAX_STEPS_SUMMARY]      = on_steps_summary,
	[EV_MAX_ITERATIONS_SUMMARY] = on_passes_summary,
	[EV_LOOP_COMPLETE]          = on_loop_complete,
};
/* clang-format on */

void
point_apply(struct point *p, const struct event *e)
{
	p->updated_us = e->wall_us;
	p->seq = e->seq;
	if (e->kind < EV_KINDS && fold[e->kind])
		fold[e->kind](p, e);
}
