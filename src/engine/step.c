/*
 * One circle: a state is entered, does what it does, is judged and left.
 * Everything that decides where to go next is in the events emitted here, so
 * that a fold over the journal stands at the same place.  What takes time is
 * only begun; the worker waits, and the circle is closed by step_acted(),
 * step_called() or step_fanned().
 */
#include "engine/step.h"

#include <string.h>

#include "base/auto.h"
#include "engine/act.h"
#include "engine/broken.h"
#include "engine/call.h"
#include "engine/fan.h"
#include "engine/judge_host.h"
#include "engine/route.h"
#include "engine/spend.h"
#include "engine/step_ladder.h"
#include "engine/verdict.h"

/* The state where the worker's frame stands. */
struct step
step_here(struct run *run, const struct state *s, struct finish *out)
{
	*out = (struct finish) { 0 };
	return (struct step) {
		.run = run,
		.s = s ? s : loop_state(run_loop(run), run_frame(run)->state),
		.frame = run_frame(run),
		.act = &run->worker->act,
		.finish = out,
	};
}

static int
enter(struct step *x, struct err *e)
{
	struct val *f = val_map(run_mem(x->run));

	step_text(x, f, "state", x->s->name);
	step_number(x, f, "iteration",
	    x->frame->steps + (x->frame->climbing != CLIMB_AGAIN));
	step_number(x, f, "iteration_count", x->frame->passes);
	step_number(x, f, "elapsed_ms", run_elapsed_ms(x->run));
	return step_emit(x, EV_STATE_ENTER, f, e);
}

/* `next`: a failure goes to on_error if there is one; an exit code without
 * it goes on, a broken execution does not (decisions.md §3.5). */
static int
unconditional(struct step *x, struct err *e)
{
	const struct target *on_error = route_on_error(x->s);
	long long code = x->acted ? x->act->exit_code : 0;
	bool broken = x->acted && broken_kind(&x->act->outcome);

	if (code == 0 || (!broken && !on_error))
		return step_leave(x, &x->s->next, NULL, NULL, e);
	if (!on_error)
		return step_finish(x, "error",
		    arena_printf(run_mem(x->run), "state '%s': %s", x->s->name,
			broken_text(&x->act->outcome)));
	if (route_not_retryable(x->s, code))
		return step_leave(
		    x, route_give_up(x->s), NULL, "not_retryable", e);
	return step_leave(x, on_error, NULL, "failed", e);
}

/* The same for items: what failed on its own goes on without on_error. */
static int
by_next(struct step *x, struct err *e)
{
	const char *verdict = x->judged.verdict;
	const struct target *t = route_next(x->s, verdict);

	if (t)
		return step_leave(x, t, verdict, NULL, e);
	return step_finish(x, "error",
	    arena_printf(run_mem(x->run),
		"state '%s': items could not be done as they should",
		x->s->name));
}

/* Did items fail because an agent was asked too often, and is there a way for
 * that? */
static bool
was_refused(const struct step *x)
{
	static const char *const words[] = { "error", "no" };
	const struct val *told = val_get(x->frame->last.v, "details");

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(x->judged.verdict, words[i]) == 0)
			return x->s->ladder.exhausted.name && told &&
			    val_num(told, "refused", 0) > 0;
	return false;
}

/* What has a verdict goes on by it. */
static int
by_verdict(struct step *x, struct err *e)
{
	const char *verdict = x->judged.verdict;
	const struct target *t = judge_host_abstains(x->s, verdict)
	    ? route_raised(x->s)
	    : route_verdict(x->s, verdict);

	return t ? step_leave(x, t, verdict, NULL, e)
		 : step_nowhere(x, verdict, e);
}

