/*
 * The run: turns until one of them ends it, then the end record.  What
 * cannot be recorded is not done: a sink that refuses stops the run at the
 * boundary where it stands.
 */
#include "engine/drive.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "engine/call.h"
#include "engine/house.h"
#include "engine/marks.h"
#include "engine/work.h"
#include "loop/ending.h"

enum { STATUS_PARKED = 3 };

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

/* Was it cut or parked, so that the work is not over? */
static bool
goes_on(const struct finish *fin)
{
	const struct ending *row = ending_of(fin->cause, fin->failure);

	return fin->all || row->status < 0 || row->status == STATUS_PARKED ||
	    strcmp(fin->cause, "system_signal") == 0 ||
	    strcmp(fin->cause, "io_error") == 0;
}

/* Trees are given back once nothing writes to them any more. */
static int
leave_trees(
    struct run *r, const struct finish *fin, struct val *v, struct err *e)
{
	if (!r->yard.close)
		return 0;
	return r->yard.close(r->yard.self, r, goes_on(fin), v, e);
}

static int
end(struct run *r, const struct finish *fin, struct err *e)
{
	const struct ended x = {
		.point = &r->point,
		.cause = fin->cause,
		.error = fin->error,
		.failure = fin->failure,
		.signal = r->signal,
		.failure_class = fin->class != CLASS_NONE
		    ? failure_class_name(fin->class)
		    : NULL,
		.until_us = fin->until_us,
		.active_ms = run_elapsed_ms(r),
	};
	struct val *v = ending_run(run_mem(r), &x);

	if (leave_trees(r, fin, v, e) < 0)
		return -1;
	return run_emit(r, EV_RUN_END, v, e);
}

/* What actions left behind ends with the run (decisions.md §4); if it does
 * not, the end record says so. */
static void
sweep(struct run *r, struct finish *fin)
{
	struct err late = ERR_INIT;

	if (r->sweep.end && r->sweep.end(r->sweep.self, &late) < 0 &&
	    !fin->error)
		fin->error = arena_strdup(run_mem(r), late.msg);
}

static struct worker *
first_worker(struct run *r, long long active_ms)
{
	struct worker *w = worker_new(r, -1);

	vec_push(&r->workers, w);
	r->worker = w;
	r->began_boot_ms = clock_boot_ms() - active_ms;
	return w;
}

static int
begin_loop(struct run *r, struct err *e)
{
	struct level level = { .loop = r->loop, .withheld = r->withheld };
	struct val *v = val_map(run_mem(r));

	if (r->yard.open && r->yard.open(r->yard.self, r, &level.at, e) < 0)
		return -1;
	put(r, v, "loop", text(r, r->loop->name));
	put(r, v, "initial", text(r, r->loop->initial.name));
	if (r->loop->circuit.set && r->loop->circuit.recurrent > 0)
		put(r, v, "recurrent", val_int(run_mem(r), 1));
	worker_push(r->worker, &level);
	return run_emit(r, EV_LOOP_START, v, e);
}

static int
begin(struct run *r, const struct val *start, struct err *e)
{
	first_worker(r, 0);
	if (run_emit(r, EV_RUN_START, start, e) < 0)
		return -1;
	return begin_loop(r, e);
}

/* A signal ended it: which one decides the exit status, and who sent it how
 * it is called.  Or the process that watches over this one is gone, which
 * nobody asked for. */
static int
note_signal(struct run *r, struct finish *fin, struct err *e)
{
	static const char *const causes[SIG_WHYS] = {
		[SIG_WHY_NONE] = "interrupted",
		[SIG_WHY_STOP] = "user_stopped",
		[SIG_WHY_PARENT] = "parent_ended",
	};
	struct val *v = val_map(run_mem(r));

	if (r->sig->lost) {
		fin->cause = "system_signal";
		fin->error = "the guard of this run was killed";
		return 0;
	}
	fin->cause = causes[r->sig->why];
	r->signal = r->sig->stop;
	put(r, v, "phase", text(r, "stopping"));
	put(r, v, "signal", val_int(run_mem(r), r->signal));
	return run_emit(r, EV_PHASE, v, e);
}

/* Of the run's outermost frame, wherever it ended. */
static int
complete(struct run *r, const struct finish *fin, struct err *e)
{
	struct val *v = val_map(run_mem(r));

	call_complete(r, point_bottom(&r->point), fin, v);
	return run_emit_at(r, 0, EV_LOOP_COMPLETE, v, e);
}

