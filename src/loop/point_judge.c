/*
 * A judgement by a host while it goes on: a state may need several calls, and
 * a resume repeats only the one that was not answered.
 */
#include <string.h>

#include "base/auto.h"
#include "loop/point_fold.h"

/* What a call was given that its answer is read by. */
static const struct val *
drawn(struct arena *a, const struct event *e)
{
	static const char *const keys[] = { "call", "pair", "nonce", "harness",
		"promotes", "llm_prompt" };
	struct val *v = val_map(a);

	for (size_t i = 0; i < COUNT(keys); i++)
		val_set(a, v, keys[i], val_get(e->fields, keys[i]));
	return v;
}

static const struct val *
part(const struct frame *f, const char *key)
{
	return f->judging.v ? val_get(f->judging.v, key) : NULL;
}

void
fold_judge_start(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a);

	if (!f)
		return;
	val_set(&a, v, "start", drawn(&a, e));
	val_set(&a, v, "answers", part(f, "answers"));
	val_set(&a, v, "last", part(f, "last"));
	box_set(&f->judging, v);
	box_release(&f->wait);
	fold_text(&p->phase, "running");
	f->doing = DOING_JUDGING;
}

static const struct val *
entry(struct arena *a, const struct event *e)
{
	const char *type = fold_field(e, "type");
	struct val *v = val_map(a);

	val_set(a, v, "verdict", val_get(e->fields, "verdict"));
	val_set(a, v, "again", val_get(e->fields, "again"));
	if (!strcmp(type, "comparator") || !strcmp(type, "contract"))
		val_set(a, v, "details", val_get(e->fields, "answer"));
	return v;
}

/* What the call failed by, when that is not the judge's own. */
static const struct val *
failed(struct arena *a, const struct event *e)
{
	static const char *const keys[] = { "host", "failure_class",
		"failure_by", "failure_text", "failure_hint", "until_us" };
	const char *class = fold_field(e, "failure_class");
	struct val *v = val_map(a);

	if (strncmp(class, "infra.", strlen("infra.")) != 0)
		return NULL;
	for (size_t i = 0; i < COUNT(keys); i++)
		val_set(a, v, keys[i], val_get(e->fields, keys[i]));
	return v;
}

/* The same, which is not asked for again. */
static const struct val *
final_answer(struct arena *a, const struct val *answer)
{
	struct val *v = val_map(a);

	val_set(a, v, "verdict", val_get(answer, "verdict"));
	val_set(a, v, "details", val_get(answer, "details"));
	return v;
}

/* The call that failed is made again, or it counts as it is. */
void
fold_judge_failed(struct frame *f, bool again)
{
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a), *answers = val_list(&a);
	const struct val *old = part(f, "answers");

	if (!part(f, "failed"))
		return;
	for (size_t i = 0; old && i + 1 < old->list.len; i++)
		val_push(&a, answers, old->list.at[i]);
	if (!again && old && old->list.len)
		val_push(&a, answers,
		    final_answer(&a, old->list.at[old->list.len - 1]));
	if (answers->list.len)
		val_set(&a, v, "answers", answers);
	if (!again)
		val_set(&a, v, "last", part(f, "last"));
	box_set(&f->judging, v);
}

void
fold_judge_cut(struct frame *f)
{
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a), *answers = val_list(&a);
	const struct val *old = part(f, "answers");
	size_t n = old ? old->list.len : 0;

	/* Its end is on record. */
	if (n && !part(f, "start"))
		n--;
	for (size_t i = 0; i < n; i++)
		val_push(&a, answers, old->list.at[i]);
	if (n)
		val_set(&a, v, "answers", answers);
	box_set(&f->judging, v);
}

void
fold_judge_complete(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a), *answers = val_list(&a);
	const struct val *old;

	if (!f)
		return;
	old = part(f, "answers");
	for (size_t i = 0; old && i < old->list.len; i++)
		val_push(&a, answers, old->list.at[i]);
	val_push(&a, answers, entry(&a, e));
	val_set(&a, v, "answers", answers);
	val_set(&a, v, "last", val_get(e->fields, "answer"));
	val_set(&a, v, "failed", failed(&a, e));
	box_set(&f->judging, v);
	f->doing = DOING_JUDGING;
}
