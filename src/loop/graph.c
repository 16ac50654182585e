/*
 * The graph of a loop: edges from every written target, breadth-first walks
 * over them.  Caps and the circuit can strike in any state, so their targets
 * are not entries of their own but follow whatever was entered before: a
 * capture made by the first state is there when `on_max_steps` runs.
 * It reports nothing; the rules do.
 */
#include "loop/graph.h"

#include <string.h>

#include "base/auto.h"
#include "base/vec.h"

struct build {
	struct graph *g;
	VEC(struct edge) edges;
};

/* The state a target leads to, or NULL. */
static const struct state *
target_state(
    struct graph *g, const struct target *t, const struct state *written_in)
{
	if (!t->name)
		return NULL;
	if (t->current)
		return written_in;
	if (!t->to && strcmp(t->name, "abort") != 0)
		g->broken = true;
	return t->to;
}

static void
add_edge(struct build *b, const struct state *s, const struct target *t)
{
	const struct state *to = target_state(b->g, t, s);
	struct edge e;

	if (!to)
		return;
	e.from = s->index;
	e.to = to->index;
	vec_push(&b->edges, e);
}

/* A target of a key that the model does not hold yet: the state is known by
 * its name only. */
static void
add_named(struct build *b, const struct state *s, const char *key)
{
	const struct loop *l = b->g->loop;
	const char *name = val_str(s->src, key, NULL);

	for (size_t i = 0; name && i < l->nstates; i++) {
		struct target t = { .name = name, .to = l->states[i] };

		if (strcmp(l->states[i]->name, name) == 0)
			add_edge(b, s, &t);
	}
}

static void
add_maintain(struct build *b, const struct state *s)
{
	if (s->on_maintain.name)
		add_edge(b, s, &s->on_maintain);
	else if (s->terminal)
		add_edge(b, s, &b->g->loop->initial);
}

static void
add_state(struct build *b, const struct state *s)
{
	if (b->g->loop->maintain)
		add_maintain(b, s);
	if (s->terminal)
		return;
	for (size_t i = 0; i < s->non; i++)
		add_edge(b, s, &s->on[i].to);
	for (size_t i = 0; i < s->nroute; i++)
		add_edge(b, s, &s->route[i].to);
	add_edge(b, s, &s->next);
	add_edge(b, s, &s->on_retry_exhausted);
	add_edge(b, s, &s->on_throttle_hard);
	add_edge(b, s, &s->on_interrupted);
	for (int k = 0; k < BUDGETS; k++)
		add_edge(b, s, &s->budget.of[k].to);
	add_named(b, s, "on_rate_limit_exhausted");
}

static void
add_edges(struct graph *g)
{
	const struct loop *l = g->loop;
	size_t *first = arena_new(&g->mem, (l->nstates + 1) * sizeof(*first));
	struct build b = { g, VEC_INIT };

	for (size_t i = 0; i < l->nstates; i++) {
		first[i] = b.edges.len;
		add_state(&b, l->states[i]);
	}
	first[l->nstates] = g->nedges = b.edges.len;
	g->first = first;
	if (b.edges.len)
		g->edge = (const struct edge *)arena_dup(
		    &g->mem, b.edges.at, b.edges.len * sizeof(*b.edges.at));
	vec_release(&b.edges);
}

/* Where the limits of the loop lead. */
static void
add_budget(struct graph *g)
{
	for (int k = 0; k < BUDGETS; k++) {
		const struct budget_limit *b = &g->loop->budget.of[k];
		const struct state *to = target_state(g, &b->to, NULL);

		if (to)
			g->late[g->nlate++] =
			    (struct late) { to->index, b->key, true, 0, false };
	}
}

static void
add_late(struct graph *g)
{
	const struct loop *l = g->loop;
	const struct {
		const struct target *target;
		struct late late;
	} rows[] = {
		{ &l->on_max_steps,
		    { 0, "on_max_steps", false, l->max_steps, false } },
		{ &l->on_max_iterations,
		    { 0, "on_max_iterations", false, 0, false } },
		{ &l->circuit.to, { 0, "circuit", true, 0, false } },
		{ &l->guard.pressure_state,
		    { 0, "host_guard", false, 0, true } },
		{ &l->guard.on_abort_route,
		    { 0, "host_guard", false, 0, true } },
		{ &l->guard.budget_state, { 0, "host_guard", false, 0, true } },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct state *to = target_state(g, rows[i].target, NULL);

		if (!to)
			continue;
		g->late[g->nlate] = rows[i].late;
		g->late[g->nlate++].to = to->index;
	}
	add_budget(g);
}

/* A breadth-first walk. `from[i]` is how state i was first entered. */
struct walk {
	const struct graph *g;
	const bool *avoid; /* states that are entered but not left; or NULL */
	bool strikes[GRAPH_LATE]; /* per late state: can it be entered? */
	size_t *queue, head, len;
	size_t *from; /* state index; NOWHERE: not entered; itself: initial */
	const char **by; /* key of a late entry, or NULL */
};

static const size_t NOWHERE = (size_t)-1;

static void
walk_enter(struct walk *w, size_t to, size_t from, const char *by)
{
	if (w->from[to] != NOWHERE)
		return;
	w->from[to] = from;
	w->by[to] = by;
	w->queue[w->len++] = to;
}

