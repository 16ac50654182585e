/*
 * One table from the cause of an end to the exit status and to the word that
 * `status` shows (decisions.md §5, spec/execution.md 1.9).
 */
#include "loop/ending.h"

#include <string.h>

#include "base/auto.h"

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
	{ "interrupted",            -1, "interrupted",           true },
	{ "user_stopped",           -1, "user_stopped",          true },
	{ "parent_ended",           -1, "interrupted",           true },
	{ "system_signal",          1,  "failed",                true },
	{ "handoff",                3,  "awaiting_continuation", true },
	{ "stopped_by_marker",      3,  "stopped_by_marker",     true },
};
/* clang-format on */

static const struct ending failure_terminal = {
	"terminal",
	2,
	"failed",
	false,
};

const struct ending *
ending_of(const char *cause, bool failure)
{
	const struct ending *unknown = NULL;

	if (failure && strcmp(cause, "terminal") == 0)
		return &failure_terminal;
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
