/*
 * Failures that are not the action's own: how often a step was done again
 * because of them, how long that took, and what is waited for.  A step that is
 * done again is the same step: what it counted is taken back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "loop/point_fold.h"

static struct climb *
climb_of(struct frame *f, const char *state)
{
	struct map_entry *m = map_put(&f->climbs, state);

	if (!m->value)
		m->value = mem_new(sizeof(struct climb));
	return m->value;
}

void
climb_forget(struct frame *f, const char *state)
{
	struct map_entry *m = map_get(&f->climbs, state);

	if (!m)
		return;
	free(m->value);
	map_drop(&f->climbs, state);
}

bool
fold_is_infra(const struct val *act)
{
	const char *class = act ? val_str(act, "failure_class", "") : "";

	return strncmp(class, "infra.", strlen("infra.")) == 0;
}

bool
fold_is_classed(const struct event *e)
{
	const struct val *prompt = val_get(e->fields, "is_prompt");

	return fold_field(e, "failure_class")[0] ||
	    (prompt && prompt->kind == VAL_BOOL && prompt->b);
}

/* The step whose action failed is done again; a judge is asked again. */
void
fold_climb_resumed(struct frame *f)
{
	if (f->doing == DOING_ACTED && fold_is_infra(f->act.v))
		f->climbing = CLIMB_AGAIN;
	else
		fold_judge_failed(f, true);
}

void
fold_climb_acted(struct frame *f, const struct event *e)
{
	if (fold_is_infra(e->fields))
		return;
	climb_forget(f, f->state);
	if (fold_is_classed(e))
		f->exhausted = 0;
}

void
climbs_release(struct map *climbs)
{
	for (size_t i = 0; i < climbs->len; i++)
		free(climbs->at[i].value);
	map_release(climbs);
}

static void
keep_wait(struct box *wait, const struct event *e)
{
	static const char *const keys[] = { "state", "tier", "until_us",
		"wait_ms", "reason", "host" };
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a);

	for (size_t i = 0; i < COUNT(keys); i++)
		val_set(&a, v, keys[i], val_get(e->fields, keys[i]));
	box_set(wait, v);
}

static void
count(struct climb *c, const struct event *e)
{
	c->shorts = val_num(e->fields, "short_retries", c->shorts);
	c->longs = val_num(e->fields, "long_retries", c->longs);
	c->waited_ms = val_num(e->fields, "total_wait_ms", c->waited_ms);
	if (e->kind != EV_RATE_LIMIT_WAITING)
		c->errors = val_num(e->fields, "attempt", c->errors);
	c->tries++;
}

static bool
is_judge(const struct event *e)
{
	return strcmp(fold_field(e, "call"), "judge") == 0;
}

/* Of another run's making, which does not count. */
static bool
is_circuit(const struct event *e)
{
	return strcmp(fold_field(e, "tier"), "circuit") == 0;
}

static void
hand_climbs(struct point *p, struct lane *l, const struct event *e)
{
	struct ascent *c = fold_ascent(point_fan(p)->fan, l->item);

	keep_wait(&c->wait, e);
	if (!is_circuit(e))
		count(&c->climb, e);
	l->doing = DOING_ENTERED;
	box_release(&l->result);
}

/* The call of a judge is made, or made again; the action is over. */
static void
judge_climbs(struct frame *f)
{
	fold_judge_failed(f, true);
	f->doing = DOING_JUDGING;
}

static void
frame_climbs(struct frame *f, const struct event *e)
{
	struct map_entry *acted;

	keep_wait(&f->wait, e);
	if (!f->entered)
		return;
	if (!is_circuit(e))
		count(climb_of(f, f->state), e);
	if (is_judge(e)) {
		judge_climbs(f);
		return;
	}
	f->climbing = CLIMB_AGAIN;
	acted = map_get(&f->throttles, f->state);
	if (acted && acted->count > 0 && f->doing == DOING_ACTED)
		acted->count--;
}

void
fold_climb(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	struct lane *l = f ? NULL : fold_hand(p, e);

	fold_text(&p->phase, "waiting");
	if (l)
		hand_climbs(p, l, e);
	else if (f)
		frame_climbs(f, e);
}

void
fold_climb_out(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	struct lane *l = f ? NULL : fold_hand(p, e);

	if (l) {
		f = point_fan(p);
		ascent_forget(f->fan, l->item);
		l->climbing = CLIMB_OUT;
	}
	if (!f)
		return;
	f->exhausted += e->kind == EV_RATE_LIMIT_EXHAUSTED;
	if (l)
		return;
	climb_forget(f, f->state);
	if (is_judge(e))
		fold_judge_failed(f, false);
	else
		f->climbing = CLIMB_OUT;
}
