/* One feed for each item that prints, from its first byte to its end. */
#include "show/feed_lanes.h"

#include <stdlib.h>

#include "base/mem.h"

struct feed_lane {
	struct feed_lanes *all;
	struct voice who;
	struct feed feed;
};

static void
give_line(void *self, int stream, const char *p, size_t n)
{
	struct feed_lane *l = self;

	l->all->line(l->all->self, &l->who, stream, p, n);
}

static struct feed_lane *
find(struct feed_lanes *f, long long item)
{
	for (size_t i = 0; i < f->lanes.len; i++)
		if (f->lanes.at[i]->who.item == item)
			return f->lanes.at[i];
	return NULL;
}

void
feed_lanes_bytes(struct feed_lanes *f, const struct voice *who, int stream,
    const char *p, size_t n)
{
	struct feed_lane *l = find(f, who->item);

	if (!l) {
		l = mem_new(sizeof(*l));
		*l = (struct feed_lane) { .all = f,
			.feed = { .part = { STR_INIT, STR_INIT },
			    .line = give_line,
			    .self = l } };
		vec_push(&f->lanes, l);
	}
	l->who = *who;
	feed_bytes(&l->feed, stream, p, n);
}

static void
lane_free(struct feed_lane *l)
{
	feed_release(&l->feed);
	free(l);
}

void
feed_lanes_end(struct feed_lanes *f, long long item)
{
	for (size_t i = 0; i < f->lanes.len; i++) {
		struct feed_lane *l = f->lanes.at[i];

		if (l->who.item != item)
			continue;
		feed_end(&l->feed);
		if (item >= 0) {
			lane_free(l);
			f->lanes.at[i] = f->lanes.at[--f->lanes.len];
		}
		return;
	}
}

void
feed_lanes_end_all(struct feed_lanes *f)
{
	for (size_t i = 0; i < f->lanes.len; i++)
		feed_end(&f->lanes.at[i]->feed);
}

void
feed_lanes_release(struct feed_lanes *f)
{
	for (size_t i = 0; i < f->lanes.len; i++)
		lane_free(f->lanes.at[i]);
	vec_release(&f->lanes);
}
