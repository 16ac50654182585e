/*
 * `parallel`: items begin and end, and what is left of each is one small
 * record.  The records of a fan share one arena, which becomes the capture's
 * when the fan is over: 10,000 of them are never copied.  Every item counts
 * exactly once, whatever order a journal claims.
 */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "loop/point_fold.h"

enum { WORKERS_MAX = POINT_LANES_MAX };

/* clang-format off */
#define WORD(w) { .kind = VAL_TEXT, .t = { w, sizeof(w) - 1 } }

/* How an item can end; the words are those of its record. */
static const struct status {
	struct val word;
	size_t counter;
} statuses[] = {
	{ WORD("succeeded"), offsetof(struct fan, succeeded) },
	{ WORD("failed"), offsetof(struct fan, failed) },
	{ WORD("unfinished"), offsetof(struct fan, unfinished) },
};
/* clang-format on */

static const struct val skipped = WORD("skipped");

static const struct status *
status_of(const char *word)
{
	for (size_t i = 0; word && i < COUNT(statuses); i++)
		if (strcmp(statuses[i].word.t.p, word) == 0)
			return &statuses[i];
	return NULL;
}

static void
count(struct fan *fan, const struct status *s)
{
	++*(long long *)((char *)fan + s->counter);
}

/* ---- the beginning ---- */

static bool
items_fit(const struct val *items, long long n)
{
	return !items ||
	    (items->kind == VAL_LIST && (long long)items->list.len == n);
}

void
fold_parallel_start(struct point *p, const struct event *e)
{
	static const char *const parts[] = { "items_file", "items_bytes",
		"items_sum" };
	struct frame *f = e->item == -1 ? fold_frame(p, e) : NULL;
	const struct val *items = val_get(e->fields, "items");
	long long n = val_num(e->fields, "count", -1);
	long long workers = val_num(e->fields, "workers", 1);
	auto_arena a = ARENA_INIT;
	struct val *at = val_map(&a);

	if (!f || f->fan || f != point_top(p) ||
	    strcmp(val_str(e->fields, "state", f->state), f->state) != 0 ||
	    n < 0 || n > POINT_ITEMS_MAX || workers < 0 ||
	    workers > WORKERS_MAX || !items_fit(items, n))
		return;
	f->fan = mem_new(sizeof(*f->fan));
	f->fan->count = n;
	f->fan->workers = workers;
	for (size_t i = 0; i < COUNT(parts); i++)
		val_set(&a, at, parts[i], val_get(e->fields, parts[i]));
	if (items)
		box_set(&f->fan->items, items);
	else
		box_set(&f->fan->items_at, at);
}

/* A started item is not started again, but one that was cut short may be. */
static bool
may_start(const struct fan *fan, long long item)
{
	const struct val *old;

	if (item < 0 || item >= fan->count || item > fan->next)
		return false;
	if (item == fan->next)
		return true;
	old = fan->results.at[item];
	return strcmp(val_str(old, "status", ""), "unfinished") == 0;
}

void
fold_item_start(struct point *p, const struct event *e)
{
	struct frame *f = point_fan(p);
	struct lane fresh = { .item = e->item, .base = e->depth + 1 };
	struct fan *fan;

	if (!f || (size_t)e->depth + 1 != p->lanes.at[0].frames.len ||
	    p->lanes.len > POINT_LANES_MAX || !may_start(f->fan, e->item))
		return;
	fan = f->fan;
	if (e->item == fan->next) {
		vec_push(&fan->results, &point_null);
		fan->next++;
	} else {
		fan->results.at[e->item] = &point_null;
		fan->unfinished--;
	}
	vec_push(&p->lanes, fresh);
}

/* ---- the end of one ---- */

enum { RECORD_MAX = 24 };

struct record {
	struct arena *mem;
	struct member at[RECORD_MAX];
	size_t n;
};

static void
add(struct record *r, const char *key, const struct val *v)
{
	if (v)
		r->at[r->n++] = (struct member) { .key = key, .v = v };
}

static const struct val *
record_val(const struct record *r)
{
	struct val *v = arena_new(r->mem, sizeof(*v));

	v->kind = VAL_MAP;
	v->map.at = arena_new(r->mem, r->n * sizeof(*r->at));
	v->map.len = r->n;
	memcpy(v->map.at, r->at, r->n * sizeof(*r->at));
	return v;
}

/* What an item's own loop captured. */
static const struct val *
captures_of(struct arena *mem, const struct frame *f)
{
	struct val *all;

	if (!f || !f->captured.len)
		return NULL;
	all = arena_new(mem, sizeof(*all));
	all->kind = VAL_MAP;
	all->map.at = arena_new(mem, f->captured.len * sizeof(*all->map.at));
	for (size_t i = 0; i < f->captured.len; i++) {
		const struct map_entry *m = &f->captured.at[i];

		all->map.at[all->map.len++] = (struct member) {
			.key = arena_strdup(mem, m->key),
			.v = point_light(mem, ((struct box *)m->value)->v),
		};
	}
	return all;
}