int
step_go_by(struct step *x, struct err *e)
{
	bool done = false;

	/* An action is asked for it before it is judged. */
	if (x->s->fan.items && step_throttle(x, &done, e) < 0)
		return -1;
	if (!done && step_stall(x, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	if (x->s->fan.items && was_refused(x))
		return step_leave(x, &x->s->ladder.exhausted, x->judged.verdict,
		    "rate_limit_exhausted", e);
	if (x->s->fan.items && x->s->has_next)
		return by_next(x, e);
	if (x->acted && strcmp(x->judged.verdict, "error") == 0 &&
	    route_not_retryable(x->s, x->act->exit_code) && route_give_up(x->s))
		return step_leave(x, route_give_up(x->s), x->judged.verdict,
		    "not_retryable", e);
	return by_verdict(x, e);
}

static int
conditional(struct step *x, struct err *e)
{
	if (!x->acted && !x->s->evaluate.set) {
		x->judged.verdict = "yes";
		return by_verdict(x, e);
	}
	if (eval_by_host(x->s) != EVAL_DEFAULT)
		return step_ask_judge(x, e);
	if (verdict_reach(
		x->run, x->s, x->acted ? x->act : NULL, &x->judged, e) < 0)
		return -1;
	if (x->judged.stopped)
		return step_finish(x, "interrupted", NULL);
	return step_go_by(x, e);
}

int
step_judge(struct step *x, struct err *e)
{
	bool done;

	x->acted = true;
	if (step_throttle(x, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	return x->s->has_next ? unconditional(x, e) : conditional(x, e);
}

static int
act_again(struct run *r, struct finish *out, struct err *e)
{
	struct step x = step_here(r, NULL, out);

	return step_held_over(&x) ? 0 : step_act(&x, e);
}

/* 1: it has begun and goes on later. */
static int
begun(struct step *x, enum worker_waits waits, int rc, struct err *e)
{
	if (rc < 0)
		return -1;
	if (x->act->end == ACT_RAISED)
		return step_raise(x, e);
	if (x->act->end == ACT_HELD)
		return step_hold(x, act_again);
	x->run->worker->waits = waits;
	return 1;
}

int
step_act(struct step *x, struct err *e)
{
	return begun(x, WORKER_ACTS, act_start(x->run, x->s, e), e);
}

int
step_go(
    struct run *run, const struct state *s, struct finish *out, struct err *e)
{
	struct step x = step_here(run, s, out);
	bool done = false;

	if (enter(&x, e) < 0)
		return -1;
	*x.act = (struct act) { .end = ACT_DONE };
	if (s->later) {
		x.act->kind = "unsupported";
		x.act->error = arena_printf(
		    run_mem(run), "'%s' is not in this version", s->later);
		return step_raise(&x, e);
	}
	if (s->fan.items)
		return begun(&x, WORKER_FANS, fan_begin(run, s, e), e);
	if (s->call.word)
		return begun(&x, WORKER_GOES, call_begin(run, s, e), e);
	if (!s->action || s->type == ACTION_CONTRACT)
		return s->has_next ? unconditional(&x, e) : conditional(&x, e);
	if (step_pressure(&x, false, &done, e) < 0)
		return -1;
	if (done)
		return run->worker->waits == WORKER_RESTS;
	return step_act(&x, e);
}

int
step_acted(struct run *run, const struct outcome *outcome, struct finish *out,
    struct err *e)
{
	struct step x = step_here(run, NULL, out);
	bool done;

	if (run->worker->phase == PHASE_JUDGE)
		return step_judged_by_host(&x, outcome, e);
	if (act_end(run, x.s, outcome, e) < 0)
		return -1;
	if (x.act->end == ACT_STOPPED)
		return step_finish(&x, "interrupted", NULL);
	if (spend_is_hit(run))
		return step_limit(&x, e);
	if (outcome->cut == CUT_ASKED)
		return step_finish(&x, "cancelled", NULL);
	if (x.act->end == ACT_RAISED)
		return step_raise(&x, e);
	if (outcome->kind == OUT_TIMEOUT && outcome->code == LIMIT_LOOP)
		return step_finish(&x, "timeout", NULL);
	if (x.act->end == ACT_FULL)
		return step_finish(&x, "disk_limit", x.act->error);
	if (step_ladder(&x, &done, e) < 0)
		return -1;
	return done ? 0 : step_judge(&x, e);
}

int
step_called(struct run *run, struct finish *out, struct err *e)
{
	struct step x = step_here(run, NULL, out);
	struct called c = call_result(x.frame);
	const struct target *t = route_called(x.s, &c);
	bool done;

	if (spend_is_hit(run))
		return step_limit(&x, e);
	/* Its own time may have run out with that of what it waited for. */
	if (strcmp(c.cause, "timeout") == 0 && run_is_late(run))
		return step_finish(&x, "timeout", NULL);
	if (step_throttle(&x, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	return t ? step_leave(&x, t, c.verdict, NULL, e)
		 : step_nowhere(&x, c.verdict, e);
}

int
step_fanned(struct run *run, struct finish *out, struct err *e)
{
	struct step x = step_here(run, NULL, out);

	*x.act = (struct act) { .end = ACT_DONE };
	if (run->fan.cause && spend_is_hit(run))
		return step_limit(&x, e);
	if (run->fan.cause && step_is_pressed(run->fan.cause))
		return step_pressed(&x, e);
	if (run->fan.cause && run->fan.refused.cause) {
		*out = run->fan.refused;
		out->state = NULL;
		out->error = run->fan.error;
		return 0;
	}
	if (run->fan.cause) {
		out->all = run->fan.all;
		out->failure = run->fan.failure;
		return step_finish(&x, run->fan.cause, run->fan.error);
	}
	if (fan_end(run, x.s, &x.judged, e) < 0 || act_message(run, x.s, e) < 0)
		return -1;
	if (x.act->end == ACT_RAISED)
		return step_raise(&x, e);
	if (run_is_late(run))
		return step_finish(&x, "timeout", NULL);
	return step_go_by(&x, e);
}
