/*
 * How a state is left: by a route, by an error that one takes, or not at
 * all, and then the frame ends.
 */
#include "engine/step_part.h"

#include <string.h>

#include "engine/route.h"
#include "engine/spend.h"

int
step_finish(struct step *x, const char *cause, const char *error)
{
	x->finish->cause = cause;
	x->finish->error = error;
	return 0;
}

int
step_emit(
    struct step *x, enum event_kind kind, const struct val *f, struct err *e)
{
	return run_emit(x->run, kind, f, e);
}

void
step_text(struct step *x, struct val *f, const char *key, const char *s)
{
	struct arena *a = run_mem(x->run);

	if (s)
		val_set(a, f, key, val_text(a, s));
}

void
step_number(struct step *x, struct val *f, const char *key, long long n)
{
	struct arena *a = run_mem(x->run);

	val_set(a, f, key, val_int(a, n));
}

/* The edge may have been taken too often. */
static int
check_edge(struct step *x, const struct state *to, struct err *e)
{
	struct arena *a = run_mem(x->run);
	const char *name = arena_printf(a, "%s->%s", x->s->name, to->name);
	const struct map_entry *edge = map_get(&x->frame->edges, name);
	struct val *f;

	if (!edge || edge->count <= run_loop(x->run)->max_edge_revisits)
		return 0;
	f = val_map(a);
	step_text(x, f, "edge", name);
	step_text(x, f, "from", x->s->name);
	step_text(x, f, "to", to->name);
	step_number(x, f, "count", edge->count);
	step_number(x, f, "max", run_loop(x->run)->max_edge_revisits);
	if (step_emit(x, EV_CYCLE_DETECTED, f, e) < 0)
		return -1;
	x->finish->state = x->s->name;
	return step_finish(x, "cycle_detected",
	    arena_printf(a, "%s was taken %lld times, %lld are allowed", name,
		edge->count, run_loop(x->run)->max_edge_revisits));
}

int
step_leave(struct step *x, const struct target *t, const char *verdict,
    const char *cause, struct err *e)
{
	const struct target *wanted = t;
	const struct state *to;
	struct val *f;
	bool done;

	if (step_marked(x, &t, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	f = val_map(run_mem(x->run));
	to = route_state(t, x->s);
	step_text(x, f, "from", x->s->name);
	step_text(x, f, "to", to->name);
	if (verdict)
		step_text(x, f, "verdict", verdict);
	if (t != wanted)
		cause = "host_budget";
	if (cause)
		step_text(x, f, "cause", cause);
	if (step_emit(x, EV_ROUTE, f, e) < 0)
		return -1;
	return check_edge(x, to, e);
}

/* The action could not run: on_error and its like, or the end. */
int
step_raise(struct step *x, struct err *e)
{
	const struct target *t = route_unstarted(x->s, x->act->kind);
	struct val *f = val_map(run_mem(x->run));

	if (spend_is_hit(x->run))
		return step_limit(x, e);
	step_text(x, f, "state", x->s->name);
	step_text(x, f, "error", x->act->error);
	step_text(x, f, "kind", x->act->kind);
	step_text(x, f, "route", t ? "on_error" : NULL);
	if (step_emit(x, EV_ACTION_ERROR, f, e) < 0)
		return -1;
	if (t)
		return step_leave(x, t, NULL, x->act->kind, e);
	return step_finish(x, "error",
	    arena_printf(
		run_mem(x->run), "state '%s': %s", x->s->name, x->act->error));
}

/* A verdict without a route. Under `maintain` that begins again, unless it
 * tells of a failure (spec/execution.md 1.2). */
int
step_nowhere(struct step *x, const char *verdict, struct err *e)
{
	const struct loop *l = run_loop(x->run);
	bool failed = strcmp(verdict, "error") == 0 ||
	    (x->acted && x->act->exit_code != 0);
	struct frame *f = x->frame;
	bool done;

	if (step_marked_nowhere(x, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	if (f->closing)
		return step_finish(x,
		    f->steps_summary ? "max_steps" : "max_iterations_reached",
		    NULL);
	if (l->maintain && !failed)
		return step_leave(
		    x, route_restart(l, x->s), verdict, "maintain", e);
	return step_finish(x, "error",
	    arena_printf(run_mem(x->run),
		"no valid transition: state '%s' has no route for '%s'",
		x->s->name, verdict));
}
