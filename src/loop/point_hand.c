/*
 * Items of a `parallel` that are commands: they have a lane without frames,
 * and how far one is stands in the lane.  What is counted for failures that
 * are not its own stands in the fan, under the number of the item, so that an
 * item which is begun again goes on with it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "loop/point_fold.h"

enum { KEY_SIZE = 24 };

struct lane *
fold_hand(struct point *p, const struct event *e)
{
	struct lane *l = e->item >= 0 ? point_lane(p, e->item) : NULL;

	return l && !l->frames.len && e->depth == l->base - 1 && point_fan(p)
	    ? l
	    : NULL;
}

static const char *
key_of(char key[KEY_SIZE], long long item)
{
	snprintf(key, KEY_SIZE, "%lld", item);
	return key;
}

struct ascent *
fold_ascent(struct fan *fan, long long item)
{
	char key[KEY_SIZE];
	struct map_entry *m = map_put(&fan->ascents, key_of(key, item));

	if (!m->value)
		m->value = mem_new(sizeof(struct ascent));
	return m->value;
}

static void
ascent_free(struct ascent *c)
{
	box_release(&c->wait);
	free(c);
}

void
ascent_forget(struct fan *fan, long long item)
{
	char key[KEY_SIZE];
	struct map_entry *m = map_get(&fan->ascents, key_of(key, item));

	if (!m)
		return;
	ascent_free(m->value);
	map_drop(&fan->ascents, key);
}

void
ascents_release(struct map *ascents)
{
	for (size_t i = 0; i < ascents->len; i++)
		ascent_free(ascents->at[i].value);
	map_release(ascents);
}

const struct ascent *
point_ascent(const struct point *p, long long item)
{
	const struct frame *f = point_fan(p);
	const struct map_entry *m = NULL;
	char key[KEY_SIZE];

	if (f)
		m = map_get(&f->fan->ascents, key_of(key, item));
	return m ? m->value : NULL;
}

static const struct val *
earlier(const struct val *a, const struct val *b)
{
	if (!a || !b)
		return a ? a : b;
	return val_num(b, "until_us", 0) < val_num(a, "until_us", 0) ? b : a;
}

const struct val *
point_wait(const struct point *p)
{
	const struct frame *f = point_top(p);
	const struct val *first = f ? f->wait.v : NULL;

	if (!f || !f->fan)
		return first;
	for (size_t i = 0; i < f->fan->ascents.len; i++) {
		const struct ascent *c = f->fan->ascents.at[i].value;

		first = earlier(first, c->wait.v);
	}
	for (size_t i = 1; i < p->lanes.len; i++) {
		f = lane_top(&p->lanes.at[i]);
		first = earlier(first, f ? f->wait.v : NULL);
	}
	return first;
}

/* Its action begins: what it waited for is over. */
void
fold_hand_acts(struct point *p, struct lane *l)
{
	const struct ascent *c = point_ascent(p, l->item);

	fold_text(&p->phase, "running");
	l->doing = DOING_ACT;
	l->climbing = CLIMB_NONE;
	box_release(&l->result);
	if (c)
		box_release(&fold_ascent(point_fan(p)->fan, l->item)->wait);
}

/* Its action ended, perhaps without such a failure. */
void
fold_hand_acted(struct point *p, struct lane *l, const struct event *e)
{
	struct frame *f = point_fan(p);

	l->doing = DOING_ACTED;
	if (fold_is_infra(e->fields))
		return;
	ascent_forget(f->fan, l->item);
	if (fold_is_classed(e))
		f->exhausted = 0;
}
