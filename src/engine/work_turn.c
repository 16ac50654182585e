/*
 * A turn: the state where the worker stands is entered or goes on, or what the
 * guards say is done instead.
 */
#include "engine/work.h"

#include "engine/spend.h"
#include "engine/step.h"
#include "engine/turn.h"

static void
put(struct run *r, struct val *f, const char *key, const struct val *v)
{
	val_set(run_mem(r), f, key, v);
}

static const struct val *
text(struct run *r, const char *s)
{
	return val_text(run_mem(r), s);
}

static int
summary(struct run *r, const struct turn *t, struct err *e)
{
	const struct frame *f = run_frame(r);
	bool steps = t->kind == TURN_SUMMARY_STEPS;
	struct val *v = val_map(run_mem(r));

	put(r, v, "summary_state", text(r, t->to->name));
	put(r, v, steps ? "iterations" : "iteration_count",
	    val_int(run_mem(r), steps ? f->steps : f->passes));
	return run_emit(
	    r, steps ? EV_MAX_STEPS_SUMMARY : EV_MAX_ITERATIONS_SUMMARY, v, e);
}

static int
restart(struct run *r, const struct state *from, const struct turn *t,
    struct err *e)
{
	struct val *v = val_map(run_mem(r));

	put(r, v, "from", text(r, from->name));
	put(r, v, "to", text(r, t->to->name));
	put(r, v, "reason", text(r, "maintain"));
	return run_emit(r, EV_ROUTE, v, e);
}

static int
exhausted(struct run *r, const struct state *from, const struct turn *t,
    struct err *e)
{
	const struct map_entry *n = map_get(&run_frame(r)->retries, from->name);
	struct val *v = val_map(run_mem(r));

	put(r, v, "state", text(r, from->name));
	put(r, v, "retries", val_int(run_mem(r), n ? n->count : 0));
	put(r, v, "next", text(r, t->to->name));
	return run_emit(r, EV_RETRY_EXHAUSTED, v, e);
}

/* The state is entered again in a row, and that has to wait: 1; else 0. */
static int
retry_backoff(struct run *r, const struct state *s, struct err *e)
{
	const struct map_entry *n = map_get(&run_frame(r)->retries, s->name);
	struct val *v = val_map(run_mem(r));
	long long ms;

	if (!s->retry_backoff.set || !n || n->count < 1)
		return 0;
	ms = step_retry_ms(&s->retry_backoff, n->count);
	if (ms <= 0)
		return 0;
	put(r, v, "state", text(r, s->name));
	put(r, v, "attempt", val_int(run_mem(r), n->count));
	put(r, v, "wait_ms", val_int(run_mem(r), ms));
	if (run_emit(r, EV_RETRY_BACKOFF, v, e) < 0)
		return -1;
	run_rest(r, ms);
	r->worker->rested = true;
	return 1;
}

static struct turn
next_turn(struct run *r, const struct state *s)
{
	const struct frame *f = run_frame(r);
	struct turn_facts facts = {
		.loop = run_loop(r),
		.frame = f,
		.state = s,
		.max_steps = run_max_steps(r),
		.max_iterations = run_max_iterations(r),
		.timeout_ms = run_timeout_ms(r),
		.elapsed_ms = run_frame_ms(r),
		.stop = run_stop_asked(r),
		/* Items under way come to their end. */
		.parked = r->point.parked && r->worker->item < 0,
		.again = f->entered || f->climbing == CLIMB_AGAIN,
	};

	return turn_next(&facts);
}

/* The state is entered, or the one that was goes on. */
static int
enter(struct run *r, const struct state *s, struct finish *fin, struct err *e)
{
	bool goes_on = run_frame(r)->entered;
	int rc = goes_on ? 0 : spend_turn(r, s, fin, e);

	if (rc)
		return rc < 0 ? -1 : 0;
	rc = step_rest(r, s, fin, e);
	if (rc || fin->cause)
		return rc;
	if (goes_on)
		return step_again(r, fin, e);
	rc = r->worker->rested ? 0 : retry_backoff(r, s, e);
	if (rc)
		return rc;
	r->worker->rested = false;
	return step_go(r, s, fin, e);
}

int
work_turn(struct run *r, struct finish *fin, struct err *e)
{
	const char *name = run_frame(r)->state;
	const struct state *s = loop_state(run_loop(r), name);
	struct turn t;

	*fin = (struct finish) { 0 };
	if (!s)
		return err_set(e, ERR_INTERNAL, "no state '%s'", name);
	t = next_turn(r, s);
	switch (t.kind) {
	case TURN_FINISH:
		fin->cause = t.cause;
		fin->failure = t.failure;
		return 0;
	case TURN_SUMMARY_STEPS:
	case TURN_SUMMARY_PASSES:
		return summary(r, &t, e);
	case TURN_RESTART:
		return restart(r, s, &t, e);
	case TURN_EXHAUSTED:
		return exhausted(r, s, &t, e);
	default:
		return enter(r, s, fin, e);
	}
}
