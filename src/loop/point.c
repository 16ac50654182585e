/*
 * Where a run stands.  point_apply() is a table of small folds, one per kind
 * of event; nothing else writes to a point.  Values live in boxes with an
 * arena each, so that a run of 100,000 steps does not grow.  A journal is a
 * file: what an event says of frames, lanes or items that are not there
 * changes nothing, and no number in it says how much memory is taken.
 */
#include "loop/point_fold.h"

#include <string.h>

#include "base/auto.h"

enum { PARKED = 3 /* the exit status of such an end */ };

static void
on_run_start(struct point *p, const struct event *e)
{
	fold_text(&p->run, fold_field(e, "run"));
	fold_text(&p->phase, "running");
	box_set(&p->start, e->fields);
	p->started_us = p->since_us = e->wall_us;
}

static void
on_state_enter(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const char *state = fold_field(e, "state");
	bool again = f && f->climbing == CLIMB_AGAIN;

	p->ledger.cuts = false;
	if (!f)
		return;
	/* A resumed run enters its state again and goes on with its items. */
	if (strcmp(f->state, state) != 0)
		fold_fan_drop(p, f);
	fold_text(&f->state, state);
	box_release(&f->called);
	fold_text(&p->phase, "running");
	f->entered = true;
	f->doing = DOING_ENTERED;
	f->messaged = f->stalled = false;
	f->climbing = CLIMB_NONE;
	box_release(&f->wait);
	box_release(&f->act);
	box_release(&f->marker);
	box_release(&f->judging);
	f->steps = val_num(e->fields, "iteration", f->steps);
	f->exit = 0;
	f->closing = f->steps_summary || f->passes_summary;
	p->active_ms = val_num(e->fields, "elapsed_ms", p->active_ms);
	if (!again)
		fold_step(p, e);
}

void
fold_move(struct point *p, struct frame *f, const char *from, const char *to)
{
	box_release(&f->called);
	fold_fan_drop(p, f);
	f->climbing = CLIMB_NONE;
	box_release(&f->wait);
	if (strcmp(from, to) == 0) {
		map_put(&f->retries, to)->count++;
	} else {
		map_drop(&f->retries, from);
		map_drop(&f->throttles, from);
	}
	box_release(&f->marker);
	fold_text(&f->state, to);
	box_release(&f->judging);
	f->doing = DOING_NOTHING;
	f->entered = false;
}

static void
on_route(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const char *from = fold_field(e, "from"), *to = fold_field(e, "to");
	const char *reason = fold_field(e, "reason");
	auto_str edge = STR_INIT;

	/* What a limit cut short is left behind. */
	p->ledger.cuts = false;
	if (!f)
		return;
	/* The same step again: nothing was left, and nothing is counted. */
	if (strcmp(reason, "again") == 0) {
		f->doing = DOING_NOTHING;
		f->entered = false;
		return;
	}
	box_release(&p->handoff);
	if (strcmp(reason, "maintain") == 0) {
		f->passes++;
	} else if (strcmp(reason, "host_pressure") != 0) {
		str_addf(&edge, "%s->%s", from, to);
		map_put(&f->edges, edge.buf)->count++;
	}
	fold_move(p, f, from, to);
}

static void
on_retry_exhausted(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	map_drop(&f->retries, fold_field(e, "state"));
	fold_move(p, f, fold_field(e, "state"), fold_field(e, "next"));
}

static void
on_retry_backoff(struct point *p, const struct event *e)
{
	(void)e;
	fold_text(&p->phase, "waiting");
}

static void
on_stall_detected(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	fold_text(&f->streak.key, NULL);
	f->streak.count = 0;
	f->stalled = true;
}

/* The action did not run: a resume tries again. */
static void
on_action_error(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	struct lane *l = f ? NULL : fold_hand(p, e);

	if (f && f->entered)
		f->doing = DOING_ENTERED;
	if (l)
		l->doing = DOING_ENTERED;
}

static bool
is_judging(const struct frame *f)
{
	return f && f->entered && f->doing == DOING_JUDGING;
}

/* Did it end because of somebody or something outside? */
static bool
was_cut(const struct point *p)
{
	static const char *const causes[] = { "interrupted", "user_stopped",
		"parent_ended", "system_signal", "io_error", "budget",
		"unmetered", "quota", "stopped_by_marker",
		"host_pressure_abort" };
	const char *cause = val_str(p->end.v, "terminated_by", NULL);

	/* Items that are done are not done again for one that handed over. */
	if (cause && strcmp(cause, "handoff") == 0)
		return point_fan(p) != NULL;
	/* A host was to blame. */
	if (val_get(p->end.v, "failure_class"))
		return true;
	/* What a limit cut short is not judged as if that were its end; what
	 * was done before that is not done again. */
	if (p->ledger.cuts)
		return point_fan(p) != NULL || is_judging(point_top(p));
	for (size_t i = 0; cause && i < COUNT(causes); i++)
		if (strcmp(cause, causes[i]) == 0)
			return true;
	return !cause;
}

/* The run goes on; what ended is open again.  Where it ended by itself its
 * last state is entered anew: to judge the same again would end the same. */
static void
on_loop_resume(struct point *p, const struct event *e)
{
	struct frame *f = point_bottom(p), *top = point_top(p);
	bool cut = was_cut(p);

	p->since_us = e->wall_us;
	p->since_ms = p->active_ms;
	p->parked = false;
	if (top && top->entered && val_get(p->end.v, "failure_class"))
		fold_climb_resumed(top);
	else if (p->ledger.cuts && is_judging(top))
		fold_judge_cut(top);
	fold_spend_resume(p);
	if (top && !cut) {
		if (top->entered)
			top->doing = DOING_ENTERED;
		box_release(&top->called);
		fold_fan_drop(p, top);
	}
	p->ended = false;
	box_release(&p->end);
	fold_text(&p->phase, "running");
	if (!f)
		return;
	f->complete = f->failure = false;
	fold_text(&f->terminated_by, NULL);
	fold_text(&f->final_state, NULL);
	fold_text(&f->error, NULL);
}

