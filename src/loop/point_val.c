/*
 * A point as a value: for `status`, and for the test that the fold over the
 * journal equals the live point at every record, byte for byte.
 */
#include <string.h>

#include "loop/point.h"

static const struct val *
text_or_null(struct arena *a, const char *s)
{
	return s ? val_text(a, s) : val_null(a);
}

static const struct val *
box_or_null(struct arena *a, const struct box *b)
{
	return b->v ? b->v : val_null(a);
}

/* A map's names are unique, and last as long as the point: nothing is looked
 * up or copied, for this is asked for at every record. */
static void
put(struct arena *a, struct val *out, const char *key, const struct val *v)
{
	val_add(a, out, (struct member) { .key = key, .v = v });
}

static const struct val *
counts(struct arena *a, const struct map *m)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < m->len; i++)
		put(a, out, m->at[i].key, val_int(a, m->at[i].count));
	return out;
}

static const struct val *
marks(struct arena *a, const struct map *m)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < m->len; i++) {
		struct val *mark = val_map(a);

		val_set(a, mark, "fingerprint", val_text(a, m->at[i].value));
		val_set(a, mark, "count", val_int(a, m->at[i].count));
		put(a, out, m->at[i].key, mark);
	}
	return out;
}

static struct val *
climb(struct arena *a, const struct climb *c)
{
	struct val *v = val_map(a);

	val_set(a, v, "shorts", val_int(a, c->shorts));
	val_set(a, v, "longs", val_int(a, c->longs));
	val_set(a, v, "errors", val_int(a, c->errors));
	val_set(a, v, "tries", val_int(a, c->tries));
	val_set(a, v, "waited_ms", val_int(a, c->waited_ms));
	return v;
}

static const struct val *
climbs(struct arena *a, const struct map *m)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < m->len; i++)
		put(a, out, m->at[i].key, climb(a, m->at[i].value));
	return out;
}

static const struct val *
ascents(struct arena *a, const struct map *m)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < m->len; i++) {
		const struct ascent *c = m->at[i].value;
		struct val *v = climb(a, &c->climb);

		val_set(a, v, "wait", box_or_null(a, &c->wait));
		put(a, out, m->at[i].key, v);
	}
	return out;
}

static const struct val *
captures(struct arena *a, const struct map *m)
{
	struct val *out = val_map(a);

	for (size_t i = 0; i < m->len; i++)
		put(a, out, m->at[i].key,
		    ((const struct box *)m->at[i].value)->v);
	return out;
}

static const struct val *
origins(struct arena *a, const struct val *context)
{
	struct val *out = val_map(a);

	for (size_t i = 0; context && i < context->map.len; i++)
		val_set(a, out, context->map.at[i].key,
		    val_text(a, origin_name(context->map.at[i].v->origin)));
	return out;
}

/* The results are shown in place. */
static const struct val *
fan_val(struct arena *a, const struct fan *fan)
{
	struct val *out = val_map(a), *results = val_list(a);

	results->list.at = fan->results.at;
	results->list.len = fan->results.len;
	val_set(a, out, "count", val_int(a, fan->count));
	val_set(a, out, "workers", val_int(a, fan->workers));
	val_set(a, out, "next", val_int(a, fan->next));
	val_set(a, out, "succeeded", val_int(a, fan->succeeded));
	val_set(a, out, "failed", val_int(a, fan->failed));
	val_set(a, out, "unfinished", val_int(a, fan->unfinished));
	val_set(a, out, "items", box_or_null(a, &fan->items));
	val_set(a, out, "items_at", box_or_null(a, &fan->items_at));
	val_set(a, out, "results", results);
	val_set(a, out, "ascents", ascents(a, &fan->ascents));
	return out;
}

/* What a frame has to do with others. */
static void
set_call(struct arena *a, struct val *out, const struct frame *f)
{
	val_set(a, out, "file", text_or_null(a, f->file));
	val_set(a, out, "word", text_or_null(a, f->word));
	val_set(a, out, "began_ms", val_int(a, f->began_ms));
	val_set(a, out, "timeout_ms", val_int(a, f->timeout_ms));
	val_set(a, out, "share", val_bool(a, f->share));
	val_set(a, out, "track_recurrent", val_bool(a, f->track_recurrent));
	val_set(a, out, "called", box_or_null(a, &f->called));
	val_set(a, out, "fan", f->fan ? fan_val(a, f->fan) : val_null(a));
	val_set(a, out, "worktree", f->worktree.v);
	val_set(a, out, "spent", spent_val(a, &f->spent));
	val_set(a, out, "all_steps", val_int(a, f->all_steps));
}

/* How far it is in its state. */
static void
set_step(struct arena *a, struct val *out, const struct frame *f)
{
	val_set(a, out, "doing", val_int(a, f->doing));
	val_set(a, out, "act", box_or_null(a, &f->act));
	val_set(a, out, "judging", box_or_null(a, &f->judging));
	val_set(a, out, "messaged", val_bool(a, f->messaged));
	val_set(a, out, "stalled", val_bool(a, f->stalled));
}

