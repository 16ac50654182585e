/*
 * Slots to children and back.  What a child does while it runs, and the
 * journal's sync meanwhile, is os/child's poll.
 */
#include "engine/hands.h"

static int
start(void *self, size_t slot, const struct child_spec *spec, struct err *e)
{
	struct hands *h = self;
	struct child_spec own = *spec;

	(void)e;
	own.kit = h->kit;
	h->at[slot] = child_start(&own, h->sig);
	return 0;
}

/* Those that run, and whose they are. */
static size_t
list(const struct hands *h, struct child **at, size_t *slot)
{
	size_t n = 0;

	for (size_t i = 0; i < HANDS_MAX; i++) {
		if (!h->at[i])
			continue;
		slot[n] = i;
		at[n++] = h->at[i];
	}
	return n;
}

static int
wait(void *self, long long until, size_t *slot, struct outcome *out,
    struct err *e)
{
	struct hands *h = self;
	struct child *at[HANDS_MAX];
	size_t slots[HANDS_MAX], over;
	const struct children_wait w = { .at = at,
		.n = list(h, at, slots),
		.sig = h->sig,
		.until_boot_ms = until,
		.due_ms = h->due_ms,
		.tick = h->tick,
		.tick_self = h->tick_self };
	int got = children_wait(&w, &over, e);

	if (got <= 0)
		return got;
	*slot = slots[over];
	child_end(at[over], out);
	h->at[*slot] = NULL;
	return 1;
}

static void
cancel(void *self, size_t slot)
{
	struct hands *h = self;

	if (h->at[slot])
		child_cancel(h->at[slot]);
}

struct actor
hands_actor(struct hands *h)
{
	return (struct actor) { start, wait, cancel, h };
}

void
hands_release(struct hands *h)
{
	for (size_t i = 0; i < HANDS_MAX; i++) {
		child_end(h->at[i], NULL);
		h->at[i] = NULL;
	}
}