static void
on_steps_summary(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	f->steps_summary = true;
	fold_move(p, f, f->state, fold_field(e, "summary_state"));
}

static void
on_passes_summary(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);

	if (!f)
		return;
	f->passes_summary = true;
	fold_move(p, f, f->state, fold_field(e, "summary_state"));
}

static void
on_phase(struct point *p, const struct event *e)
{
	fold_text(&p->phase, fold_field(e, "phase"));
}

/* Of a loop that somebody called: what became of it is its frame's, while
 * there is one. */
static void
on_inner_tree(struct point *p, const struct event *e)
{
	const char *name = fold_field(e, "name");

	for (size_t i = 0; *name && i < p->lanes.len; i++) {
		const struct lane *l = &p->lanes.at[i];

		for (size_t k = 0; k < l->frames.len; k++) {
			struct box *b = &l->frames.at[k]->worktree;

			if (strcmp(val_str(b->v, "name", ""), name) == 0)
				box_set(b, e->fields);
		}
	}
}

/* Snapshots change nothing here. */
bool
point_tree_stands(const struct val *worktree)
{
	static const char *const gone[] = { "create", "failed", "removed" };
	const char *action = val_str(worktree, "action", "failed");

	for (size_t i = 0; i < COUNT(gone); i++)
		if (strcmp(action, gone[i]) == 0)
			return false;
	return true;
}

static void
on_worktree(struct point *p, const struct event *e)
{
	bool own = strcmp(fold_field(e, "of"), "run") == 0;

	if (strncmp(fold_field(e, "action"), "snapshot", 8) == 0)
		return;
	if (!own && strcmp(fold_field(e, "action"), "create") == 0)
		p->inner_trees++;
	if (own)
		box_set(&p->worktree, e->fields);
	else
		on_inner_tree(p, e);
}

static void
on_run_end(struct point *p, const struct event *e)
{
	p->ended = true;
	fold_text(&p->phase,
	    val_num(e->fields, "exit", 0) == PARKED ? "parked" : "ended");
	box_set(&p->end, e->fields);
	p->active_ms = val_num(e->fields, "active_ms", p->active_ms);
}

/* clang-format off */
static void (*const fold[EV_KINDS])(struct point *, const struct event *) = {
	[EV_RUN_START]              = on_run_start,
	[EV_PHASE]                  = on_phase,
	[EV_OPERATOR]               = fold_operator,
	[EV_WORKTREE]               = on_worktree,
	[EV_RUN_END]                = on_run_end,
	[EV_LOOP_START]             = fold_loop_start,
	[EV_STATE_ENTER]            = on_state_enter,
	[EV_ROUTE]                  = on_route,
	[EV_ACTION_START]           = fold_action_start,
	[EV_ACTION_COMPLETE]        = fold_action_complete,
	[EV_ACTION_ERROR]           = on_action_error,
	[EV_JUDGE_START]            = fold_judge_start,
	[EV_JUDGE_COMPLETE]         = fold_judge_complete,
	[EV_EVALUATE]               = fold_evaluate,
	[EV_MESSAGES_APPEND]        = fold_messages_append,
	[EV_RETRY_EXHAUSTED]        = on_retry_exhausted,
	[EV_RETRY_BACKOFF]          = on_retry_backoff,
	[EV_RATE_LIMIT_WAITING]     = fold_climb,
	[EV_RATE_LIMIT_EXHAUSTED]   = fold_climb_out,
	[EV_API_ERROR_RETRY]        = fold_climb,
	[EV_API_ERROR_EXHAUSTED]    = fold_climb_out,
	[EV_INFRA_RETRY]            = fold_climb,
	[EV_INFRA_RETRY_EXHAUSTED]  = fold_climb_out,
	[EV_STALL_DETECTED]         = on_stall_detected,
	[EV_HANDOFF_DETECTED]       = fold_handoff,
	[EV_HOST_PRESSURE]          = fold_host_pressure,
	[EV_HOST_COOLDOWN]          = fold_host_pressure,
	[EV_HOST_PRESSURE_RELIEVED] = fold_host_relieved,
	[EV_HOST_PRESSURE_ABORT]    = fold_host_abort,
	[EV_HOST_SUBPROC_RSS]       = fold_host_rss,
	[EV_HOST_BUDGET_EXCEEDED]   = fold_host_budget,
	[EV_MAX_STEPS_SUMMARY]      = on_steps_summary,
	[EV_MAX_ITERATIONS_SUMMARY] = on_passes_summary,
	[EV_PARALLEL_START]         = fold_parallel_start,
	[EV_ITEM_START]             = fold_item_start,
	[EV_ITEM_COMPLETE]          = fold_item_complete,
	[EV_LIMIT_RESERVE]          = fold_limit_reserve,
	[EV_LIMIT_SETTLE]           = fold_limit_settle,
	[EV_LIMIT_WARN]             = fold_limit_warn,
	[EV_LIMIT_REACHED]          = fold_limit_reached,
	[EV_LOOP_RESUME]            = on_loop_resume,
	[EV_LOOP_COMPLETE]          = fold_loop_complete,
};
/* clang-format on */

void
point_apply(struct point *p, const struct event *e)
{
	p->updated_us = e->wall_us;
	p->seq = e->seq;
	if (e->kind < EV_KINDS && fold[e->kind])
		fold[e->kind](p, e);
}