static void
walk_leave(struct walk *w, size_t i)
{
	const struct graph *g = w->g;

	if (w->avoid && w->avoid[i])
		return;
	for (size_t e = g->first[i]; e < g->first[i + 1]; e++)
		walk_enter(w, g->edge[e].to, i, NULL);
	for (size_t k = 0; k < g->nlate; k++)
		if (w->strikes[k])
			walk_enter(w, g->late[k].to, i, g->late[k].key);
}

/* Is there a next state for one of `now` that is not avoided? Marks them. */
static bool
step_past(const struct graph *g, const bool *avoid, const bool *now, bool *next)
{
	bool any = false;

	for (size_t e = 0; e < g->nedges; e++) {
		size_t to = g->edge[e].to;

		if (!now[g->edge[e].from] || avoid[to] ||
		    g->loop->states[to]->terminal)
			continue;
		next[to] = any = true;
	}
	return any;
}

/* Can a run make so many steps without leaving an avoided state? More than
 * there are states means a cycle, and so any number. */
static bool
lasts(const struct graph *g, const bool *avoid, long long steps,
    struct arena *mem)
{
	const struct state *first = g->loop->initial.to;
	size_t n = g->loop->nstates;
	bool *now = arena_new(mem, n + 1), *next;

	if (!first || avoid[first->index])
		return false;
	now[first->index] = true;
	for (long long i = 1; i < steps && i <= (long long)n; i++) {
		next = arena_new(mem, n + 1);
		if (!step_past(g, avoid, now, next))
			return false;
		now = next;
	}
	return true;
}

/* Which of the late states can be entered past the avoided ones. */
static void
find_strikes(struct walk *w, struct arena *mem)
{
	for (size_t k = 0; k < w->g->nlate; k++) {
		long long steps = w->g->late[k].steps;

		w->strikes[k] = steps == 0 || !w->avoid ||
		    lasts(w->g, w->avoid, steps, mem);
	}
}

/* Everything in `mem`. */
static struct walk
walk_all(const struct graph *g, const bool *avoid, struct arena *mem)
{
	size_t n = g->loop->nstates;
	struct walk w = { .g = g, .avoid = avoid };

	find_strikes(&w, mem);
	w.queue = arena_new(mem, (n + 1) * sizeof(*w.queue));
	w.from = arena_new(mem, (n + 1) * sizeof(*w.from));
	w.by = arena_new(mem, (n + 1) * sizeof(*w.by));
	for (size_t i = 0; i < n; i++)
		w.from[i] = NOWHERE;
	if (g->loop->initial.to) {
		size_t at = g->loop->initial.to->index;

		walk_enter(&w, at, at, NULL);
	}
	while (w.head < w.len)
		walk_leave(&w, w.queue[w.head++]);
	return w;
}

static const bool *
find_reached(struct graph *g)
{
	auto_arena scratch = ARENA_INIT;
	size_t n = g->loop->nstates;
	bool *reached = arena_new(&g->mem, n + 1);
	struct walk w = walk_all(g, NULL, &scratch);

	for (size_t i = 0; i < n; i++)
		reached[i] = w.from[i] != NOWHERE;
	return reached;
}

/* The circuit strikes anywhere, so its way out is everybody's. */
static bool
circuit_ends(const struct graph *g, const bool *ends)
{
	for (size_t k = 0; k < g->nlate; k++)
		if (g->late[k].routes && ends[g->late[k].to])
			return true;
	return false;
}

static const bool *
find_ends(struct graph *g)
{
	const struct loop *l = g->loop;
	bool *ends = arena_new(&g->mem, l->nstates + 1);
	bool more = true;

	for (size_t i = 0; i < l->nstates; i++)
		ends[i] = l->states[i]->terminal;
	while (more) {
		more = false;
		for (size_t e = g->nedges; e-- > 0;) {
			const struct edge *x = &g->edge[e];

			if (!ends[x->from] && ends[x->to])
				ends[x->from] = more = true;
		}
	}
	if (circuit_ends(g, ends))
		memset(ends, 1, l->nstates);
	return ends;
}

void
graph_init(struct graph *g, const struct loop *l)
{
	*g = (struct graph) { .loop = l };
	add_edges(g);
	add_late(g);
	if (!l->initial.to)
		g->broken = true;
	g->reached = find_reached(g);
	g->ends = find_ends(g);
}

void
graph_release(struct graph *g)
{
	arena_release(&g->mem);
	*g = (struct graph) { 0 };
}

/* Backwards over `from`, so the names are collected first. */
static void
write_way(const struct walk *w, size_t to, struct arena *mem, struct str *way)
{
	size_t *back = arena_new(mem, (w->len + 1) * sizeof(*back));
	size_t n = 0, i = to;

	for (; w->from[i] != i; i = w->from[i])
		back[n++] = i;
	str_adds(way, w->g->loop->states[i]->name);
	while (n-- > 0) {
		i = back[n];
		str_addf(way, " -> %s", w->g->loop->states[i]->name);
		if (w->by[i])
			str_addf(way, " (%s)", w->by[i]);
	}
}

bool
graph_bypass(
    const struct graph *g, const bool *avoid, size_t to, struct str *way)
{
	auto_arena scratch = ARENA_INIT;
	struct walk w = walk_all(g, avoid, &scratch);

	if (w.from[to] == NOWHERE)
		return false;
	write_way(&w, to, &scratch, way);
	return true;
}
