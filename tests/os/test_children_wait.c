/* Waiting for real children: whose turn it is, and what else happens. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "os/children_rig.h"

TEST(children, sixty_four_at_once)
{
	struct yard y;
	struct err e = ERR_INIT;
	char script[100], want[20];

	yard_init(&y);
	for (int i = 0; i < CHILDREN_MAX; i++) {
		snprintf(script, sizeof(script),
		    "echo out%d; echo err%d >&2; exit %d", i, i, i);
		begin(&y, (struct child_spec) { .timeout_ms = 60000 }, script);
	}
	wait_all(&y);
	for (int i = 0; i < CHILDREN_MAX; i++) {
		const struct lane *l = &y.lane[i];

		cr_assert_eq(l->how.kind, OUT_EXITED);
		cr_assert_eq(l->how.code, i);
		snprintf(want, sizeof(want), "out%d\n", i);
		cr_assert_str_eq(l->out.buf, want);
		snprintf(want, sizeof(want), "err%d\n", i);
		cr_assert_str_eq(l->err.buf, want);
	}
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1);
	cr_assert_eq(wait_once(&y, 0, &e), 0);
	yard_release(&y);
}

TEST(children, a_flood_keeps_nobody_waiting)
{
	struct yard y;
	struct lane *a, *b, *c, *d;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, "yes & yes >&2");
	wait_lines(&y, a, 1000);
	b = begin(
	    &y, (struct child_spec) { .timeout_ms = 300 }, "exec sleep 300");
	c = begin(&y, (struct child_spec) { .idle_ms = 300 }, "exec sleep 300");
	d = begin(&y, (struct child_spec) { 0 }, "echo 1; exec sleep 300");
	wait_lines(&y, d, 1);
	wait_over(&y, b);
	wait_over(&y, c);
	cr_assert_eq(b->how.code, LIMIT_WALL);
	cr_assert_lt(b->how.duration_ms, LONG_MS);
	cr_assert_eq(c->how.code, LIMIT_IDLE);
	cr_assert_lt(c->how.duration_ms, LONG_MS);
	cr_assert_not(a->over);
	yard_release(&y);
}

TEST(children, one_that_cannot_start_harms_nobody)
{
	struct child_spec lost = { .file = "/nowhere" };
	struct yard y;
	struct lane *a, *b;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, "echo a; exec sleep .1");
	b = begin(&y, lost, "");
	wait_over(&y, b);
	cr_assert_not(a->over);
	cr_assert_eq(b->how.kind, OUT_SPAWN_FAILED);
	cr_assert_eq(b->how.code, ENOENT);
	cr_assert_not(b->how.stopped);
	/* one that is over again and again at once hides nobody else */
	while (!a->over) {
		struct err e = ERR_INIT;

		begin(&y, lost, "");
		cr_assert_eq(wait_once(&y, -1, &e), 1);
		y.n -= y.lane[y.n - 1].over;
	}
	cr_assert(a->over);
	cr_assert_eq(a->how.kind, OUT_EXITED);
	cr_assert_str_eq(a->out.buf, "a\n");
	yard_release(&y);
}

TEST(children, refused_bytes_end_all)
{
	struct yard y;
	struct err e = ERR_INIT;
	struct lane *a, *b;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(count_of(&y, a), 3);
	b = begin(&y, (struct child_spec) { 0 }, "echo; exec sleep 300");
	b->refuses = true;
	cr_assert_eq(wait_once(&y, -1, &e), -1);
	cr_assert_str_eq(e.msg, "full");
	cr_assert_eq(living(), 0);
	yard_release(&y);
}

struct work {
	int times, fail_at;
	long long at;
};

static long long
work_due(void *self)
{
	struct work *w = self;
	long long left = w->at - clock_ms();

	return left > 0 ? left : 0;
}

static int
work_done(void *self, struct err *e)
{
	struct work *w = self;

	w->at = clock_ms() + 60000;
	return ++w->times == w->fail_at ? err_set(e, ERR_IO, "disk") : 0;
}

TEST(children, work_of_the_caller_is_done_once)
{
	struct work work = { .at = clock_ms() + 100 };
	struct yard y;
	struct err e = ERR_INIT;

	yard_init(&y);
	y.due_ms = work_due;
	y.tick = work_done;
	y.tick_self = &work;
	for (int i = 0; i < 5; i++)
		begin(&y, (struct child_spec) { 0 }, "exec sleep .2");
	wait_all(&y);
	cr_assert_eq(work.times, 1);
	work = (struct work) { .fail_at = 1, .at = clock_ms() + 100 };
	for (int i = 0; i < 5; i++)
		begin(&y, (struct child_spec) { 0 }, THREE);
	cr_assert_eq(wait_once(&y, -1, &e), -1);
	cr_assert_str_eq(e.msg, "disk");
	cr_assert_eq(living(), 0);
	yard_release(&y);
}

TEST(children, none_is_a_sleep)
{
	struct work work = { .at = clock_ms() + 50 };
	struct yard y;
	struct err e = ERR_INIT;
	long long start = clock_boot_ms();

	yard_init(&y);
	y.due_ms = work_due;
	y.tick = work_done;
	y.tick_self = &work;
	cr_assert_eq(wait_once(&y, 150, &e), 0);
	cr_assert_geq(clock_boot_ms() - start, 150);
	cr_assert_eq(work.times, 1);
	cr_assert_eq(wait_once(&y, 0, &e), 0);
	/* far enough for a timer of its own */
	start = clock_boot_ms();
	cr_assert_eq(wait_once(&y, 1010, &e), 0);
	cr_assert_geq(clock_boot_ms() - start, 1010);
	cr_assert_lt(clock_boot_ms() - start, LONG_MS);
	raise(SIGTERM);
	cr_assert_eq(wait_once(&y, -1, &e), 0);
	cr_assert_eq(y.sig.stop, SIGTERM);
	cr_assert_eq(wait_once(&y, -1, &e), 0);
	yard_release(&y);
}

TEST(children, a_sleep_collects_the_dead)
{
	struct yard y;
	struct err e = ERR_INIT;
	struct lane *a;
	int pid;

	yard_init(&y);
	a = begin(&y, (struct child_spec) { 0 },
	    "(setsid bash -c 'echo $$; exec sleep 300 >&- 2>&-' &)");
	wait_over(&y, a);
	cr_assert_eq(alive(a), 1);
	pid = atoi(a->out.buf);
	kill(pid, SIGKILL);
	while (kill(pid, 0) == 0)
		cr_assert_eq(wait_once(&y, 10, &e), 0);
	yard_release(&y);
}

/* Nobody is woken just to look. */
TEST(children, cost_nothing_while_they_run)
{
	struct rusage from, to;
	struct yard y;
	struct err e = ERR_INIT;

	yard_init(&y);
	for (int i = 0; i < 8; i++)
		begin(&y,
		    (struct child_spec) {
			.timeout_ms = 60000, .idle_ms = 50000 },
		    "exec sleep 300");
	cr_assert_eq(wait_once(&y, 100, &e), 0);
	getrusage(RUSAGE_SELF, &from);
	cr_assert_eq(wait_once(&y, 300, &e), 0);
	getrusage(RUSAGE_SELF, &to);
	cr_assert_lt(to.ru_nvcsw - from.ru_nvcsw, 12);
	yard_release(&y);
}
