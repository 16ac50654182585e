/*
 * Rules of the whole graph.  While a transition is missing or leads nowhere,
 * that has been said, and everything behind it would be reported as a
 * consequence; the rules about reach are silent then.
 */
#include "loop/check_flow.h"

#include <string.h>

#include "base/auto.h"

static struct place
states_place(const struct checkup *c)
{
	const struct member *m = val_member(c->loop->src, "states");

	if (m)
		return m->at;
	return c->loop->src ? c->loop->src->at : (struct place) { 0 };
}

static bool
has_terminal(const struct loop *l)
{
	for (size_t i = 0; i < l->nstates; i++)
		if (l->states[i]->terminal)
			return true;
	return false;
}

void
flow_no_terminal(struct checkup *c)
{
	/* Without any state, that is what the loader has said. */
	if (!c->loop->nstates || has_terminal(c->loop))
		return;
	diag_add(c->diags, states_place(c), "E220", "states",
	    "no state is terminal, so a run can never end well (give the last "
	    "state `terminal: true`)");
}

static bool
leads_on(const struct state *s)
{
	return s->terminal || s->non || s->has_route || s->has_next ||
	    rule_is_child(s);
}

/* The loader has said that a transition is of the wrong kind. */
static bool
is_miswritten(const struct state *s)
{
	static const char *const keys[] = { "next", "route", "on_yes", "on_no",
		"on_error", "on_success", "on_failure" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (rule_key(s, keys[i]))
			return true;
	return false;
}

void
flow_no_transition(struct checkup *c)
{
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (leads_on(s) || is_miswritten(s))
			continue;
		diag_add(c->diags, s->at, "E224", rule_path(c, s, NULL),
		    "state '%s' has no transition (add `next`, `on_yes` and "
		    "`on_no`, or `route`; or `terminal: true` if the loop "
		    "ends there)",
		    s->name);
	}
}

static bool
is_whole(const struct checkup *c)
{
	for (size_t i = 0; i < c->loop->nstates; i++)
		if (!leads_on(c->loop->states[i]))
			return false;
	return !c->graph.broken;
}

/* Is there a way from the first state to a terminal? */
static bool
can_end(const struct checkup *c)
{
	const struct state *first = c->loop->initial.to;

	return !is_whole(c) || !has_terminal(c->loop) ||
	    c->graph.ends[first->index];
}

void
flow_terminal_out_of_reach(struct checkup *c)
{
	if (can_end(c))
		return;
	diag_add(c->diags, states_place(c), "W221", "states",
	    "no terminal state can be reached from '%s': a run can only end "
	    "by a limit or an error",
	    c->loop->initial.name);
}

static bool
is_trapped(const struct checkup *c, size_t i)
{
	return c->graph.reached[i] && !c->graph.ends[i];
}

static bool
is_late(const struct checkup *c, size_t i)
{
	for (size_t k = 0; k < c->graph.nlate; k++)
		if (c->graph.late[k].to == i && !c->graph.late[k].routes &&
		    !c->graph.late[k].rare)
			return true;
	return false;
}

/* One finding, at the first of the trapped states: the rest follow from it.
 * A state that only closes a run after a cap needs no way on. */
void
flow_trap(struct checkup *c)
{
	const struct state *first = NULL;
	auto_str names = STR_INIT;

	if (!is_whole(c) || !has_terminal(c->loop) || !can_end(c))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		if (!is_trapped(c, i) || is_late(c, i))
			continue;
		if (!first)
			first = c->loop->states[i];
		str_addf(&names, "%s'%s'", names.len ? ", " : "",
		    c->loop->states[i]->name);
	}
	if (first)
		diag_add(c->diags, first->at, "W222", rule_path(c, first, NULL),
		    "no terminal state can be reached any more from %s: add a "
		    "transition that leads out",
		    names.buf);
}

void
flow_unreachable(struct checkup *c)
{
	if (!is_whole(c))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (c->graph.reached[i])
			continue;
		diag_add(c->diags, s->at, "W223", rule_path(c, s, NULL),
		    "state '%s' is never reached from '%s' (lead a transition "
		    "to it, or remove it)",
		    s->name, c->loop->initial.name);
	}
}

void
flow_terminal_action(struct checkup *c)
{
	if (rule_silenced(c, "terminal_action_ok"))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (!s->terminal || s->type == ACTION_NONE || is_late(c, i))
			continue;
		diag_add(c->diags, rule_place(s, "action"), "W226",
		    rule_path(c, s, "action"),
		    "the action of the terminal state '%s' never runs (put it "
		    "in a state before, with `next: %s`)",
		    s->name, s->name);
	}
}

/* Does the state do something a reader of the journal could learn from? */
static bool
acts(const struct state *s)
{
	return s->type != ACTION_NONE || rule_is_child(s) ||
	    rule_key(s, "learning");
}

static bool
is_explained(const struct checkup *c, size_t failure)
{
	for (size_t k = 0; k < c->graph.nlate; k++)
		if (c->graph.late[k].to == failure)
			return true;
	for (size_t e = 0; e < c->graph.nedges; e++) {
		const struct edge *x = &c->graph.edge[e];

		if (x->to == failure && x->from != failure &&
		    acts(c->loop->states[x->from]))
			return true;
	}
	return false;
}

void
flow_mute_failure(struct checkup *c)
{
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (!s->terminal || !s->failure || !c->graph.reached[i] ||
		    is_explained(c, i))
			continue;
		diag_add(c->diags, s->at, "W227", rule_path(c, s, NULL),
		    "nothing that acts leads to the failure '%s', so a run "
		    "that ends there cannot say why (put a state with an "
		    "action before it)",
		    s->name);
	}
}
