/*
 * One circle.  Everything that decides where to go next is in the events
 * emitted here, so that a fold over the journal stands at the same place.
 */
#include "engine/step.h"

#include <string.h>

#include "base/auto.h"
#include "engine/act.h"
#include "engine/broken.h"
#include "engine/route.h"
#include "engine/verdict.h"

/* A state while it is executed. */
struct step {
	struct run *run;
	const struct state *s;
	struct frame *frame;
	struct act act;
	bool acted;
	struct judged judged; /* verdict NULL: not evaluated */
	struct finish *finish;
};

static int
finish(struct step *x, const char *cause, const char *error)
{
	x->finish->cause = cause;
	x->finish->error = error;
	return 0;
}

static int
emit(struct step *x, enum event_kind kind, const struct val *f, struct err *e)
{
	return run_emit(x->run, kind, f, e);
}

static const struct val *
text(struct step *x, const char *s)
{
	return val_text(&x->run->step, s);
}

static const struct val *
number(struct step *x, long long n)
{
	return val_int(&x->run->step, n);
}

static struct val *
fields(struct step *x)
{
	return val_map(&x->run->step);
}

static void
put(struct step *x, struct val *f, const char *key, const struct val *v)
{
	val_set(&x->run->step, f, key, v);
}

/* Go to a target; the edge may have been taken too often. */
static int
go(struct step *x, const struct target *t, const char *verdict,
    const char *cause, struct err *e)
{
	const struct state *to = route_state(t, x->s);
	struct arena *a = &x->run->step;
	struct val *f = fields(x);
	struct map_entry *edge;
	const char *name;

	put(x, f, "from", text(x, x->s->name));
	put(x, f, "to", text(x, to->name));
	if (verdict)
		put(x, f, "verdict", text(x, verdict));
	if (cause)
		put(x, f, "cause", text(x, cause));
	if (emit(x, EV_ROUTE, f, e) < 0)
		return -1;
	name = arena_printf(a, "%s->%s", x->s->name, to->name);
	edge = map_get(&x->frame->edges, name);
	if (!edge || edge->count <= x->run->loop->max_edge_revisits)
		return 0;
	f = fields(x);
	put(x, f, "edge", text(x, name));
	put(x, f, "from", text(x, x->s->name));
	put(x, f, "to", text(x, to->name));
	put(x, f, "count", number(x, edge->count));
	put(x, f, "max", number(x, x->run->loop->max_edge_revisits));
	if (emit(x, EV_CYCLE_DETECTED, f, e) < 0)
		return -1;
	x->finish->state = x->s->name;
	return finish(x, "cycle_detected",
	    arena_printf(a, "%s was taken %lld times, %lld are allowed", name,
		edge->count, x->run->loop->max_edge_revisits));
}

static int
enter(struct step *x, struct err *e)
{
	struct val *f = fields(x);

	put(x, f, "state", text(x, x->s->name));
	put(x, f, "iteration", number(x, x->frame->steps + 1));
	put(x, f, "iteration_count", number(x, x->frame->passes));
	put(x, f, "elapsed_ms", number(x, run_elapsed_ms(x->run)));
	return emit(x, EV_STATE_ENTER, f, e);
}

/* The action could not run: on_error and its like, or the end. */
static int
raise_error(struct step *x, struct err *e)
{
	const struct target *t =
	    x->s->has_next ? route_on_error(x->s) : route_raised(x->s);
	struct val *f = fields(x);

	put(x, f, "state", text(x, x->s->name));
	put(x, f, "error", text(x, x->act.error));
	put(x, f, "kind", text(x, x->act.kind));
	put(x, f, "route", t ? text(x, "on_error") : NULL);
	if (emit(x, EV_ACTION_ERROR, f, e) < 0)
		return -1;
	if (t)
		return go(x, t, NULL, x->act.kind, e);
	return finish(x, "error",
	    arena_printf(
		&x->run->step, "state '%s': %s", x->s->name, x->act.error));
}

static struct val *
throttle_fields(struct step *x, long long n, bool all)
{
	const struct throttle *t = &x->s->throttle;
	struct val *f = fields(x);

	put(x, f, "state", text(x, x->s->name));
	put(x, f, "count", number(x, n));
	if (all) {
		put(x, f, "normal_max", number(x, t->normal_max));
		put(x, f, "warn_max", number(x, t->warn_max));
	}
	put(x, f, "hard_max", number(x, t->hard_max));
	return f;
}

/* Declared throttles only (decisions.md §3.7). *done: it took over. */
static int
throttle(struct step *x, bool *done, struct err *e)
{
	const struct throttle *t = &x->s->throttle;
	const struct map_entry *m = map_get(&x->frame->throttles, x->s->name);
	long long n = m ? m->count : 0;
	const struct target *to = x->s->on_throttle_hard.name
	    ? &x->s->on_throttle_hard
	    : route_on_error(x->s);
	struct val *f;

	*done = false;
	if (!t->set)
		return 0;
	if (n == t->warn_max)
		return emit(
		    x, EV_THROTTLE_WARN, throttle_fields(x, n, true), e);
	if (n > t->hard_max) {
		*done = true;
		if (emit(x, EV_THROTTLE_STOP, throttle_fields(x, n, false), e) <
		    0)
			return -1;
		return finish(x, "error",
		    arena_printf(&x->run->step,
			"state '%s' acted %lld times in a row, "
			"throttle.hard_max is %lld",
			x->s->name, n, t->hard_max));
	}
	if (n < t->hard_max)
		return 0;
	f = throttle_fields(x, n, false);
	put(x, f, "next",
	    to ? text(x, route_state(to, x->s)->name)
	       : val_null(&x->run->step));
	if (emit(x, EV_THROTTLE_HARD, f, e) < 0)
		return -1;
	*done = to != NULL;
	return to ? go(x, to, NULL, "throttle", e) : 0;
}

