/* A helper answers, or is gone: it hangs, dies, talks without end, starts
 * something, is told to stop.  Nothing of it is left in any case. */
#include "os/helper.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "os/proc.h"
#include "os/tree.h"
#include "test.h"

static const struct val *
echo(const struct val *args, struct arena *a)
{
	struct val *v = val_map(a);

	val_set(a, v, "got", val_get(args, "say"));
	val_set(a, v, "pid", val_int(a, getpid()));
	return v;
}

static const struct val *
sleep_on(const struct val *args, struct arena *a)
{
	(void)args;
	for (;;)
		pause();
	return val_map(a);
}

static const struct val *
crash(const struct val *args, struct arena *a)
{
	(void)args;
	raise(SIGKILL);
	return val_map(a);
}

static const struct val *
leave(const struct val *args, struct arena *a)
{
	(void)args;
	(void)a;
	_exit(3);
}

static const struct val *
talk(const struct val *args, struct arena *a)
{
	struct val *v = val_map(a);
	char *big = arena_new(a, 20 << 20);

	(void)args;
	memset(big, 'x', (20 << 20) - 1);
	val_set(a, v, "big", val_text(a, big));
	return v;
}

static const struct val *
no_map(const struct val *args, struct arena *a)
{
	(void)args;
	return val_text(a, "a text");
}

static const struct val *
refuse(const struct val *args, struct arena *a)
{
	(void)args;
	return helper_fault(a, "limit", "too many");
}

static const struct val *
start_and_wait(const struct val *args, struct arena *a)
{
	if (fork() == 0)
		for (;;)
			pause();
	return sleep_on(args, a);
}

static const struct val *
start_and_answer(const struct val *args, struct arena *a)
{
	if (fork() == 0)
		for (;;)
			pause();
	return echo(args, a);
}

static const struct val *
look_around(const struct val *args, struct arena *a)
{
	struct val *v = val_map(a);
	struct sigaction sa;

	sigaction(SIGTERM, NULL, &sa);
	val_set(a, v, "closed",
	    val_bool(a, write((int)val_num(args, "fd", -1), "x", 1) < 0));
	val_set(a, v, "default", val_bool(a, sa.sa_handler == SIG_DFL));
	val_set(a, v, "leader", val_bool(a, getsid(0) == getpid()));
	return v;
}

static struct helped
ask(helper_answer *answer, struct arena *a, long long limit, struct sig *sig)
{
	struct val *args = val_map(a);
	struct helper h = { answer, args, limit, sig };
	struct helped out;

	val_set(a, args, "say", val_text(a, "a \"b\"\n"));
	helper_ask(&h, a, &out);
	return out;
}

/* What was killed may need a moment to be gone. */
static void
nobody_is_left(void)
{
	struct tree t = TREE_INIT;
	long long until = clock_ms() + 5000;

	do {
		tree_reap(0);
		tree_list(&t);
	} while (t.len && clock_ms() < until && usleep(5000) == 0);
	cr_expect_eq(t.len, 0, "%zu processes are left", t.len);
	tree_release(&t);
}

TEST(helper, answers)
{
	auto_arena a = ARENA_INIT;
	struct helped h = ask(echo, &a, 5000, NULL);

	cr_assert_not_null(h.v, "%s: %s", h.kind, h.error);
	cr_expect_str_eq(val_str(h.v, "got", ""), "a \"b\"\n");
	cr_expect_neq(val_num(h.v, "pid", 0), getpid());
	nobody_is_left();
}

TEST(helper, says_why_there_is_no_answer)
{
	static const struct {
		helper_answer *answer;
		const char *kind, *error;
	} rows[] = {
		{ crash, "died", "the helper died of signal 9" },
		{ leave, "died", "the helper died without an answer" },
		{ talk, "died", "the helper answered without end" },
		{ no_map, "died", "the helper died without an answer" },
		{ refuse, "limit", "too many" },
		{ sleep_on, "timeout", "no answer within 200 ms" },
		{ start_and_wait, "timeout", "no answer within 200 ms" },
	};
	struct err e = ERR_INIT;

	cr_assert_eq(proc_become_reaper(&e), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		bool slow = strcmp(rows[i].kind, "timeout") == 0;
		struct helped h =
		    ask(rows[i].answer, &a, slow ? 200 : 20000, NULL);

		cr_assert_null(h.v);
		cr_expect_str_eq(h.kind, rows[i].kind);
		cr_expect_str_eq(h.error, rows[i].error);
		nobody_is_left();
	}
}

TEST(helper, ends_what_it_started)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;

	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_not_null(ask(start_and_answer, &a, 5000, NULL).v);
	nobody_is_left();
}

TEST(helper, has_nothing_of_ours)
{
	auto_arena a = ARENA_INIT;
	struct val *args = val_map(&a);
	struct helper h = { look_around, args, 5000, NULL };
	struct err e = ERR_INIT;
	struct helped out;
	struct sig sig;
	int fd[2];

	cr_assert_eq(sig_init(&sig, &e), 0);
	cr_assert_eq(pipe(fd), 0);
	val_set(&a, args, "fd", val_int(&a, fd[1]));
	h.sig = &sig;
	helper_ask(&h, &a, &out);
	cr_assert_not_null(out.v, "%s", out.error);
	cr_expect(val_get(out.v, "closed")->b);
	cr_expect(val_get(out.v, "default")->b);
	cr_expect(val_get(out.v, "leader")->b);
	cr_expect_eq(sig.stop, 0);
	sig_release(&sig);
}

TEST(helper, a_stop_signal_ends_it_at_once)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct helped h;
	struct sig sig;
	long long began;
	pid_t kid;

	cr_assert_eq(sig_init(&sig, &e), 0);
	kid = fork();
	if (kid == 0) {
		usleep(100000);
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	began = clock_ms();
	h = ask(start_and_wait, &a, 20000, &sig);
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, HELPER_STOPPED);
	cr_expect_eq(sig.stop, SIGTERM);
	cr_expect_lt(clock_ms() - began, 1000);
	waitpid(kid, NULL, 0);
	sig_release(&sig);
}

/* Whoever is killed takes its helper along. */
TEST(helper, dies_with_us)
{
	struct err e = ERR_INIT;
	pid_t kid;

	cr_assert_eq(proc_become_reaper(&e), 0);
	kid = fork();
	if (kid == 0) {
		auto_arena a = ARENA_INIT;

		ask(sleep_on, &a, 20000, NULL);
		_exit(0);
	}
	usleep(200000);
	kill(kid, SIGKILL);
	waitpid(kid, NULL, 0);
	nobody_is_left();
}
