/*
 * What a step leaves in the point: its result as `prev` and as a capture, its
 * verdict, the row of equal failures, messages.
 */
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "loop/loop.h"
#include "loop/point_fold.h"

/*
 * Copy members that tell of one stream: as text, or where it was put.  Of the
 * text of an item (`at`: the seq of its record) also where it is, if long, so
 * that a result can do without it.
 */
struct stream {
	const char *name;
	bool chomp;
	long long at; /* -1: of no item */
	bool light;   /* the place of a long text instead of the text */
};

static void
copy_stream(struct arena *a, struct val *to, const struct val *from,
    const struct stream *s)
{
	static const char *const parts[] = { "_file", "_bytes", "_sum" };
	const struct val *text = val_get(from, s->name);
	bool far = s->at >= 0 && text && text->kind == VAL_TEXT &&
	    text->t.n > POINT_TEXT_MAX;
	char key[32];

	if (text && text->kind == VAL_TEXT && !(far && s->light)) {
		struct sv t = s->chomp ? sv_chomp(text->t) : text->t;

		val_set(a, to, s->name, val_bytes(a, t.p, t.n));
	}
	if (far) {
		snprintf(key, sizeof(key), "%s_at", s->name);
		val_set(a, to, key, val_int(a, s->at));
		snprintf(key, sizeof(key), "%s_bytes", s->name);
		val_set(a, to, key, val_int(a, (long long)text->t.n));
	}
	if (text && text->kind == VAL_TEXT)
		return;
	for (size_t i = 0; i < COUNT(parts); i++) {
		snprintf(key, sizeof(key), "%s%s", s->name, parts[i]);
		val_set(a, to, key, val_get(from, key));
	}
}

static struct map_entry *
capture_entry(struct frame *f, const char *name)
{
	struct map_entry *m = map_put(&f->captured, name);

	if (!m->value)
		m->value = mem_new(sizeof(struct box));
	return m;
}

static void
capture_set(struct frame *f, const char *name, const struct val *record)
{
	box_set(capture_entry(f, name)->value, record);
}

void
capture_take(struct frame *f, const char *name, struct arena *mem,
    const struct val *record)
{
	box_take(capture_entry(f, name)->value, mem, record);
}

static const struct val *
orelse_null(struct arena *a, const struct val *v)
{
	return v ? v : val_null(a);
}

/* How a command ended, as captures and items have it. */
static struct val *
outcome(struct arena *a, const struct event *e, bool light)
{
	long long at = e->item >= 0 ? e->seq : -1;
	struct val *v = val_map(a);

	copy_stream(
	    a, v, e->fields, &(struct stream) { "output", true, at, light });
	copy_stream(
	    a, v, e->fields, &(struct stream) { "stderr", false, at, light });
	val_set(
	    a, v, "exit_code", val_int(a, val_num(e->fields, "exit_code", 0)));
	val_set(a, v, "duration_ms",
	    orelse_null(a, val_get(e->fields, "duration_ms")));
	if (!light)
		val_set(a, v, "failure_type",
		    val_text(a, fold_field(e, "failure_type")));
	val_set(a, v, "timeout_kind",
	    orelse_null(a, val_get(e->fields, "timeout_kind")));
	return v;
}

/* What a resume needs to judge it. */
static void
put_act(struct arena *a, struct val *act, const struct event *e)
{
	static const char *const keys[] = { "outcome", "kind", "error",
		"exit_code", "timeout_kind", "is_prompt", "host",
		"failure_class", "failure_by", "failure_text", "failure_hint",
		"until_us" };

	for (size_t i = 0; i < COUNT(keys); i++)
		val_set(a, act, keys[i], val_get(e->fields, keys[i]));
}

/* The command of an item, which has no frame: only its end is of interest. */
static void
item_acted(struct point *p, const struct event *e)
{
	struct lane *l = fold_hand(p, e);
	auto_arena a = ARENA_INIT;
	struct val *v;

	if (!l)
		return;
	v = outcome(&a, e, true);
	put_act(&a, v, e);
	val_set(&a, v, "marker", val_get(e->fields, "marker"));
	val_set(&a, v, "marker_text", val_get(e->fields, "marker_text"));
	box_set(&l->result, v);
	fold_hand_acted(p, l, e);
}

