/*
 * Markers and the memory budget where a state is left; both are facts of the
 * point by then.  Refuses to leave a state whose output says that the run must
 * not go on: where it would have gone is not recorded.
 */
#include "engine/marks.h"
#include "engine/step_part.h"

int
step_marked(struct step *x, const struct target **to, bool *done, struct err *e)
{
	*done = x->frame->marker.v != NULL;
	if (*done)
		return marks_obey(
		    x->run, x->s->name, x->frame->marker.v, x->finish, e);
	return step_over_budget(x, to, done, e);
}

int
step_marked_nowhere(struct step *x, bool *done, struct err *e)
{
	const struct target *to = NULL;

	if (step_marked(x, &to, done, e) < 0)
		return -1;
	if (!*done && x->run->point.parked && x->run->worker->item < 0) {
		*done = true;
		x->finish->all = true;
		return step_finish(x, "stopped_by_marker", NULL);
	}
	if (*done || !to)
		return 0;
	*done = true;
	return step_leave(x, to, NULL, "host_budget", e);
}
