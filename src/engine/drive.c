/*
 * The run: turns until one of them ends it, then the end record.  What
 * cannot be recorded is not done: a sink that refuses stops the run at the
 * boundary where it stands.
 */
#include "engine/drive.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "engine/route.h"
#include "engine/step.h"
#include "engine/turn.h"
#include "loop/ending.h"

enum {
	RETRY_WAIT_MAX_MS = 1000 * 1000 * 1000,
	LEFT_IN_RECORD = 32, /* processes in one record of left_behind */
};

static void
put(struct run *r, struct val *f, const char *key, const struct val *v)
{
	val_set(&r->step, f, key, v);
}

static const struct val *
text(struct run *r, const char *s)
{
	return val_text(&r->step, s);
}

/* Signals that came between states; the first stop signal is kept. */
static bool
stop_asked(struct run *r)
{
	while (r->sig && sig_next(r->sig))
		continue;
	return r->sig && r->sig->stop;
}

/* Sleep until a clock_boot_ms() value, or a stop signal, or the loop's end
 * of time; what is unsynced becomes durable first. */
static int
rest(struct run *r, long long until, struct err *e)
{
	long long all = run_timeout_ms(r);
	long long last = all >= 0 ? r->began_boot_ms + all : until;

	if (last < until)
		until = last;
	if (r->vault.settle(r->vault.self, e) < 0)
		return -1;
	while (!stop_asked(r)) {
		long long left = until - clock_boot_ms();
		struct pollfd p = { .fd = r->sig ? sig_fd(r->sig) : -1,
			.events = POLLIN };

		if (left <= 0)
			return 0;
		poll(&p, 1, left > 1000000 ? 1000000 : (int)left);
	}
	return 0;
}

static int
backoff(struct run *r, struct err *e)
{
	long long ms = run_backoff_ms(r);

	return ms > 0 ? rest(r, clock_boot_ms() + ms, e) : 0;
}

static int
summary(struct run *r, const struct turn *t, struct err *e)
{
	const struct frame *f = point_top(&r->point);
	bool steps = t->kind == TURN_SUMMARY_STEPS;
	struct val *v = val_map(&r->step);

	put(r, v, "summary_state", text(r, t->to->name));
	put(r, v, steps ? "iterations" : "iteration_count",
	    val_int(&r->step, steps ? f->steps : f->passes));
	return run_emit(
	    r, steps ? EV_MAX_STEPS_SUMMARY : EV_MAX_ITERATIONS_SUMMARY, v, e);
}

static int
restart(struct run *r, const struct state *from, const struct turn *t,
    struct err *e)
{
	struct val *v = val_map(&r->step);

	put(r, v, "from", text(r, from->name));
	put(r, v, "to", text(r, t->to->name));
	put(r, v, "reason", text(r, "maintain"));
	return run_emit(r, EV_ROUTE, v, e);
}

static int
exhausted(struct run *r, const struct state *from, const struct turn *t,
    struct err *e)
{
	const struct map_entry *n =
	    map_get(&point_top(&r->point)->retries, from->name);
	struct val *v = val_map(&r->step);

	put(r, v, "state", text(r, from->name));
	put(r, v, "retries", val_int(&r->step, n ? n->count : 0));
	put(r, v, "next", text(r, t->to->name));
	return run_emit(r, EV_RETRY_EXHAUSTED, v, e);
}

/* Of the retry that comes: base, twice that, and so on up to the cap. */
static long long
retry_wait_ms(const struct retry_backoff *b, long long retry)
{
	long long most = b->cap_ms >= 0 ? b->cap_ms : RETRY_WAIT_MAX_MS;
	long long ms = b->base_ms;

	while (--retry > 0 && ms > 0 && ms < most)
		ms *= 2;
	return ms < most ? ms : most;
}

/* *waited: the state is entered again in a row, and that had to wait. */
static int
retry_backoff(struct run *r, const struct state *s, bool *waited, struct err *e)
{
	const struct map_entry *n =
	    map_get(&point_top(&r->point)->retries, s->name);
	struct val *v = val_map(&r->step);
	long long ms;

	*waited = false;
	if (!s->retry_backoff.set || !n || n->count < 1)
		return 0;
	ms = retry_wait_ms(&s->retry_backoff, n->count);
	if (ms <= 0)
		return 0;
	*waited = true;
	put(r, v, "state", text(r, s->name));
	put(r, v, "attempt", val_int(&r->step, n->count));
	put(r, v, "wait_ms", val_int(&r->step, ms));
	if (run_emit(r, EV_RETRY_BACKOFF, v, e) < 0)
		return -1;
	return rest(r, clock_boot_ms() + ms, e);
}

static struct turn
next_turn(struct run *r, const struct state *s)
{
	struct turn_facts facts = {
		.loop = r->loop,
		.frame = point_top(&r->point),
		.state = s,
		.max_steps = run_max_steps(r),
		.max_iterations = run_max_iterations(r),
		.timeout_ms = run_timeout_ms(r),
		.elapsed_ms = run_elapsed_ms(r),
		.stop = stop_asked(r),
	};

	return turn_next(&facts);
}

