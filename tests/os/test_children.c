/*
 * Real children side by side: each ends in its own way and with its own tree,
 * and nobody else's.  Whatever must have happened first is waited for; bounds
 * on time are generous.
 */
#include "os/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/clock.h"
#include "os/child_rig.h"

struct lane {
	struct child *child;
	struct str out, err;
	char mark[40];
	bool refuses;
	int raises; /* a signal, when bytes come */
	bool over;
	struct outcome how;
};

struct yard {
	struct sig sig;
	struct lane lane[CHILDREN_MAX];
	size_t n;
	long long (*due_ms)(void *);
	int (*tick)(void *, struct err *);
	void *tick_self;
};

static void
yard_init(struct yard *y)
{
	struct err e = ERR_INIT;

	memset(y, 0, sizeof(*y));
	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_eq(sig_init(&y->sig, &e), 0);
}

static void
yard_release(struct yard *y)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < y->n; i++) {
		child_end(y->lane[i].child, NULL);
		str_release(&y->lane[i].out);
		str_release(&y->lane[i].err);
	}
	cr_assert_eq(tree_end(NULL, -1, &y->sig, &e), 0, "%s", e.msg);
	cr_assert_eq(living(), 0);
	sig_release(&y->sig);
}

static int
lane_hears(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct lane *l = self;
	struct str *s = stream == 1 ? &l->out : &l->err;

	if (l->refuses)
		return err_set(e, ERR_IO, "full");
	if (s->len < 100000)
		str_add(s, p, n);
	if (l->raises)
		raise(l->raises);
	l->raises = 0;
	return 0;
}

/* Each lane has its mark, also those it differs from only in length. */
static struct lane *
begin(struct yard *y, struct child_spec s, const char *script)
{
	struct lane *l = &y->lane[y->n];
	char *argv[] = { (char *)"bash", (char *)"-c", (char *)script, NULL };
	char path[] = "PATH=/usr/bin:/bin";
	char *env[] = { path, l->mark, NULL };

	snprintf(l->mark, sizeof(l->mark), "LL_LANE=%zu", ++y->n);
	l->out = l->err = (struct str)STR_INIT;
	s.file = s.file ? s.file : "/bin/bash";
	s.argv = argv;
	s.env = env;
	s.mark = l->mark;
	s.bytes = lane_hears;
	s.self = l;
	l->child = child_start(&s, &y->sig);
	return l;
}

/* One call: 1 with a lane that is over, which is then released. */
static int
wait_once(struct yard *y, long long ms, struct err *e)
{
	struct child *at[CHILDREN_MAX];
	struct lane *lane[CHILDREN_MAX];
	struct children_wait w = { .at = at,
		.sig = &y->sig,
		.until_boot_ms = ms < 0 ? -1 : clock_boot_ms() + ms,
		.due_ms = y->due_ms,
		.tick = y->tick,
		.tick_self = y->tick_self };
	size_t over = 999;
	int rc;

	for (size_t i = 0; i < y->n; i++)
		if (y->lane[i].child) {
			lane[w.n] = &y->lane[i];
			at[w.n++] = y->lane[i].child;
		}
	rc = children_wait(&w, &over, e);
	if (rc != 1)
		return rc;
	cr_assert_lt(over, w.n);
	child_end(lane[over]->child, &lane[over]->how);
	lane[over]->child = NULL;
	lane[over]->over = true;
	return 1;
}

static void
wait_all(struct yard *y)
{
	struct err e = ERR_INIT;
	size_t n = 0;

	for (size_t i = 0; i < y->n; i++)
		n += y->lane[i].child != NULL;
	for (; n > 0; n--)
		cr_assert_eq(wait_once(y, -1, &e), 1, "%s", e.msg);
}

/* Until so many lines have come. */
static void
wait_lines(struct yard *y, const struct lane *l, size_t lines)
{
	struct err e = ERR_INIT;

	for (;;) {
		size_t n = 0;

		for (size_t i = 0; i < l->out.len; i++)
			n += l->out.buf[i] == '\n';
		if (n >= lines)
			return;
		cr_assert_geq(wait_once(y, 10, &e), 0, "%s", e.msg);
	}
}

static void
wait_over(struct yard *y, const struct lane *l)
{
	struct err e = ERR_INIT;

	while (!l->over)
		cr_assert_geq(wait_once(y, -1, &e), 0, "%s", e.msg);
}

static bool
lives(int pid)
{
	struct proc p;

	return proc_read(pid, &p) && !p.dead;
}

/* The numbers it has printed; how many of them live. */
static int
alive(const struct lane *l)
{
	const char *p = l->out.buf;
	int pid, n, count = 0;

	for (; sscanf(p, "%d%n", &pid, &n) == 1; p += n)
		count += lives(pid);
	return count;
}

/* A leader, one below it, and an orphan in a session of its own; each says
 * its number. */
#define THREE                                                                \
	"(setsid bash -c 'echo $$; exec sleep 300' &); echo $BASHPID; bash " \
	"-c 'echo $$; exec sleep 300' & wait"

static int
count_of(struct yard *y, struct lane *l)
{
	wait_lines(y, l, 3);
	return alive(l);
}

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
