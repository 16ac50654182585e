/*
 * The end of a called loop: what its caller learns is in its loop_complete,
 * so that a fold needs to know no rule.
 */
#include "engine/call.h"

#include <string.h>

#include "base/auto.h"
#include "engine/house.h"
#include "loop/ending.h"

/* In the reference's three words. */
static const char *
verdict_of(const struct finish *fin)
{
	static const char *const errors[] = { "error", "cycle_detected",
		"stall_detected" };

	if (strcmp(fin->cause, "terminal") == 0)
		return fin->failure ? "no" : "yes";
	for (size_t i = 0; i < COUNT(errors); i++)
		if (strcmp(fin->cause, errors[i]) == 0)
			return "error";
	return "no";
}

/* The state that called the worker's innermost frame. */
static const struct state *
caller(const struct worker *w)
{
	const struct lane *l = point_lane(&w->run->point, w->item);
	const struct frame *f = l->frames.at[l->frames.len - 2];

	return loop_state(w->levels.at[w->levels.len - 2].loop, f->state);
}

void
call_complete(struct run *r, const struct frame *f, const struct finish *fin,
    struct val *v)
{
	const struct ended x = {
		.cause = fin->cause,
		.state = fin->state,
		.error = fin->error,
		.failure = fin->failure,
	};

	ending_complete(run_mem(r), &x, f, v);
}

int
call_end(struct run *r, const struct finish *fin, struct err *e)
{
	const struct state *s = caller(r->worker);
	const struct frame *f = run_frame(r);
	struct arena *a = run_mem(r);
	struct val *v = val_map(a);

	call_complete(r, f, fin, v);
	val_set(a, v, "verdict", val_text(a, verdict_of(fin)));
	if (s->capture)
		val_set(a, v, "capture", val_text(a, s->capture));
	val_set(a, v, "from_seq",
	    val_int(a, r->worker->levels.at[r->worker->levels.len - 1].began));
	if (house_out(r, run_level_of(r->worker), e) < 0 ||
	    run_emit(r, EV_LOOP_COMPLETE, v, e) < 0)
		return -1;
	worker_pop(r->worker);
	return 0;
}

struct called
call_result(const struct frame *f)
{
	return (struct called) {
		.cause = val_str(f->called.v, "terminated_by", ""),
		.verdict = val_str(f->called.v, "verdict", "error"),
	};
}
