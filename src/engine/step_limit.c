/*
 * A limit that was reached in the middle of a step, or below it.  The frame
 * whose limit it is goes to the limit's state or ends; those above it end, and
 * with a run those below stay for a resume.  And one that makes a call wait.
 */
#include "engine/spend.h"
#include "engine/step_part.h"

int
step_hold(struct step *x, worker_then *then)
{
	x->run->worker->act.end = ACT_DONE;
	spend_rest(x->run, then);
	return 1;
}

bool
step_held_over(struct step *x)
{
	if (run_stop_asked(x->run))
		step_finish(x, "interrupted", NULL);
	else if (run_is_late(x->run))
		step_finish(x, "timeout", NULL);
	return x->finish->cause != NULL;
}

int
step_limit(struct step *x, struct err *e)
{
	struct worker *w = x->run->worker;
	struct spend_hit h = w->hit;
	bool here = h.level >= worker_depth(w);

	if (here)
		w->hit = (struct spend_hit) { 0 };
	if (here && h.then == EFFECT_STATE)
		return step_leave(x, &h.limit->to, NULL, "limit", e);
	x->finish->all = h.level == 0 && h.then != EFFECT_STATE;
	return step_finish(
	    x, h.then == EFFECT_FAIL ? "error" : h.cause, h.error);
}
