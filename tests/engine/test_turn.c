#include "engine/turn.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"

static const struct state work = { .name = "work", .max_retries = -1 };
static const struct state done = {
	.name = "done", .terminal = true, .max_retries = -1
};
static const struct state failed = {
	.name = "failed", .terminal = true, .failure = true, .max_retries = -1
};

struct row {
	const char *what;
	struct frame frame;
	struct loop loop;
	const struct state *state;
	long long elapsed_ms;
	bool stop;
	enum turn_kind want;
	const char *cause;
};

#define NO_TIMEOUT .timeout_ms = -1
#define CLOSER .on_max_steps = { .name = "work", .to = &work }

static const struct row rows[] = {
	{ "an ordinary state", { .steps = 3 }, { NO_TIMEOUT }, &work, 0, false,
	    TURN_ENTER, NULL },
	{ "a terminal", { .steps = 3 }, { NO_TIMEOUT }, &done, 0, false,
	    TURN_FINISH, "terminal" },
	{ "a terminal at the cap", { .steps = 10 }, { NO_TIMEOUT }, &done, 0,
	    false, TURN_FINISH, "terminal" },
	{ "a terminal after a signal", { .steps = 3 }, { NO_TIMEOUT }, &done, 0,
	    true, TURN_FINISH, "terminal" },
	{ "a signal", { .steps = 3 }, { NO_TIMEOUT }, &work, 0, true,
	    TURN_FINISH, "interrupted" },
	{ "the cap", { .steps = 10 }, { NO_TIMEOUT }, &work, 0, false,
	    TURN_FINISH, "max_steps" },
	{ "the cap with a closing state", { .steps = 10 },
	    { NO_TIMEOUT, CLOSER }, &work, 0, false, TURN_SUMMARY_STEPS, NULL },
	{ "the closing state itself", { .steps = 10, .steps_summary = true },
	    { NO_TIMEOUT, CLOSER }, &work, 0, false, TURN_ENTER, NULL },
	{ "a terminal closing state", { .steps = 10, .steps_summary = true },
	    { NO_TIMEOUT, CLOSER }, &done, 0, false, TURN_ENTER, NULL },
	{ "after the closing state",
	    { .steps = 11, .steps_summary = true, .closing = true },
	    { NO_TIMEOUT, CLOSER }, &done, 0, false, TURN_FINISH, "max_steps" },
	{ "time is up", { .steps = 3 }, { .timeout_ms = 1000 }, &work, 1001,
	    false, TURN_FINISH, "timeout" },
	{ "time is not up", { .steps = 3 }, { .timeout_ms = 1000 }, &work, 1000,
	    false, TURN_ENTER, NULL },
	{ "maintain", { .steps = 3 },
	    { NO_TIMEOUT, .maintain = true,
		.initial = { .name = "work", .to = &work } },
	    &done, 0, false, TURN_RESTART, NULL },
	{ "maintain at the cap", { .steps = 10 },
	    { NO_TIMEOUT, .maintain = true }, &done, 0, false, TURN_FINISH,
	    "max_steps" },
	{ "passes are used up", { .steps = 3, .passes = 2 },
	    { NO_TIMEOUT, .maintain = true }, &work, 0, false, TURN_FINISH,
	    "max_iterations_reached" },
};

TEST(turn, order_of_checks)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct turn t = turn_next(&(struct turn_facts) {
		    .loop = &r->loop,
		    .frame = &r->frame,
		    .state = r->state,
		    .max_steps = 10,
		    .max_iterations = 2,
		    .timeout_ms = r->loop.timeout_ms,
		    .elapsed_ms = r->elapsed_ms,
		    .stop = r->stop,
		});

		cr_expect_eq(t.kind, r->want, "%s", r->what);
		if (r->cause)
			cr_expect_str_eq(t.cause, r->cause, "%s", r->what);
	}
}

TEST(turn, a_failure_terminal_says_so)
{
	struct loop l = { .timeout_ms = -1 };
	struct frame f = { .steps = 1 };
	struct turn t = turn_next(&(struct turn_facts) { .loop = &l,
	    .frame = &f,
	    .state = &failed,
	    .max_steps = 10,
	    .max_iterations = -1,
	    .timeout_ms = -1 });

	cr_assert_eq(t.kind, TURN_FINISH);
	cr_assert(t.failure);
}

TEST(turn, retries_allow_n_reentries)
{
	struct state s = { .name = "work",
		.max_retries = 2,
		.on_retry_exhausted = { .name = "done", .to = &done } };
	struct loop l = { .timeout_ms = -1 };
	struct frame f = { 0 };

	for (int n = 0; n < 4; n++) {
		struct turn t = turn_next(&(struct turn_facts) { .loop = &l,
		    .frame = &f,
		    .state = &s,
		    .max_steps = 10,
		    .max_iterations = -1,
		    .timeout_ms = -1 });

		cr_expect_eq(t.kind, n <= 2 ? TURN_ENTER : TURN_EXHAUSTED);
		map_put(&f.retries, "work")->count++;
	}
	map_release(&f.retries);
}
