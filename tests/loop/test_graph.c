/* Loops are made by hand here: the graph needs names and targets only. */
#include "loop/graph.h"

#include <string.h>

#include "test.h"

enum { A, B, C, D, END, N };

struct fixture {
	struct loop loop;
	struct state state[N];
	const struct state *list[N];
	struct route on[N][3];
};

static struct target
to(const struct fixture *f, int i)
{
	return (struct target) { .name = f->state[i].name, .to = &f->state[i] };
}

static void
on(struct fixture *f, int from, int target)
{
	struct state *s = &f->state[from];

	f->on[from][s->non++] =
	    (struct route) { .verdict = "yes", .to = to(f, target) };
	s->on = f->on[from];
}

/* Five states a b c d end, where `end` is terminal and nothing leads on. */
static void
make(struct fixture *f)
{
	static const char *const names[N] = { "a", "b", "c", "d", "end" };

	memset(f, 0, sizeof(*f));
	for (int i = 0; i < N; i++) {
		f->state[i].name = names[i];
		f->state[i].index = (size_t)i;
		f->list[i] = &f->state[i];
	}
	f->state[END].terminal = true;
	f->loop.states = f->list;
	f->loop.nstates = N;
	f->loop.initial = to(f, A);
}

TEST(graph, marks_what_can_be_entered)
{
	struct fixture f;
	struct graph g;

	make(&f);
	on(&f, A, B);
	on(&f, B, END);
	on(&f, C, END);
	graph_init(&g, &f.loop);
	cr_assert(!g.broken);
	cr_assert(g.reached[A] && g.reached[B] && g.reached[END]);
	cr_assert(!g.reached[C] && !g.reached[D]);
	cr_assert(g.ends[A] && g.ends[C] && !g.ends[D]);
	graph_release(&g);
}

TEST(graph, terminals_lead_nowhere_unless_maintained)
{
	struct fixture f;
	struct graph g;

	make(&f);
	on(&f, A, END);
	on(&f, END, B);
	f.state[END].on_maintain = to(&f, C);
	graph_init(&g, &f.loop);
	cr_assert(!g.reached[B] && !g.reached[C]);
	graph_release(&g);
	f.loop.maintain = true;
	graph_init(&g, &f.loop);
	cr_assert(!g.reached[B] && g.reached[C]);
	graph_release(&g);
}

TEST(graph, caps_and_the_circuit_enter_their_states)
{
	struct fixture f;
	struct graph g;

	make(&f);
	on(&f, A, A);
	f.loop.on_max_steps = to(&f, B);
	f.loop.circuit.to = to(&f, C);
	graph_init(&g, &f.loop);
	cr_assert(g.reached[B] && g.reached[C]);
	cr_assert(!g.ends[A], "a cap is not a way to a terminal");
	graph_release(&g);
	on(&f, C, END);
	graph_init(&g, &f.loop);
	cr_assert(g.ends[A] && g.reached[END]);
	graph_release(&g);
}

TEST(graph, finds_the_shortest_way_past)
{
	struct fixture f;
	struct graph g;
	bool avoid[N] = { [B] = true };
	auto_str way = STR_INIT;

	make(&f);
	on(&f, A, B);
	on(&f, B, D);
	on(&f, A, C);
	on(&f, C, D);
	on(&f, D, END);
	graph_init(&g, &f.loop);
	cr_assert(graph_bypass(&g, avoid, D, &way));
	cr_assert_str_eq(way.buf, "a -> c -> d");
	str_reset(&way);
	avoid[C] = true;
	cr_assert(!graph_bypass(&g, avoid, D, &way));
	cr_assert_eq(way.len, 0);
	cr_assert(graph_bypass(&g, avoid, B, &way),
	    "a marked state is itself reached without having been left");
	cr_assert_str_eq(way.buf, "a -> b");
	graph_release(&g);
}

TEST(graph, a_cap_follows_what_was_entered_before)
{
	struct fixture f;
	struct graph g;
	bool avoid[N] = { [A] = true };
	auto_str way = STR_INIT;

	make(&f);
	on(&f, A, B);
	on(&f, B, END);
	f.loop.on_max_steps = to(&f, D);
	graph_init(&g, &f.loop);
	cr_assert(!graph_bypass(&g, avoid, D, &way));
	avoid[A] = false;
	cr_assert(graph_bypass(&g, avoid, D, &way));
	cr_assert_str_eq(way.buf, "a -> d (on_max_steps)");
	graph_release(&g);
}

TEST(graph, a_cap_needs_its_steps)
{
	struct fixture f;
	struct graph g;
	bool avoid[N] = { [C] = true };
	auto_str way = STR_INIT;

	make(&f);
	on(&f, A, B);
	on(&f, B, C);
	on(&f, C, A);
	f.loop.on_max_steps = to(&f, D);
	f.loop.max_steps = 3;
	graph_init(&g, &f.loop);
	cr_assert(!graph_bypass(&g, avoid, D, &way), "two steps, then c");
	graph_release(&g);
	on(&f, B, A);
	graph_init(&g, &f.loop);
	cr_assert(graph_bypass(&g, avoid, D, &way), "a and b go round");
	graph_release(&g);
}

TEST(graph, says_when_a_target_leads_nowhere)
{
	struct fixture f;
	struct graph g;

	make(&f);
	f.state[A].next = (struct target) { .name = "dnoe" };
	graph_init(&g, &f.loop);
	cr_assert(g.broken);
	graph_release(&g);
	f.state[A].next =
	    (struct target) { .name = "$current", .current = true };
	f.loop.circuit.to = (struct target) { .name = "abort" };
	graph_init(&g, &f.loop);
	cr_assert(!g.broken);
	graph_release(&g);
	f.loop.initial = (struct target) { .name = NULL };
	graph_init(&g, &f.loop);
	cr_assert(g.broken && !g.reached[A]);
	graph_release(&g);
}
