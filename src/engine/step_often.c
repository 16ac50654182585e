/*
 * When a state has acted, or failed alike, too often in a row.
 */
#include "engine/step_part.h"

#include "engine/route.h"

static struct val *
throttle_fields(struct step *x, long long n, bool all)
{
	const struct throttle *t = &x->s->throttle;
	struct val *f = val_map(run_mem(x->run));

	step_text(x, f, "state", x->s->name);
	step_number(x, f, "count", n);
	if (all) {
		step_number(x, f, "normal_max", t->normal_max);
		step_number(x, f, "warn_max", t->warn_max);
	}
	step_number(x, f, "hard_max", t->hard_max);
	return f;
}

/* Declared throttles only (decisions.md §3.7). *done: it took over. */
int
step_throttle(struct step *x, bool *done, struct err *e)
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
		return step_emit(
		    x, EV_THROTTLE_WARN, throttle_fields(x, n, true), e);
	if (n > t->hard_max) {
		*done = true;
		if (step_emit(x, EV_THROTTLE_STOP, throttle_fields(x, n, false),
			e) < 0)
			return -1;
		return step_finish(x, "error",
		    arena_printf(run_mem(x->run),
			"state '%s' acted %lld times in a row, "
			"throttle.hard_max is %lld",
			x->s->name, n, t->hard_max));
	}
	if (n < t->hard_max)
		return 0;
	f = throttle_fields(x, n, false);
	val_set(run_mem(x->run), f, "next",
	    to ? val_text(run_mem(x->run), route_state(to, x->s)->name)
	       : val_null(run_mem(x->run)));
	if (step_emit(x, EV_THROTTLE_HARD, f, e) < 0)
		return -1;
	*done = to != NULL;
	return to ? step_leave(x, to, NULL, "throttle", e) : 0;
}

static int
tell_stall(
    struct step *x, long long consecutive, long long recurrent, struct err *e)
{
	const struct circuit *c = &run_loop(x->run)->circuit;
	struct arena *a = run_mem(x->run);
	struct val *f = val_map(a);

	step_text(x, f, "state", x->s->name);
	step_number(x, f, "exit_code", x->frame->exit);
	step_text(x, f, "verdict", x->judged.verdict);
	if (consecutive > 0)
		step_number(x, f, "consecutive", consecutive);
	else
		step_number(x, f, "recurrent", recurrent);
	step_text(x, f, "action",
	    c->abort ? "abort" : arena_printf(a, "route:%s", c->to.name));
	return step_emit(x, EV_STALL_DETECTED, f, e);
}

/* The same failure too often (circuit.repeated_failure). */
int
step_stall(struct step *x, bool *done, struct err *e)
{
	const struct circuit *c = &run_loop(x->run)->circuit;
	const struct streak *row = &x->frame->streak;
	const struct map_entry *m =
	    row->key ? map_get(&x->frame->recurrent, row->key) : NULL;
	bool often = c->recurrent > 0 && m && m->count >= c->recurrent;
	bool told = x->frame->stalled;

	*done =
	    told || (c->set && row->key && (row->count >= c->window || often));
	if (!*done)
		return 0;
	if (!told &&
	    tell_stall(x, row->count >= c->window ? c->window : 0,
		m ? m->count : 0, e) < 0)
		return -1;
	if (!c->abort)
		return step_leave(x, &c->to, x->judged.verdict, "stall", e);
	return step_finish(x, "stall_detected",
	    arena_printf(run_mem(x->run),
		"state '%s' gave '%s' again and again", x->s->name,
		x->judged.verdict));
}
