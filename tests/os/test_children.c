/*
 * Real children side by side: each ends with its own tree, and with nobody
 * else's.  Whatever must have happened first is waited for; bounds on time
 * are generous.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/auto.h"
#include "os/children_rig.h"

TEST(children, each_end_is_of_one_tree)
{
	struct yard y;
	struct lane *a, *b, *c;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, THREE);
	b = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, a), 3);
	cr_assert_eq(count_of(&y, b), 3);
	child_cancel(a->child);
	wait_over(&y, a);
	cr_assert_eq(a->how.cut, CUT_ASKED);
	cr_assert_eq(a->how.kind, OUT_SIGNALED);
	cr_assert_eq(a->how.code, SIGTERM);
	cr_assert_eq(alive(a), 0);
	cr_assert_eq(alive(b), 3);
	c = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, c), 3);
	child_cancel(b->child);
	wait_over(&y, b);
	cr_assert_eq(alive(b), 0);
	cr_assert_eq(alive(c), 3);
	cr_assert_eq(living(), 3);
	yard_release(&y);
	cr_assert_eq(alive(c), 0);
}

TEST(children, a_timeout_is_of_one)
{
	struct yard y;
	struct lane *a, *b, *c;

	yard_init(&y);
	b = begin(&y, (struct child_spec) { .timeout_ms = 60000 }, THREE);
	cr_assert_eq(count_of(&y, b), 3);
	a = begin(&y, (struct child_spec) { .timeout_ms = 200 }, THREE);
	c = begin(&y,
	    (struct child_spec) {
		.loop_deadline_boot_ms = clock_boot_ms() + 200 },
	    THREE);
	wait_over(&y, a);
	wait_over(&y, c);
	cr_assert_eq(a->how.kind, OUT_TIMEOUT);
	cr_assert_eq(a->how.code, LIMIT_WALL);
	cr_assert_eq(c->how.code, LIMIT_LOOP);
	cr_assert_eq(alive(a) + alive(c), 0);
	cr_assert_eq(alive(b), 3);
	yard_release(&y);
}

/* Without its session, without its mark, and an orphan from the first signal
 * on: what was below it stays its. */
TEST(children, who_was_seen_below_is_not_lost)
{
	struct yard y;
	struct lane *a, *b;

	yard_init(&y);
	b = begin(&y, (struct child_spec) { 0 }, THREE);
	a = begin(&y, (struct child_spec) { .grace_ms = 50 },
	    "env -i setsid bash -c 'trap \"\" TERM; echo $$;"
	    "while :; do sleep 300; done' & echo $$; wait");
	cr_assert_eq(count_of(&y, b), 3);
	wait_lines(&y, a, 2);
	cr_assert_eq(alive(a), 2);
	child_cancel(a->child);
	wait_over(&y, a);
	cr_assert_eq(alive(a), 0);
	cr_assert_eq(alive(b), 3);
	yard_release(&y);
}

/* While it is listed its parent dies of the signal to the group. */
TEST(children, who_loses_its_parent_just_then_gets_the_signal_too)
{
	struct yard y;
	long long from;

	yard_init(&y);
	for (size_t i = 0; i < 32; i++)
		begin(&y, (struct child_spec) { .grace_ms = 60000 },
		    "setsid sleep 300 & echo $!; wait");
	for (size_t i = 0; i < y.n; i++)
		wait_lines(&y, &y.lane[i], 1);
	from = clock_ms();
	for (size_t i = 0; i < y.n; i++)
		child_cancel(y.lane[i].child);
	wait_all(&y);
	cr_assert_lt(clock_ms() - from, 30000);
	yard_release(&y);
}

TEST(children, a_stop_signal_ends_all)
{
	struct yard y;
	struct lane *a, *b, *c;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, THREE);
	b = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, a) + count_of(&y, b), 6);
	c = begin(&y, (struct child_spec) { 0 }, "echo; exec sleep 300");
	c->raises = SIGINT;
	wait_all(&y);
	for (size_t i = 0; i < y.n; i++) {
		cr_assert(y.lane[i].how.stopped);
		cr_assert_eq(y.lane[i].how.code, SIGTERM);
	}
	cr_assert_eq(living(), 0);
	begin(&y, (struct child_spec) { 0 }, "echo never");
	wait_all(&y);
	cr_assert_eq(y.lane[3].how.kind, OUT_SPAWN_FAILED);
	cr_assert_eq(y.lane[3].how.code, EINTR);
	cr_assert(y.lane[3].how.stopped);
	yard_release(&y);
}

TEST(children, a_stop_that_was_taken_in_elsewhere_ends_all)
{
	struct yard y;
	struct lane *a;
	long long from;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, a), 3);
	cr_assert_eq(raise(SIGTERM), 0);
	while (!y.sig.stop)
		sig_next(&y.sig);
	from = clock_ms();
	wait_all(&y);
	cr_assert_lt(clock_ms() - from, 30000);
	cr_assert(a->how.stopped);
	cr_assert_eq(living(), 0);
	yard_release(&y);
}

#define DEAF "trap '' TERM; echo $$; while :; do sleep 300; done"

