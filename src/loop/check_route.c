/*
 * Rules of one state's routes.  An unrouted verdict ends the run with an
 * error; some loops mean to do that: always a warning.
 */
#include "loop/check_route.h"

#include <string.h>

#include "base/auto.h"

static bool
has_on(const struct state *s, const char *verdict)
{
	for (size_t i = 0; i < s->non; i++)
		if (strcmp(s->on[i].verdict, verdict) == 0)
			return true;
	return false;
}

static bool
in_table(const struct state *s, const char *verdict)
{
	for (size_t i = 0; i < s->nroute; i++)
		if (strcmp(s->route[i].verdict, verdict) == 0)
			return true;
	return false;
}

static bool
has_route(const struct state *s, const char *verdict)
{
	return s->has_route ? in_table(s, verdict) : has_on(s, verdict);
}

/* As the engine looks: `no` and `error` have second chances, and so has what
 * a tool came to. */
static bool
is_routed(const struct state *s, const char *verdict)
{
	bool falls = strcmp(verdict, "no") == 0;

	if (!has_route(s, verdict))
		verdict = state_verdict_like(s, verdict);
	if (s->has_route)
		return in_table(s, verdict) || in_table(s, "_") ||
		    ((falls || strcmp(verdict, "error") == 0) &&
			in_table(s, "_error"));
	return has_on(s, verdict) || (falls && has_on(s, "error"));
}

void
route_twice(struct checkup *c)
{
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (!s->has_route || !s->non)
			continue;
		diag_add(c->diags, s->on[0].to.at, "W225",
		    rule_path(c, s, NULL),
		    "state '%s' has `route` and `on_%s`: the table decides "
		    "alone (move it into `route`)",
		    s->name, s->on[0].verdict);
	}
}

void
route_no_default(struct checkup *c)
{
	if (rule_silenced(c, "partial_route_ok"))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];

		if (!s->evaluate.set || s->evaluate.type != EVAL_CLASSIFY ||
		    s->has_next || (!s->has_route && !s->non) ||
		    in_table(s, "_"))
			continue;
		diag_add(c->diags, rule_place(s, "evaluate"), "W228",
		    rule_path(c, s, NULL),
		    "state '%s' takes any word as verdict, and a word without "
		    "a route would end the run with an error (%s)",
		    s->name,
		    s->has_route ? "add `_` to `route`"
				 : "write a `route` with `_`");
	}
}

/* What a state's evaluator can say for certain, as a list of verdicts. */
static const char *const *
sure_verdicts(const struct state *s)
{
	static const char *const both[] = { "yes", "no", NULL };
	static const char *const only_yes[] = { "yes", NULL };
	static const char *const near[] = { "target", "progress", NULL };
	static const char *const nearer[] = { "target", "progress", "stall",
		NULL };
	static const char *const within[] = { "yes", "partial", "no", NULL };
	static const char *const tool[] = { "success", "tool_error",
		"not_found", "timeout", NULL };
	static const char *const none[] = { NULL };

	if (s->has_next || s->terminal)
		return none;
	if (rule_is_child(s))
		return s->fan.as && s->fan.tolerate > 0 ? within : both;
	if (!s->non && !s->has_route)
		return none;
	switch (s->evaluate.type) {
	case EVAL_OUTPUT_NUMERIC:
	case EVAL_OUTPUT_JSON:
	case EVAL_OUTPUT_CONTAINS:
		return both;
	case EVAL_CONVERGENCE:
		return s->evaluate.previous ? nearer : near;
	case EVAL_DEFAULT:
	case EVAL_EXIT_CODE:
		if (s->type == ACTION_SHELL)
			return both;
		if (s->type == ACTION_MCP && s->evaluate.type == EVAL_DEFAULT)
			return tool;
		return s->type == ACTION_NONE ? only_yes : none;
	case EVAL_MCP_RESULT:
		return tool;
	default:
		return none;
	}
}

static const char *
way_out(struct checkup *c, const struct state *s, const char *verdict)
{
	return arena_printf(
	    &c->mem, s->has_route ? "`%s` to `route`" : "`on_%s`", verdict);
}

/* Under `maintain` a verdict without a route begins the next pass, unless the
 * action failed: then it ends the run all the same. */
static bool
begins_again(const struct loop *l, const struct state *s, const char *verdict)
{
	bool by_exit = s->evaluate.type == EVAL_DEFAULT ||
	    s->evaluate.type == EVAL_EXIT_CODE;

	return l->maintain && !(by_exit && strcmp(verdict, "no") == 0);
}

void
route_unrouted(struct checkup *c)
{
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		const char *const *v = sure_verdicts(s);

		for (; *v; v++) {
			if (is_routed(s, *v) || begins_again(c->loop, s, *v))
				continue;
			diag_add(c->diags, s->at, "W229", rule_path(c, s, NULL),
			    "state '%s' has no route for the verdict '%s', "
			    "which would end the run with an error (add %s)",
			    s->name, *v, way_out(c, s, *v));
		}
	}
}

static bool
does_nothing(const struct state *s)
{
	return s->type == ACTION_NONE && !s->evaluate.set && !rule_is_child(s);
}

static const char *
what_fails(const struct state *s)
{
	if (s->fan.as)
		return "items that cannot be had, a failed start";
	return rule_is_child(s) ? "a loop that cannot start"
				: "timeout, signal, failed start";
}

void
route_unrouted_error(struct checkup *c)
{
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		const char *const *v = sure_verdicts(s);

		/* A state that does nothing cannot fail. */
		if (!*v || does_nothing(s) || is_routed(s, "error"))
			continue;
		diag_add(c->diags, s->at, "W230", rule_path(c, s, NULL),
		    "state '%s' has no route for the verdict 'error' "
		    "(%s), which would end the run (add %s)",
		    s->name, what_fails(s), way_out(c, s, "error"));
	}
}

void
route_judge_dead_end(struct checkup *c)
{
	static const char *const verdicts[] = { "no", "partial" };

	if (rule_silenced(c, "partial_route_ok"))
		return;
	for (size_t i = 0; i < c->loop->nstates; i++) {
		const struct state *s = c->loop->states[i];
		auto_str missing = STR_INIT;

		if (!rule_is_judged(s) || rule_is_child(s) || s->has_next ||
		    s->has_route || !has_on(s, "yes"))
			continue;
		for (size_t k = 0; k < COUNT(verdicts); k++)
			if (!is_routed(s, verdicts[k]))
				str_addf(&missing, "%s`on_%s`",
				    missing.len ? " and " : "", verdicts[k]);
		if (!missing.len)
			continue;
		diag_add(c->diags, s->at, "W231", rule_path(c, s, NULL),
		    "a model judges state '%s', which has no %s: that answer "
		    "would end the run with an error",
		    s->name, missing.buf);
	}
}