/* `next`: a failure goes to on_error if there is one; an exit code without
 * it goes on, a broken execution does not (decisions.md §3.5). */
static int
unconditional(struct step *x, struct err *e)
{
	const struct target *on_error = route_on_error(x->s);
	long long code = x->acted ? x->act.exit_code : 0;
	bool broken = x->acted && broken_kind(&x->act.outcome);

	if (code == 0 || (!broken && !on_error))
		return go(x, &x->s->next, NULL, NULL, e);
	if (!on_error)
		return finish(x, "error",
		    arena_printf(&x->run->step, "state '%s': %s", x->s->name,
			broken_text(&x->act.outcome)));
	if (route_not_retryable(x->s, code))
		return go(x, route_give_up(x->s), NULL, "not_retryable", e);
	return go(x, on_error, NULL, "failed", e);
}

/* The same failure too often (circuit.repeated_failure). */
static int
stall(struct step *x, bool *done, struct err *e)
{
	const struct circuit *c = &x->run->loop->circuit;
	const struct streak *row = &x->frame->streak;
	const struct map_entry *m =
	    row->key ? map_get(&x->frame->recurrent, row->key) : NULL;
	bool often = c->recurrent > 0 && m && m->count >= c->recurrent;
	struct arena *a = &x->run->step;
	struct val *f = fields(x);

	*done = c->set && row->key && (row->count >= c->window || often);
	if (!*done)
		return 0;
	put(x, f, "state", text(x, x->s->name));
	put(x, f, "exit_code", number(x, x->frame->exit));
	put(x, f, "verdict", text(x, x->judged.verdict));
	if (row->count >= c->window)
		put(x, f, "consecutive", number(x, c->window));
	else
		put(x, f, "recurrent", number(x, m->count));
	put(x, f, "action",
	    c->abort ? text(x, "abort")
		     : text(x, arena_printf(a, "route:%s", c->to.name)));
	if (emit(x, EV_STALL_DETECTED, f, e) < 0)
		return -1;
	if (!c->abort)
		return go(x, &c->to, x->judged.verdict, "stall", e);
	return finish(x, "stall_detected",
	    arena_printf(a, "state '%s' gave '%s' again and again", x->s->name,
		x->judged.verdict));
}

/* A verdict without a route. Under `maintain` that begins again, unless it
 * tells of a failure (spec/execution.md 1.2). */
static int
nowhere(struct step *x, const char *verdict, struct err *e)
{
	const struct loop *l = x->run->loop;
	bool failed = strcmp(verdict, "error") == 0 ||
	    (x->acted && x->act.exit_code != 0);
	struct frame *f = x->frame;

	if (f->closing)
		return finish(x,
		    f->steps_summary ? "max_steps" : "max_iterations_reached",
		    NULL);
	if (l->maintain && !failed)
		return go(x, route_restart(l, x->s), verdict, "maintain", e);
	return finish(x, "error",
	    arena_printf(&x->run->step,
		"no valid transition: state '%s' has no route for '%s'",
		x->s->name, verdict));
}

static int
conditional(struct step *x, struct err *e)
{
	bool judged = x->acted || x->s->evaluate.set, done = false;
	const struct target *t;
	const char *verdict;

	if (judged &&
	    verdict_reach(
		x->run, x->s, x->acted ? &x->act : NULL, &x->judged, e) < 0)
		return -1;
	if (x->judged.stopped)
		return finish(x, "interrupted", NULL);
	if (judged && stall(x, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	verdict = judged ? x->judged.verdict : "yes";
	if (x->acted && strcmp(verdict, "error") == 0 &&
	    route_not_retryable(x->s, x->act.exit_code) && route_give_up(x->s))
		return go(x, route_give_up(x->s), verdict, "not_retryable", e);
	t = route_verdict(x->s, verdict);
	return t ? go(x, t, verdict, NULL, e) : nowhere(x, verdict, e);
}

/* Act, if there is something to do. *done: the state is left already. */
static int
act(struct step *x, bool *done, struct err *e)
{
	*done = true;
	if (x->s->call.word || x->s->fan.items) {
		x->act.kind = "unsupported";
		x->act.error = x->s->fan.items
		    ? "'parallel' is not in this version"
		    : "'loop' is not in this version";
		return raise_error(x, e);
	}
	if (x->s->later) {
		x->act.kind = "unsupported";
		x->act.error = arena_printf(
		    &x->run->step, "'%s' is not in this version", x->s->later);
		return raise_error(x, e);
	}
	if (x->s->action) {
		if (act_go(x->run, x->s, &x->act, e) < 0)
			return -1;
		if (x->act.end == ACT_RAISED)
			return raise_error(x, e);
		if (x->act.end == ACT_STOPPED)
			return finish(x, "interrupted", NULL);
		if (x->act.outcome.kind == OUT_TIMEOUT &&
		    x->act.outcome.code == LIMIT_LOOP)
			return finish(x, "timeout", NULL);
		if (x->act.end == ACT_FULL)
			return finish(x, "disk_limit", x->act.error);
		x->acted = true;
		return throttle(x, done, e);
	}
	*done = false;
	return 0;
}

int
step_go(
    struct run *run, const struct state *s, struct finish *out, struct err *e)
{
	struct step x = {
		.run = run,
		.s = s,
		.frame = point_top(&run->point),
		.finish = out,
	};
	bool done;

	*out = (struct finish) { 0 };
	if (enter(&x, e) < 0 || act(&x, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	return s->has_next ? unconditional(&x, e) : conditional(&x, e);
}