TEST(children, a_second_stop_signal_cuts_every_grace)
{
	struct child_spec s = { .grace_ms = 60000 };
	struct yard y;
	struct err e = ERR_INIT;

	yard_init(&y);
	for (size_t i = 0; i < 3; i++)
		wait_lines(&y, begin(&y, s, DEAF), 1);
	raise(SIGTERM);
	cr_assert_eq(wait_once(&y, 50, &e), 0);
	cr_assert_eq(alive(&y.lane[0]), 1);
	raise(SIGTERM);
	wait_all(&y);
	for (size_t i = 0; i < 3; i++) {
		cr_assert(y.lane[i].how.stopped);
		cr_assert_eq(y.lane[i].how.code, SIGKILL);
		cr_assert_lt(y.lane[i].how.duration_ms, LONG_MS);
	}
	yard_release(&y);
}

TEST(children, one_is_cancelled_in_the_grace_of_another)
{
	struct yard y;
	struct lane *a, *b;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { .grace_ms = 60000 }, DEAF);
	b = begin(&y, (struct child_spec) { .grace_ms = 60000 }, THREE);
	wait_lines(&y, a, 1);
	cr_assert_eq(count_of(&y, b), 3);
	child_cancel(a->child);
	child_cancel(b->child);
	child_cancel(b->child);
	wait_over(&y, b);
	cr_assert_not(a->over);
	cr_assert_eq(alive(a), 1);
	child_end(a->child, &a->how);
	a->child = NULL;
	cr_assert_eq(a->how.cut, CUT_ASKED);
	cr_assert_eq(a->how.code, SIGKILL);
	yard_release(&y);
}

TEST(children, too_many_processes_are_of_one)
{
	struct yard y;
	struct lane *a, *b;

	yard_init(&y);
	b = begin(&y, (struct child_spec) { .procs = 10 }, THREE);
	cr_assert_eq(count_of(&y, b), 3);
	a = begin(&y, (struct child_spec) { .procs = 10 },
	    "for i in {1..20}; do (setsid sleep 300 &); done; wait; sleep 300");
	wait_over(&y, a);
	cr_assert_eq(a->how.cut, CUT_PROCS);
	cr_assert_eq(alive(b), 3);
	cr_assert_eq(living(), 3);
	yard_release(&y);
}

TEST(children, what_is_left_ends_with_its_own_child)
{
	static const char leaves[] =
	    "(setsid bash -c 'echo $$; exec sleep 300 >&- 2>&-' &);"
	    "(bash -c 'echo $$; exec sleep 300 >&- 2>&-' &)";
	struct yard y;
	struct lane *a, *b, *c;

	yard_init(&y);
	b = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, b), 3);
	a = begin(&y, (struct child_spec) { .ends_left = true }, leaves);
	c = begin(&y, (struct child_spec) { 0 }, leaves);
	wait_over(&y, a);
	wait_over(&y, c);
	cr_assert(a->how.kind == OUT_EXITED && a->how.code == 0);
	cr_assert_eq(a->how.left_ended, 2);
	cr_assert_eq(alive(a), 0);
	cr_assert_eq(alive(c), 2);
	cr_assert_eq(alive(b), 3);
	yard_release(&y);
}

TEST(children, news_spare_who_still_run)
{
	struct tree known = TREE_INIT;
	auto_arena mem = ARENA_INIT;
	const struct tree_left *left = NULL;
	struct yard y;
	struct lane *a, *b;
	struct child *at[2];

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, THREE);
	b = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, a) + count_of(&y, b), 6);
	at[0] = a->child;
	at[1] = b->child;
	cr_assert_eq(children_news(&known, at, 2, &mem, &left), 0);
	cr_assert_eq(children_news(&known, at, 1, &mem, &left), 3);
	cr_assert_eq(children_news(&known, at, 1, &mem, &left), 0);
	child_cancel(b->child);
	wait_over(&y, b);
	cr_assert_eq(children_news(&known, at, 1, &mem, &left), 0);
	cr_assert_eq(known.len, 0);
	cr_assert_eq(alive(a), 3);
	yard_release(&y);
	tree_release(&known);
}

/* The first dead child that the kernel names is one that is kept. */
TEST(children, a_kept_zombie_hides_no_other_dead)
{
	struct yard y;
	struct lane *a, *b;
	int pid;

	yard_init(&y);
	a = begin(&y,
	    (struct child_spec) { .ends_left = true, .grace_ms = 300 },
	    "echo; (trap '' TERM; sleep 300) & exit 3");
	b = begin(&y, (struct child_spec) { 0 },
	    "(setsid bash -c 'echo $$; exec sleep 300' &); exec sleep 300");
	wait_lines(&y, a, 1);
	wait_lines(&y, b, 1);
	pid = atoi(b->out.buf);
	kill(pid, SIGKILL);
	while (kill(pid, 0) == 0) {
		struct err e = ERR_INIT;

		cr_assert_geq(wait_once(&y, 10, &e), 0);
	}
	wait_over(&y, a);
	cr_assert_eq(a->how.code, 3);
	cr_assert_not(b->over);
	yard_release(&y);
}

TEST(children, one_that_runs_can_be_released)
{
	struct yard y;
	struct lane *a, *b;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, THREE);
	b = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, a) + count_of(&y, b), 6);
	child_end(a->child, &a->how);
	a->child = NULL;
	cr_assert_eq(a->how.kind, OUT_SIGNALED);
	cr_assert_eq(alive(a), 0);
	cr_assert_eq(alive(b), 3);
	yard_release(&y);
}
