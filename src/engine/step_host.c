/*
 * A host that judges: the second child of a step, and the third, until there
 * is a verdict.  The action is never done again for it; what it came to is in
 * the point, so that a resume goes on as the live run would.
 */
#include "engine/referee.h"
#include "engine/spend.h"
#include "engine/step_ladder.h"
#include "engine/verdict.h"

/* It was made to wait for other calls. */
static int
judge_again(struct run *r, struct finish *out, struct err *e)
{
	struct step x = step_here(r, NULL, out);

	if (step_held_over(&x))
		return 0;
	x.looked = true;
	step_take_act(&x);
	return step_ask_judge(&x, e);
}

/* Who was refused, and the memory, hold back a judge as they do a prompt. */
static int
look_first(struct step *x, bool *done, struct err *e)
{
	*done = false;
	if (!referee_asks(x->run, x->s, x->acted ? x->act : NULL))
		return 0;
	if (!step_wait(x) && step_heed(x, true, done, e) < 0)
		return -1;
	return *done || x->looked ? 0 : step_pressure(x, true, done, e);
}

int
step_ask_judge(struct step *x, struct err *e)
{
	const struct act *act = x->acted ? x->act : NULL;
	bool done;
	int rc;

	if (step_ladder_judge(x, &done, e) < 0)
		return -1;
	if (!done && look_first(x, &done, e) < 0)
		return -1;
	if (done)
		return x->run->worker->waits == WORKER_RESTS;
	rc = referee_go(x->run, x->s, act, &x->judged, e);
	if (rc < 0)
		return -1;
	if (rc > 0) {
		x->run->worker->waits = WORKER_ACTS;
		return 1;
	}
	if (x->run->worker->act.end == ACT_HELD)
		return step_hold(x, judge_again);
	if (spend_is_hit(x->run))
		return step_limit(x, e);
	if (!x->judged.stopped &&
	    verdict_record(x->run, x->s, act, &x->judged, e) < 0)
		return -1;
	if (x->judged.stopped)
		return step_finish(x, "interrupted", NULL);
	return step_go_by(x, e);
}

int
step_judged_by_host(
    struct step *x, const struct outcome *outcome, struct err *e)
{
	x->run->worker->phase = PHASE_ACT;
	if (referee_hear(x->run, x->s, outcome, e) < 0)
		return -1;
	if (outcome->stopped)
		return step_finish(x, "interrupted", NULL);
	if (spend_is_hit(x->run))
		return step_limit(x, e);
	if (outcome->cut == CUT_ASKED)
		return step_finish(x, "cancelled", NULL);
	step_take_act(x);
	if (outcome->kind == OUT_TIMEOUT && outcome->code == LIMIT_LOOP)
		return step_finish(x, "timeout", NULL);
	return step_ask_judge(x, e);
}