/* Its output is in `prev`. */
static void
keep_act(struct frame *f, struct arena *a, const struct event *e)
{
	struct val *act = val_map(a);

	put_act(a, act, e);
	box_set(&f->act, act);
	f->doing = DOING_ACTED;
	fold_climb_acted(f, e);
}

void
fold_action_complete(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const char *capture = val_str(e->fields, "capture", NULL);
	auto_arena a = ARENA_INIT;
	struct val *prev = val_map(&a);

	fold_marker(p, f, e);
	if (!f) {
		item_acted(p, e);
		return;
	}
	f->exit = val_num(e->fields, "exit_code", 0);
	map_put(&f->throttles, f->state)->count++;
	copy_stream(&a, prev, e->fields,
	    &(struct stream) { "output", false, -1, false });
	val_set(&a, prev, "exit_code", val_int(&a, f->exit));
	val_set(&a, prev, "state", val_text(&a, f->state));
	val_set(&a, prev, "timeout_kind",
	    orelse_null(&a, val_get(e->fields, "timeout_kind")));
	box_set(&f->prev, prev);
	keep_act(f, &a, e);
	if (capture)
		capture_set(f, capture, outcome(&a, e, false));
}

/* A success is never a stall, and ends a row (decisions.md §3.7). */
static void
streak_add(struct frame *f, const char *verdict)
{
	auto_str key = STR_INIT;

	if (verdict_is_success(verdict)) {
		fold_text(&f->streak.key, NULL);
		f->streak.count = 0;
		return;
	}
	str_addf(&key, "%s|%lld|%s", f->state, f->exit, verdict);
	if (!f->streak.key || strcmp(f->streak.key, key.buf) != 0) {
		fold_text(&f->streak.key, key.buf);
		f->streak.count = 0;
	}
	f->streak.count++;
	if (f->track_recurrent)
		map_put(&f->recurrent, key.buf)->count++;
}

void
fold_evaluate(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const char *capture = val_str(e->fields, "capture", NULL);
	auto_arena a = ARENA_INIT;
	struct val *last = val_map(&a), *details = val_map(&a);
	struct map_entry *m;

	if (!f)
		return;
	for (size_t i = 0; i < e->fields->map.len; i++) {
		const struct member *x = &e->fields->map.at[i];

		if (strcmp(x->key, "type") && strcmp(x->key, "verdict") &&
		    strcmp(x->key, "capture"))
			val_set(&a, details, x->key, x->v);
	}
	val_set(&a, last, "verdict", val_get(e->fields, "verdict"));
	val_set(&a, last, "kind", val_get(e->fields, "kind"));
	val_set(&a, last, "details", details);
	box_set(&f->last, last);
	fold_marks(f, e);
	/* What was not its own failure is no stall either. */
	if (val_get(e->fields, "unjudged")) {
		f->doing = DOING_JUDGED;
		return;
	}
	climb_forget(f, f->state);
	box_release(&f->wait);
	streak_add(f, fold_field(e, "verdict"));
	f->doing = DOING_JUDGED;
	box_release(&f->judging);
	if (fold_fan_over(p, e))
		return;
	m = capture ? map_get(&f->captured, capture) : NULL;
	if (m) {
		struct val *record = val_map(&a);
		const struct val *old = ((struct box *)m->value)->v;

		for (size_t i = 0; i < old->map.len; i++)
			val_set(
			    &a, record, old->map.at[i].key, old->map.at[i].v);
		val_set(&a, record, "verdict", val_get(e->fields, "verdict"));
		capture_set(f, capture, record);
	}
}

void
fold_messages_append(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const struct val *text = val_get(e->fields, "message");
	struct box b = { 0 };

	if (!f || !text)
		return;
	f->messaged = true;
	box_set(&b, text);
	vec_push(&f->messages, b);
	if (text->kind == VAL_TEXT)
		f->message_bytes += text->t.n;
}
