/*
 * One table from the cause of an end to the exit status and to the word that
 * `status` shows (decisions.md §5, spec/execution.md 1.9).
 */
#include "loop/ending.h"

#include <string.h>

#include "base/auto.h"

enum { EXIT_NOTHING_RAN = 74 };

/* clang-format off */
static const struct ending endings[] = {
	{ "terminal",               0,  "completed",             false },
	{ "max_steps",              1,  "interrupted",           true },
	{ "max_iterations_reached", 1,  "interrupted",           true },
	{ "timeout",                1,  "timed_out",             true },
	{ "cycle_detected",         1,  "failed",                true },
	{ "stall_detected",         1,  "failed",                true },
	{ "error",                  1,  "failed",                true },
	{ "io_error",               1,  "failed",                true },
	{ "disk_limit",             1,  "failed",                true },
	{ "budget",                 1,  "interrupted",           true },
	{ "unmetered",              1,  "failed",                true },
	{ "interrupted",            -1, "interrupted",           true },
	{ "user_stopped",           -1, "user_stopped",          true },
	{ "parent_ended",           -1, "interrupted",           true },
	{ "system_signal",          1,  "failed",                true },
	{ "quota",                  3,  "parked",                true },
	{ "handoff",                3,  "awaiting_continuation", true },
	{ "stopped_by_marker",      3,  "stopped_by_marker",     true },
	{ "host_pressure_abort",    1,  "failed",                true },
	{ "host_budget_exceeded",   1,  "failed",                true },
};

/* The same causes, when the end says that it is one for good. */
static const struct ending finals[] = {
	{ "terminal",               2,  "failed",                false },
	{ "handoff",                1,  "interrupted",           false },
};
/* clang-format on */

const struct ending *
ending_of(const char *cause, bool failure)
{
	const struct ending *unknown = NULL;

	for (size_t i = 0; failure && i < COUNT(finals); i++)
		if (strcmp(finals[i].cause, cause) == 0)
			return &finals[i];
	for (size_t i = 0; i < COUNT(endings); i++) {
		if (strcmp(endings[i].cause, cause) == 0)
			return &endings[i];
		if (strcmp(endings[i].cause, "error") == 0)
			unknown = &endings[i];
	}
	return unknown;
}

int
ending_status(const struct ending *end, int signal)
{
	return end->status < 0 ? 128 + signal : end->status;
}

void
ending_complete(struct arena *a, const struct ended *x, const struct frame *f,
    struct val *v)
{
	const char *state = x->state ? x->state : f->state;

	val_set(a, v, "final_state", val_text(a, state));
	val_set(a, v, "iterations", val_int(a, f->steps));
	val_set(a, v, "terminated_by", val_text(a, x->cause));
	val_set(a, v, "failure_terminal",
	    val_bool(a, x->failure && strcmp(x->cause, "terminal") == 0));
	if (x->error)
		val_set(a, v, "error", val_text(a, x->error));
}

/* As the process will end: 74 is for what failed before the first state. */
static int
exit_status(const struct ending *row, const struct ended *x, long long steps)
{
	if (strcmp(row->cause, "io_error") == 0 && steps == 0)
		return EXIT_NOTHING_RAN;
	return ending_status(row, x->signal);
}

struct val *
ending_run(struct arena *a, const struct ended *x)
{
	const struct ending *row = ending_of(x->cause, x->failure);
	const struct frame *f = point_bottom(x->point);
	long long steps = f ? f->steps : 0;
	struct val *v = val_map(a);

	val_set(a, v, "terminated_by", val_text(a, x->cause));
	if (f && f->final_state)
		val_set(a, v, "final_state", val_text(a, f->final_state));
	val_set(a, v, "iterations", val_int(a, steps));
	val_set(a, v, "status", val_text(a, row->word));
	val_set(a, v, "exit", val_int(a, exit_status(row, x, steps)));
	if (x->signal)
		val_set(a, v, "signal", val_int(a, x->signal));
	val_set(a, v, "resumable", val_bool(a, row->resumable));
	if (x->failure_class)
		val_set(a, v, "failure_class", val_text(a, x->failure_class));
	if (x->until_us)
		val_set(a, v, "until_us", val_int(a, x->until_us));
	val_set(a, v, "active_ms", val_int(a, x->active_ms));
	val_set(a, v, "spent",
	    ledger_val(a, &x->point->ledger, LEDGER_ROWS_IN_RECORD));
	if (x->error)
		val_set(a, v, "error", val_text(a, x->error));
	return v;
}