static const struct val *
frame_val(struct arena *a, const struct frame *f)
{
	struct val *out = val_map(a), *said = val_list(a);

	for (size_t i = 0; i < f->messages.len; i++)
		val_push(a, said, f->messages.at[i].v);
	val_set(a, out, "loop", val_text(a, f->loop));
	val_set(a, out, "state", val_text(a, f->state));
	val_set(a, out, "entered", val_bool(a, f->entered));
	val_set(a, out, "closing", val_bool(a, f->closing));
	val_set(a, out, "steps", val_int(a, f->steps));
	val_set(a, out, "passes", val_int(a, f->passes));
	val_set(a, out, "exit", val_int(a, f->exit));
	val_set(a, out, "captured", captures(a, &f->captured));
	val_set(a, out, "prev", box_or_null(a, &f->prev));
	val_set(a, out, "last", box_or_null(a, &f->last));
	val_set(a, out, "messages", said);
	val_set(a, out, "retries", counts(a, &f->retries));
	val_set(a, out, "throttles", counts(a, &f->throttles));
	val_set(a, out, "edges", counts(a, &f->edges));
	val_set(a, out, "recurrent", counts(a, &f->recurrent));
	val_set(a, out, "streak", text_or_null(a, f->streak.key));
	val_set(a, out, "streak_count", val_int(a, f->streak.count));
	val_set(a, out, "stalls", marks(a, &f->stalls));
	val_set(a, out, "progress", marks(a, &f->progress));
	val_set(a, out, "acted", text_or_null(a, f->acted));
	set_step(a, out, f);
	val_set(a, out, "climbing", val_int(a, f->climbing));
	val_set(a, out, "climbs", climbs(a, &f->climbs));
	val_set(a, out, "wait", box_or_null(a, &f->wait));
	val_set(a, out, "exhausted", val_int(a, f->exhausted));
	val_set(a, out, "marker", box_or_null(a, &f->marker));
	val_set(a, out, "pressed", val_bool(a, f->pressed));
	val_set(a, out, "rss_kb", val_int(a, f->rss_kb));
	val_set(a, out, "rss_exceeded", val_bool(a, f->rss_exceeded));
	val_set(a, out, "steps_summary", val_bool(a, f->steps_summary));
	val_set(a, out, "passes_summary", val_bool(a, f->passes_summary));
	val_set(a, out, "complete", val_bool(a, f->complete));
	val_set(a, out, "terminated_by", text_or_null(a, f->terminated_by));
	val_set(a, out, "final_state", text_or_null(a, f->final_state));
	val_set(a, out, "error", text_or_null(a, f->error));
	val_set(a, out, "failure", val_bool(a, f->failure));
	val_set(a, out, "started_at", val_text(a, f->started_at));
	val_set(a, out, "context", box_or_null(a, &f->context));
	val_set(a, out, "origins", origins(a, f->context.v));
	val_set(a, out, "files", box_or_null(a, &f->files));
	set_call(a, out, f);
	return out;
}

static const struct val *
lane_val(struct arena *a, const struct lane *l)
{
	struct val *out = val_map(a), *frames = val_list(a);

	for (size_t i = 0; i < l->frames.len; i++)
		val_push(a, frames, frame_val(a, l->frames.at[i]));
	val_set(a, out, "item", val_int(a, l->item));
	val_set(a, out, "base", val_int(a, l->base));
	val_set(a, out, "frames", frames);
	val_set(a, out, "doing", val_int(a, l->doing));
	val_set(a, out, "climbing", val_int(a, l->climbing));
	val_set(a, out, "result", box_or_null(a, &l->result));
	return out;
}

const struct val *
point_val(const struct point *p, struct arena *a)
{
	struct val *out = val_map(a), *lanes = val_list(a);

	for (size_t i = 0; i < p->lanes.len; i++)
		val_push(a, lanes, lane_val(a, &p->lanes.at[i]));
	val_set(a, out, "run", text_or_null(a, p->run));
	val_set(a, out, "phase", text_or_null(a, p->phase));
	val_set(a, out, "parked", val_bool(a, p->parked));
	val_set(a, out, "handoff", box_or_null(a, &p->handoff));
	val_set(a, out, "seq", val_int(a, p->seq));
	val_set(a, out, "started_us", val_int(a, p->started_us));
	val_set(a, out, "updated_us", val_int(a, p->updated_us));
	val_set(a, out, "active_ms", val_int(a, p->active_ms));
	val_set(a, out, "start", box_or_null(a, &p->start));
	val_set(a, out, "worktree", p->worktree.v);
	val_set(a, out, "inner_trees", val_int(a, p->inner_trees));
	val_set(a, out, "ledger", ledger_whole(a, &p->ledger));
	val_set(a, out, "lanes", lanes);
	val_set(a, out, "ended", val_bool(a, p->ended));
	val_set(a, out, "end", box_or_null(a, &p->end));
	return out;
}