/* Who goes on is there before the end is recorded, and waits for it.  That
 * there is nobody is told; the run can be resumed all the same. */
static int
leave_heir(struct run *r, struct finish *fin, struct err *e)
{
	struct val *v = val_map(run_mem(r));
	struct err why = ERR_INIT;
	long long pid;

	if (strcmp(fin->cause, "handoff") != 0 || !r->heir.make ||
	    r->loop->on_handoff != HANDOFF_SPAWN)
		return 0;
	pid = r->heir.make(r->heir.self, marks_continuation(r), &why);
	if (pid < 0) {
		err_wrap(&why, "on_handoff: spawn");
		fin->error = arena_strdup(run_mem(r), why.msg);
		return 0;
	}
	put(r, v, "pid", val_int(run_mem(r), pid));
	put(r, v, "state", val_get(r->point.handoff.v, "state"));
	return run_emit(r, EV_HANDOFF_SPAWNED, v, e);
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
	if (leave_heir(r, fin, e) < 0)
		return -1;
	return end(r, fin, e);
}

/* Something could not be recorded, wherever it was: nothing is left running,
 * and the journal may still take the records that close a run, from its
 * reserve.  What failed is told either way. */
static void
break_off(struct run *r, const char *why)
{
	struct finish fin = { .cause = "io_error", .error = why };
	const struct frame *f = point_bottom(&r->point);
	struct err again = ERR_INIT;

	if (r->seq == 0 || r->point.ended)
		return;
	r->worker = r->workers.at[0];
	sweep(r, &fin);
	if (f && !f->final_state && complete(r, &fin, &again) < 0)
		return;
	end(r, &fin, &again);
}

/* The frames as the point has them, and their loops. */
static int
stand(struct run *r, struct err *e)
{
	struct level first = { .loop = r->loop, .withheld = r->withheld };
	const struct lane *l = point_lane(&r->point, -1);

	if (house_again(r, r->point.worktree.v, &first, e) < 0)
		return -1;
	worker_push(r->worker, &first);
	for (size_t i = 1; i < l->frames.len; i++)
		if (call_again(r, l->frames.at[i], e) < 0)
			return -1;
	return 0;
}

static int
begin_again(struct run *r, const struct onward *o, struct err *e)
{
	const struct frame *top = point_top(&r->point);
	struct worker *w = first_worker(r, r->point.active_ms);
	struct val *v = val_map(&w->mem);

	/* A host was to blame, and who resumes has mended that. */
	r->tries = !r->waits && r->point.end.v &&
	    val_get(r->point.end.v, "failure_class");
	put(r, v, "loop", text(r, r->loop->name));
	put(r, v, "from_state",
	    text(r, top ? top->state : r->loop->initial.name));
	put(r, v, "iteration",
	    val_int(&w->mem, top ? point_bottom(&r->point)->steps : 0));
	if (marks_continuation(r)) {
		put(r, v, "from_handoff", val_bool(&w->mem, true));
		put(r, v, "continuation_prompt",
		    val_get(r->point.handoff.v, "continuation"));
	}
	for (size_t i = 0; o->resume && i < o->resume->map.len; i++)
		put(r, v, o->resume->map.at[i].key, o->resume->map.at[i].v);
	if (run_emit(r, EV_LOOP_RESUME, v, e) < 0)
		return -1;
	/* Killed behind run_start, it has no loop yet. */
	if (!top && begin_loop(r, e) < 0)
		return -1;
	for (size_t i = 0; i < o->noperators; i++)
		if (run_emit(r, EV_OPERATOR, o->operators[i], e) < 0)
			return -1;
	return top ? stand(r, e) : 0;
}

int
drive_on(struct run *r, const struct onward *o, struct err *e)
{
	struct finish fin = { 0 };

	r->seq = r->point.seq;
	if (begin_again(r, o, e) == 0 && work(r, &fin, e) == 0 &&
	    close_run(r, &fin, e) == 0)
		return 0;
	break_off(r, e->msg);
	return -1;
}

int
drive(struct run *r, const struct val *start, struct err *e)
{
	struct finish fin = { 0 };

	if (begin(r, start, e) == 0 && work(r, &fin, e) == 0 &&
	    close_run(r, &fin, e) == 0)
		return 0;
	break_off(r, e->msg);
	return -1;
}
