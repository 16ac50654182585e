/*
 * The guard of the machine's memory.  It looks before a prompt, since that is
 * what takes gigabytes; a command is never held back.  What it decides is in
 * its events, so that a fold needs no look of its own.
 */
#include <string.h>

#include "engine/pressure.h"
#include "engine/step_part.h"

static const char PRESSED[] = "host_pressure";
static const char ABORTED[] = "host_pressure_abort";

/* ---- before a prompt ---- */

static bool
is_prompt(const struct state *s)
{
	return s->type == ACTION_PROMPT || s->type == ACTION_SLASH;
}

static struct val *
fields(struct step *x, double used)
{
	struct arena *a = run_mem(x->run);
	struct val *f = val_map(a);

	step_text(x, f, "state", x->s->name);
	if (x->looked)
		step_text(x, f, "call", "judge");
	val_set(a, f, "used_pct", val_real(a, pressure_tenths(used)));
	return f;
}

static int
tell_pressure(struct step *x, double used, const char *action, struct err *e)
{
	struct arena *a = run_mem(x->run);
	struct val *f = fields(x, used);

	val_set(a, f, "action", val_text(a, action));
	val_set(a, f, "critical", val_bool(a, true));
	return step_emit(x, EV_HOST_PRESSURE, f, e);
}

static int
leave_for(struct step *x, const struct state *to, struct err *e)
{
	struct val *f = val_map(run_mem(x->run));

	step_text(x, f, "from", x->s->name);
	step_text(x, f, "to", to->name);
	step_text(x, f, "reason", "host_pressure");
	return step_emit(x, EV_ROUTE, f, e);
}

/* An item only says so: its state is left once all items are over. */
static int
end_item(struct step *x, const char *cause, const char *error)
{
	x->finish->all = true;
	return step_finish(x, cause, error);
}

/* The state is left before it did anything. */
static int
go_elsewhere(struct step *x, double used, struct err *e)
{
	const struct state *to = run_loop(x->run)->guard.pressure_state.to;
	struct arena *a = run_mem(x->run);

	if (tell_pressure(x, used, arena_printf(a, "route:%s", to->name), e) <
	    0)
		return -1;
	return x->hand ? end_item(x, PRESSED, NULL) : leave_for(x, to, e);
}

static int
abort_run(struct step *x, struct val *f, const char *error, struct err *e)
{
	const struct state *next = run_loop(x->run)->guard.on_abort_route.to;

	step_text(x, f, "next", next ? next->name : NULL);
	if (step_emit(x, EV_HOST_PRESSURE_ABORT, f, e) < 0)
		return -1;
	x->finish->all = true;
	return step_finish(x, ABORTED, error);
}

static int
give_up(struct step *x, double used, struct err *e)
{
	const char *error = arena_printf(run_mem(x->run),
	    "state '%s': %.1f%% of the memory is in use", x->s->name,
	    pressure_tenths(used));

	if (tell_pressure(x, used, "abort", e) < 0)
		return -1;
	return x->hand ? end_item(x, ABORTED, error)
		       : abort_run(x, fields(x, used), error, e);
}

bool
step_is_pressed(const char *cause)
{
	return strcmp(cause, PRESSED) == 0 || strcmp(cause, ABORTED) == 0;
}

int
step_pressed(struct step *x, struct err *e)
{
	struct run *r = x->run;
	struct val *f = val_map(run_mem(r));

	if (strcmp(r->fan.cause, PRESSED) == 0)
		return leave_for(x, run_loop(r)->guard.pressure_state.to, e);
	step_text(x, f, "state", x->s->name);
	return abort_run(x, f, r->fan.error, e);
}

/* It has rested: on with the action, or the judge, unless something came
 * meanwhile. */
static int
rested(struct run *r, struct finish *out, struct err *e)
{
	struct step x = step_here(r, NULL, out);

	if (run_stop_asked(r))
		return step_finish(&x, "interrupted", NULL);
	if (run_is_late(r))
		return step_finish(&x, "timeout", NULL);
	return step_act(&x, e);
}