/* One turn; fin->cause is set when it was the last. */
static int
turn(struct run *r, struct finish *fin, struct err *e)
{
	const char *name = point_top(&r->point)->state;
	const struct state *s = loop_state(r->loop, name);
	struct turn t;
	bool waited;

	*fin = (struct finish) { 0 };
	if (!s)
		return err_set(e, ERR_INTERNAL, "no state '%s'", name);
	t = next_turn(r, s);
	if (t.kind == TURN_ENTER) {
		if (retry_backoff(r, s, &waited, e) < 0)
			return -1;
		/* A stop or the end of time may have come. */
		if (waited)
			t = next_turn(r, s);
	}
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
		if (step_go(r, s, fin, e) < 0)
			return -1;
		return fin->cause ? 0 : backoff(r, e);
	}
}

static struct ended
ended(const struct run *r, const struct finish *fin)
{
	return (struct ended) {
		.point = &r->point,
		.cause = fin->cause,
		.state = fin->state,
		.error = fin->error,
		.failure = fin->failure,
		.signal = r->signal,
		.active_ms = run_elapsed_ms(r),
	};
}

static int
complete(struct run *r, const struct finish *fin, struct err *e)
{
	const struct ended x = ended(r, fin);

	return run_emit(r, EV_LOOP_COMPLETE,
	    ending_complete(&r->step, &x, point_top(&r->point)), e);
}

static int
end(struct run *r, const struct finish *fin, struct err *e)
{
	const struct ended x = ended(r, fin);

	return run_emit(r, EV_RUN_END, ending_run(&r->step, &x), e);
}

/* What actions left behind ends with the run (decisions.md §4); if it does
 * not, the end record says so. */
static void
sweep(struct run *r, struct finish *fin)
{
	struct err late = ERR_INIT;

	if (r->sweep.end && r->sweep.end(r->sweep.self, &late) < 0 &&
	    !fin->error)
		fin->error = arena_strdup(&r->step, late.msg);
}

static int
note_left(struct run *r, struct err *e)
{
	const struct val *all = NULL;
	size_t at = 0;

	if (r->sweep.news)
		all = r->sweep.news(r->sweep.self, &r->step);
	while (all && at < all->list.len) {
		struct val *v = val_map(&r->step), *part = val_list(&r->step);

		do
			val_push(&r->step, part, all->list.at[at++]);
		while (at < all->list.len && at % LEFT_IN_RECORD);
		put(r, v, "processes", part);
		if (run_emit(r, EV_LEFT_BEHIND, v, e) < 0)
			return -1;
	}
	return 0;
}

static int
begin(struct run *r, const struct val *start, struct err *e)
{
	struct val *v = val_map(&r->step);

	r->began_boot_ms = clock_boot_ms();
	if (run_emit(r, EV_RUN_START, start, e) < 0)
		return -1;
	put(r, v, "loop", text(r, r->loop->name));
	put(r, v, "initial", text(r, r->loop->initial.name));
	if (r->loop->circuit.set && r->loop->circuit.recurrent > 0)
		put(r, v, "recurrent", val_int(&r->step, 1));
	return run_emit(r, EV_LOOP_START, v, e);
}

static int
turns(struct run *r, struct finish *fin, struct err *e)
{
	do {
		arena_reset(&r->step);
		if (turn(r, fin, e) < 0 || note_left(r, e) < 0)
			return -1;
	} while (!fin->cause);
	return 0;
}

/* A signal ended it: which one decides the exit status.  Or the process that
 * watches over this one is gone, which nobody asked for. */
static int
note_signal(struct run *r, struct finish *fin, struct err *e)
{
	struct val *v = val_map(&r->step);

	if (r->sig->lost) {
		fin->cause = "system_signal";
		fin->error = "the guard of this run was killed";
		return 0;
	}
	r->signal = r->sig->stop;
	put(r, v, "phase", text(r, "stopping"));
	put(r, v, "signal", val_int(&r->step, r->signal));
	return run_emit(r, EV_PHASE, v, e);
}

/* The end in order: what is told of it is told when it is so. */
static int
close_run(struct run *r, struct finish *fin, struct err *e)
{
	if (strcmp(fin->cause, "interrupted") == 0 &&
	    note_signal(r, fin, e) < 0)
		return -1;
	if (complete(r, fin, e) < 0)
		return -1;
	sweep(r, fin);
	return end(r, fin, e);
}

/* Something could not be recorded, wherever it was: nothing is left running,
 * and the journal may still take the records that close a run, from its
 * reserve.  What failed is told either way. */
static void
break_off(struct run *r, const char *why)
{
	struct finish fin = { .cause = "io_error", .error = why };
	const struct frame *f = point_top(&r->point);
	struct err again = ERR_INIT;

	if (r->seq == 0 || r->point.ended)
		return;
	sweep(r, &fin);
	if (f && !f->final_state && complete(r, &fin, &again) < 0)
		return;
	end(r, &fin, &again);
}

int
drive(struct run *r, const struct val *start, struct err *e)
{
	struct finish fin = { 0 };

	if (begin(r, start, e) == 0 && turns(r, &fin, e) == 0 &&
	    close_run(r, &fin, e) == 0)
		return 0;
	break_off(r, e->msg);
	return -1;
}
