/*
 * Workers: made, freed, and where they stand.  What they do is in the point
 * as lanes and frames; this is what cannot be written into a journal: loops
 * in memory, a child that runs, values that nobody may record.
 */
#include "engine/worker.h"

#include <stdlib.h>

#include "base/mem.h"
#include "engine/asking.h"

struct worker *
worker_new(struct run *r, long long item)
{
	struct worker *l = mem_new(sizeof(*l));

	l->run = r;
	l->item = item;
	return l;
}

bool
worker_is_hand(const struct worker *l)
{
	return l->item >= 0 && !l->levels.len;
}

void
worker_push(struct worker *l, const struct level *level)
{
	vec_push(&l->levels, *level);
}

void
worker_pop(struct worker *l)
{
	struct level *top = &l->levels.at[--l->levels.len];

	if (top->mem) {
		arena_release(top->mem);
		free(top->mem);
	}
}

void
worker_free(struct worker *l)
{
	if (!l)
		return;
	while (l->levels.len)
		worker_pop(l);
	vec_release(&l->levels);
	command_release(&l->command);
	secret_release(&l->secret);
	marker_release(&l->scan);
	if (l->ask)
		l->ask_free(l->ask);
	arena_release(&l->mem);
	free(l);
}

long long
worker_depth(const struct worker *l)
{
	return l->base + (long long)l->levels.len - 1;
}
