/*
 * A host that judges: the second child of a step.
 */
#include "engine/step_part.h"

#include "engine/ask.h"

int
step_judged_by_host(
    struct step *x, const struct outcome *outcome, struct err *e)
{
	struct asked asked;

	x->acted = true;
	x->run->worker->phase = PHASE_ACT;
	if (ask_end(x->run, outcome, &asked, e) < 0)
		return -1;
	if (outcome->stopped)
		return step_finish(x, "interrupted", NULL);
	x->judged.verdict = "error";
	return step_go_by(x, e);
}
