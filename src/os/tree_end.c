/*
 * The end of a tree.  Listing races with forks and deaths, so no single
 * listing is believed where it matters: KILL goes out in rounds, and the end
 * is ECHILD, or two empty listings when others stay.  Refuses to signal a
 * group: only that of a child, whose leader is not yet reaped, so that its
 * number cannot have become somebody else's.
 */
#include "os/tree_part.h"

#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/vec.h"

#define ROUND_MS 20
#define SEEN_MAX 4096

/* Who was below the child may be nobody's once those between are dead. */
static void
note_seen(struct tree_ending *g, const struct tree *t)
{
	if (g->seen.len > SEEN_MAX)
		g->seen.len = 0;
	for (size_t i = 0; i < t->len; i++)
		if (!tree_holds(&g->seen, t->at[i].pid, t->at[i].start))
			vec_push(&g->seen, t->at[i]);
}

/* The group gets it at once, so that none of its members can fork away from
 * under the listing; the others one by one. */
static void
signal_all(struct tree_ending *g, const struct tree_own *o, int number)
{
	struct tree t = TREE_INIT;

	if (o->mark) {
		tree_list_seen(&t, o, &g->seen, false);
		note_seen(g, &t);
	}
	if (o->child)
		killpg(o->child, number);
	tree_list_seen(&t, o, &g->seen, false);
	for (size_t i = 0; i < t.len; i++)
		if (!o->child || t.at[i].group != o->child)
			proc_signal(t.at[i].pid, t.at[i].start, number);
	if (o->mark)
		note_seen(g, &t);
	tree_release(&t);
}

/* Nothing seen is nothing left only if it is seen twice; with no descriptor
 * left to look there may be somebody. */
static size_t
count_left(const struct tree_ending *g, const struct tree_own *o)
{
	struct tree t = TREE_INIT;
	bool sees = true;
	size_t n;

	for (int i = 0; i < 2 && sees && !t.len; i++)
		sees = tree_list_seen(&t, o, &g->seen, true);
	n = t.len;
	tree_release(&t);
	return sees ? n : n + 1;
}

void
tree_ending_start(
    struct tree_ending *g, const struct tree_own *o, long long grace_ms)
{
	long long grace = grace_ms ? grace_ms : TREE_GRACE_MS;

	*g = (struct tree_ending) { .seen = TREE_INIT };
	g->next_ms = clock_ms() + (grace > 0 ? grace : 0);
	if (grace < 0)
		return;
	signal_all(g, o, SIGTERM);
	signal_all(g, o, SIGCONT);
}

void
tree_ending_release(struct tree_ending *g)
{
	tree_release(&g->seen);
}

/* When nobody is spared, only ECHILD is believed: a listing may miss one
 * that changes its parent just then. */
static bool
all_gone(struct tree_ending *g, const struct tree_own *o)
{
	bool spares = (o->kept && o->kept->n) || (o->older && o->older->len);

	g->left = 0;
	if (!o->mark && !tree_reap(o->kept))
		return true;
	g->left = count_left(g, o);
	if (g->left)
		return false;
	return o->mark || !tree_reap(o->kept) || spares;
}

bool
tree_ending_step(struct tree_ending *g, const struct tree_own *o, bool hurry)
{
	long long now = clock_ms();

	g->over = all_gone(g, o) || (g->last_ms && now >= g->last_ms);
	if (g->over || (now < g->next_ms && !hurry && !g->last_ms))
		return g->over;
	if (!g->last_ms)
		g->last_ms = now + TREE_KILL_MS;
	signal_all(g, o, SIGKILL);
	g->next_ms = now + ROUND_MS;
	return false;
}

static void
wait_until(struct sig *s, long long until_ms)
{
	struct pollfd p = { sig_fd(s), POLLIN, 0 };
	long long ms = until_ms - clock_ms();

	poll(&p, 1, ms > 0 ? (int)(ms > 60000 ? 60000 : ms) : 0);
	while (sig_next(s))
		;
}

int
tree_end(const struct tree_own *own, long long grace_ms, struct sig *s,
    struct err *e)
{
	static const struct tree_own all = { .older = NULL };
	const struct tree_own *o = own ? own : &all;
	struct tree_ending g;

	if (!o->mark && !tree_reap(o->kept))
		return 0;
	tree_ending_start(&g, o, grace_ms);
	while (!tree_ending_step(&g, o, s->now))
		wait_until(s, g.next_ms);
	tree_ending_release(&g);
	if (g.left)
		return err_set(
		    e, ERR_IO, "%zu processes could not be ended", g.left);
	return 0;
}
