/*
 * The transitions of a loop as a graph: what can be reached, from where a
 * terminal can be reached, and which way leads past a set of states.  States
 * are named by their index; written targets count as they stand, whatever
 * verdict takes them.
 */
#ifndef LOOP_GRAPH_H
#define LOOP_GRAPH_H

#include "base/str.h"
#include "loop/loop.h"

struct edge {
	size_t from, to;
};

/* A state that can be entered from any other: `on_max_steps`,
 * `on_max_iterations`, the targets of the circuit, of `host_guard` or of a
 * limit. */
struct late {
	size_t to;
	const char *key; /* what the user wrote */
	bool routes;     /* the run goes on from there (the circuit) */
	long long steps; /* it strikes after so many; 0: at any time */
	bool rare;       /* nobody can count on it (host_guard) */
};

enum { GRAPH_LATE = 6 + BUDGETS };

struct graph {
	struct arena mem;
	const struct loop *loop;
	const struct edge *edge; /* by `from`, in file order */
	const size_t *first;     /* edges of i: first[i] to first[i + 1] - 1 */
	size_t nedges;
	struct late late[GRAPH_LATE];
	size_t nlate;
	bool broken;         /* a target or `initial` leads nowhere */
	const bool *reached; /* per state: can it be entered? */
	const bool *ends;    /* per state: can it come to a terminal? */
};

/* A terminal has no edges, except under `maintain`. */
void graph_init(struct graph *, const struct loop *);
void graph_release(struct graph *);
/*
 * The shortest way from `initial` to `to` on which no state marked in
 * `avoid` (one mark per state) is left; `to` itself may be marked.  Appended
 * as "a -> b -> c".  False, and nothing appended, when there is none.
 */
bool graph_bypass(
    const struct graph *, const bool *avoid, size_t to, struct str *way);

#endif
