/*
 * What a step leaves in the point: its result as `prev` and as a capture, its
 * verdict, the row of equal failures, messages.
 */
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "loop/loop.h"
#include "loop/point_fold.h"

/* Copy members that tell of one stream: as text, or where it was put. */
static void
copy_stream(struct arena *a, struct val *to, const struct val *from,
    const char *name, bool chomp)
{
	static const char *const parts[] = { "_file", "_bytes", "_sum" };
	const struct val *text = val_get(from, name);
	char key[32];

	if (text && text->kind == VAL_TEXT) {
		struct sv t = chomp ? sv_chomp(text->t) : text->t;

		val_set(a, to, name, val_bytes(a, t.p, t.n));
		return;
	}
	for (size_t i = 0; i < COUNT(parts); i++) {
		snprintf(key, sizeof(key), "%s%s", name, parts[i]);
		val_set(a, to, key, val_get(from, key));
	}
}

static void
capture_set(struct frame *f, const char *name, const struct val *record)
{
	struct map_entry *m = map_put(&f->captured, name);

	if (!m->value)
		m->value = mem_new(sizeof(struct box));
	box_set(m->value, record);
}

static const struct val *
orelse_null(struct arena *a, const struct val *v)
{
	return v ? v : val_null(a);
}

void
fold_action_complete(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const char *capture = val_str(e->fields, "capture", NULL);
	auto_arena a = ARENA_INIT;
	struct val *prev = val_map(&a), *record = val_map(&a);
	const struct val *kind, *code;

	if (!f)
		return;
	f->exit = val_num(e->fields, "exit_code", 0);
	map_put(&f->throttles, f->state)->count++;
	kind = orelse_null(&a, val_get(e->fields, "timeout_kind"));
	code = val_int(&a, f->exit);

	copy_stream(&a, prev, e->fields, "output", false);
	val_set(&a, prev, "exit_code", code);
	val_set(&a, prev, "state", val_text(&a, f->state));
	val_set(&a, prev, "timeout_kind", kind);
	box_set(&f->prev, prev);
	if (!capture)
		return;
	copy_stream(&a, record, e->fields, "output", true);
	copy_stream(&a, record, e->fields, "stderr", false);
	val_set(&a, record, "exit_code", code);
	val_set(&a, record, "duration_ms",
	    orelse_null(&a, val_get(e->fields, "duration_ms")));
	val_set(&a, record, "failure_type",
	    val_text(&a, fold_field(e, "failure_type")));
	val_set(&a, record, "timeout_kind", kind);
	capture_set(f, capture, record);
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
	streak_add(f, fold_field(e, "verdict"));
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
	box_set(&b, text);
	vec_push(&f->messages, b);
	if (text->kind == VAL_TEXT)
		f->message_bytes += text->t.n;
}