static int
rested_judge(struct run *r, struct finish *out, struct err *e)
{
	struct step x = step_here(r, NULL, out);

	if (run_stop_asked(r))
		return step_finish(&x, "interrupted", NULL);
	if (run_is_late(r))
		return step_finish(&x, "timeout", NULL);
	x.looked = true;
	step_take_act(&x);
	return step_ask_judge(&x, e);
}

static int
cool_down(struct step *x, double used, bool critical, struct err *e)
{
	long long ms = run_loop(x->run)->guard.cooldown_ms;
	struct arena *a = run_mem(x->run);
	struct val *f = fields(x, used);

	val_set(a, f, "cooldown_seconds", val_real(a, (double)ms / 1000));
	if (critical)
		val_set(a, f, "critical", val_bool(a, true));
	if (step_emit(x, EV_HOST_COOLDOWN, f, e) < 0)
		return -1;
	if (ms > 0) {
		run_rest(x->run, ms);
		x->run->worker->then = x->hand ? step_item_rested
		    : x->looked                ? rested_judge
					       : rested;
	}
	return 0;
}

static int
under_pressure(struct step *x, double used, bool *done, struct err *e)
{
	const struct host_guard *g = &run_loop(x->run)->guard;

	*done = true;
	if (g->on_pressure == PRESSURE_ROUTES && g->pressure_state.to)
		return go_elsewhere(x, used, e);
	if (g->on_pressure == PRESSURE_ABORTS)
		return give_up(x, used, e);
	*done = g->cooldown_ms > 0;
	return cool_down(x, used, true, e);
}

int
step_pressure(struct step *x, bool judge, bool *done, struct err *e)
{
	const struct host_guard *g = &run_loop(x->run)->guard;
	const struct gauge *gauge = &x->run->gauge;
	double used;

	*done = false;
	x->looked = judge;
	if (!(judge || is_prompt(x->s)) || !g->enabled ||
	    x->run->guards.no_host_guard || !gauge->used_pct ||
	    !gauge->used_pct(gauge->self, &used))
		return 0;
	if (used >= g->critical_pct)
		return under_pressure(x, used, done, e);
	if (used >= g->warn_pct) {
		*done = g->cooldown_ms > 0;
		return cool_down(x, used, false, e);
	}
	if (!x->frame->pressed)
		return 0;
	return step_emit(x, EV_HOST_PRESSURE_RELIEVED, fields(x, used), e);
}

/* ---- what actions used ---- */

int
step_over_budget(
    struct step *x, const struct target **to, bool *done, struct err *e)
{
	const struct host_guard *g = &run_loop(x->run)->guard;
	long long budget = pressure_budget_kb(x->run), kb = x->frame->rss_kb;
	bool aborts = g->budget_aborts || !g->budget_state.to;
	struct arena *a = run_mem(x->run);
	struct val *f;

	*done = false;
	if (!budget || kb <= budget || x->frame->rss_exceeded)
		return 0;
	f = val_map(a);
	step_text(x, f, "state", x->s->name);
	val_set(a, f, "cumulative_mb", pressure_megabytes(x->run, kb));
	step_number(x, f, "budget_mb", budget / PRESSURE_KB_PER_MB);
	step_text(x, f, "action",
	    aborts ? "abort"
		   : arena_printf(a, "route:%s", g->budget_state.to->name));
	if (step_emit(x, EV_HOST_BUDGET_EXCEEDED, f, e) < 0)
		return -1;
	if (!aborts) {
		*to = &g->budget_state;
		return 0;
	}
	*done = true;
	x->finish->all = true;
	return step_finish(x, "host_budget_exceeded",
	    arena_printf(a, "actions used %lld MB together, %lld are allowed",
		kb / PRESSURE_KB_PER_MB, budget / PRESSURE_KB_PER_MB));
}
