/*
 * What a point is made of: boxes, frames, lanes; made, found and freed.
 */
#include <stdlib.h>
#include <string.h>

#include "loop/point_fold.h"

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

void
box_take(struct box *b, struct arena *mem, const struct val *v)
{
	arena_release(&b->mem);
	b->mem = *mem;
	b->v = v;
	*mem = (struct arena)ARENA_INIT;
}

struct frame *
frame_new(void)
{
	struct frame *f = mem_new(sizeof(*f));

	f->timeout_ms = -1;
	f->loop = mem_strdup("");
	f->state = mem_strdup("");
	f->started_at = mem_strdup("");
	return f;
}

static void
fan_free(struct fan *fan)
{
	if (!fan)
		return;
	box_release(&fan->items);
	box_release(&fan->items_at);
	vec_release(&fan->results);
	ascents_release(&fan->ascents);
	arena_release(&fan->mem);
	free(fan);
}

void
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
	climbs_release(&f->climbs);
	box_release(&f->wait);
	marks_release(&f->stalls);
	marks_release(&f->progress);
	free(f->acted);
	box_release(&f->act);
	box_release(&f->marker);
	box_release(&f->judging);
	for (size_t i = 0; i < f->messages.len; i++)
		box_release(&f->messages.at[i]);
	vec_release(&f->messages);
	box_release(&f->prev);
	box_release(&f->last);
	box_release(&f->context);
	box_release(&f->files);
	box_release(&f->called);
	box_release(&f->worktree);
	fan_free(f->fan);
	free(f->file);
	free(f->word);
	free(f->streak.key);
	free(f->loop);
	free(f->state);
	free(f->terminated_by);
	free(f->final_state);
	free(f->error);
	free(f->started_at);
	free(f);
}

static void
lane_release(struct lane *l)
{
	for (size_t k = 0; k < l->frames.len; k++)
		frame_free(l->frames.at[k]);
	vec_release(&l->frames);
	box_release(&l->result);
}

void
lane_drop(struct point *p, struct lane *l)
{
	size_t after = (size_t)(p->lanes.at + p->lanes.len - (l + 1));

	lane_release(l);
	memmove(l, l + 1, after * sizeof(*l));
	p->lanes.len--;
}

void
fold_fan_drop(struct point *p, struct frame *f)
{
	if (!f->fan)
		return;
	while (p->lanes.len > 1)
		lane_drop(p, &p->lanes.at[p->lanes.len - 1]);
	fan_free(f->fan);
	f->fan = NULL;
}

void
point_release(struct point *p)
{
	for (size_t i = 0; i < p->lanes.len; i++)
		lane_release(&p->lanes.at[i]);
	vec_release(&p->lanes);
	box_release(&p->start);
	box_release(&p->end);
	box_release(&p->worktree);
	box_release(&p->handoff);
	ledger_release(&p->ledger);
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

struct frame *
fold_frame(struct point *p, const struct event *e)
{
	struct lane *l = point_lane(p, e->item);
	long long at = l ? e->depth - l->base : -1;

	if (at < 0 || (size_t)at >= l->frames.len)
		return NULL;
	return l->frames.at[at];
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