static const struct val *
text_or_none(struct arena *a, const char *text)
{
	return text ? val_text(a, text) : NULL;
}

/* A member of the end record, else of the command's end, else (its own loop
 * was it) what that loop came to. */
static const struct val *
told(struct arena *a, const struct lane *l, const struct event *e,
    const char *key)
{
	const struct frame *f = l->frames.len ? l->frames.at[0] : NULL;
	const struct val *v = val_get(e->fields, key);

	if (!v)
		v = val_get(l->result.v, key);
	if (v)
		return point_light(a, v);
	if (f && strcmp(key, "terminated_by") == 0)
		return text_or_none(a, f->terminated_by);
	if (f && strcmp(key, "error") == 0)
		return text_or_none(a, f->error);
	return NULL;
}

void
fold_item_complete(struct point *p, const struct event *e)
{
	static const char *const from_end[] = { "exit_code", "kind",
		"terminated_by", "error" };
	static const char *const from_act[] = { "output", "output_at",
		"output_file", "output_bytes", "output_sum", "stderr",
		"stderr_at", "stderr_file", "stderr_bytes", "stderr_sum",
		"duration_ms", "timeout_kind" };
	const struct status *s = status_of(fold_field(e, "status"));
	struct lane *l = e->item >= 0 ? point_lane(p, e->item) : NULL;
	struct fan *fan = l ? point_fan(p)->fan : NULL;
	struct record r = { .n = 0 };

	if (!s || !l || e->depth != l->base - 1)
		return;
	r.mem = &fan->mem;
	add(&r, "index", val_int(r.mem, e->item));
	add(&r, "status", &s->word);
	for (size_t i = 0; i < COUNT(from_end); i++)
		add(&r, from_end[i], told(r.mem, l, e, from_end[i]));
	for (size_t i = 0; i < COUNT(from_act); i++)
		add(&r, from_act[i],
		    point_light(r.mem, val_get(l->result.v, from_act[i])));
	add(&r, "captured",
	    captures_of(r.mem, l->frames.len ? l->frames.at[0] : NULL));
	fan->results.at[e->item] = record_val(&r);
	count(fan, s);
	if (strcmp(s->word.t.p, "unfinished") != 0)
		ascent_forget(fan, e->item);
	lane_drop(p, l);
}

/* ---- the end of all ---- */

static const struct val *
bare(struct arena *mem, long long item, const struct val *status)
{
	struct record r = { .mem = mem };

	add(&r, "index", val_int(mem, item));
	add(&r, "status", status);
	return record_val(&r);
}

/* One record for each item: what has none by now never will. */
static const struct val *
all_results(struct fan *fan)
{
	struct val *list = arena_new(&fan->mem, sizeof(*list));

	list->kind = VAL_LIST;
	list->list.len = (size_t)fan->count;
	list->list.at =
	    arena_new(&fan->mem, list->list.len * sizeof(*list->list.at));
	for (long long i = 0; i < fan->count; i++) {
		const struct val *v = &point_null;

		if (i >= fan->next)
			v = bare(&fan->mem, i, &skipped);
		else if (fan->results.at[i] != &point_null)
			v = fan->results.at[i];
		else
			v = bare(&fan->mem, i, &status_of("unfinished")->word);
		list->list.at[i] = v;
	}
	return list;
}

/* The numbers are counted here and not read, so that they add up. */
static const struct val *
summary(struct fan *fan, const struct event *e)
{
	struct arena *a = &fan->mem;
	struct record r = { .mem = a };
	const struct val *verdict = val_get(e->fields, "verdict");

	fan->unfinished = fan->next - fan->succeeded - fan->failed;
	add(&r, "results", all_results(fan));
	add(&r, "attempted", val_int(a, fan->count));
	add(&r, "succeeded", val_int(a, fan->succeeded));
	add(&r, "failed", val_int(a, fan->failed));
	add(&r, "skipped", val_int(a, fan->count - fan->next));
	add(&r, "unfinished", val_int(a, fan->unfinished));
	add(&r, "verdict", point_pack(a, verdict));
	return record_val(&r);
}

bool
fold_fan_over(struct point *p, const struct event *e)
{
	struct frame *f = e->item == -1 ? fold_frame(p, e) : NULL;
	const char *name = val_str(e->fields, "capture", NULL);
	const struct val *all;

	if (!f || !f->fan || strcmp(fold_field(e, "type"), "parallel") != 0)
		return false;
	map_put(&f->throttles, f->state)->count++;
	all = summary(f->fan, e);
	if (name && strcmp(name, f->state) != 0) {
		struct arena second = ARENA_INIT;
		const struct val *copy = point_pack(&second, all);

		capture_take(f, name, &second, copy);
	}
	capture_take(f, f->state, &f->fan->mem, all);
	fold_fan_drop(p, f);
	return true;
}
