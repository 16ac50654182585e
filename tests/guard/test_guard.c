/* Two processes out of one: who hears what, who sees whom die. */
#include "guard/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "os/proc.h"
#include "test.h"

struct bed {
	struct sig sig;
	struct guard guard;
	struct err e;
};

/* What the engine of a test does; what it returns is its exit status. */
typedef int engine_act(struct bed *);

static void
setup(struct bed *b)
{
	*b = (struct bed) { .e = ERR_INIT };
	cr_assert_eq(sig_init(&b->sig, &b->e), 0);
}

/* In the guard only; the engine never returns. */
static void
split(struct bed *b, engine_act *act)
{
	int side = guard_split(&b->guard, &b->sig, &b->e);

	if (side == GUARD_ENGINE)
		_exit(guard_follow(&b->guard, &b->e) < 0 ? 99 : act(b));
	cr_assert_eq(side, GUARD_ITSELF, "%s", b->e.msg);
}

static void
teardown(struct bed *b)
{
	guard_release(&b->guard);
	guard_release(&b->guard);
	sig_release(&b->sig);
}

/* Until one signal came, or five seconds. */
static int
hear(struct sig *s)
{
	struct pollfd p = { sig_fd(s), POLLIN, 0 };
	int n;

	do
		n = poll(&p, 1, 5000);
	while (n < 0 && errno == EINTR);
	return n == 1 ? sig_next(s) : 0;
}

static int
leave_with_7(struct bed *b)
{
	(void)b;
	return 7;
}

static int
die_of_kill(struct bed *b)
{
	(void)b;
	raise(SIGKILL);
	return 0;
}

static int
has_its_own_group(struct bed *b)
{
	return getpgrp() == getpid() && getsid(0) == getsid(b->guard.pid) ? 0
									  : 1;
}

TEST(guard, tells_how_the_engine_ended)
{
	static const struct {
		engine_act *act;
		int status, signal;
	} cases[] = {
		{ leave_with_7, 7, 0 },
		{ die_of_kill, 0, SIGKILL },
		{ has_its_own_group, 0, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bed b;
		struct guard_end end = { -1, -1, -1 };

		setup(&b);
		split(&b, cases[i].act);
		guard_watch(&b.guard, &end);
		cr_assert_eq(end.status, cases[i].status, "%zu", i);
		cr_assert_eq(end.signal, cases[i].signal, "%zu", i);
		cr_assert(end.active_ms >= 0 && end.active_ms < 60000);
		teardown(&b);
	}
}

static int
hear_term(struct bed *b)
{
	int first = hear(&b->sig);

	return first == SIGTERM && b->sig.stop == SIGTERM && !b->sig.now ? 0
									 : 1;
}

/* Also what came before there was an engine. */
TEST(guard, hands_signals_on)
{
	struct bed b;
	struct guard_end end;

	setup(&b);
	raise(SIGTERM);
	raise(SIGTERM);
	split(&b, hear_term);
	guard_watch(&b.guard, &end);
	cr_assert_eq(end.status, 0);
	teardown(&b);
}

static int
hear_twice(struct bed *b)
{
	bool once;

	while (b->sig.count < 1 && hear(&b->sig))
		;
	once = !b->sig.now;
	/* The same from another: whoever ends a tree tells both of us. */
	raise(SIGTERM);
	while (b->sig.count < 2 && hear(&b->sig))
		;
	if (!once || b->sig.now)
		return 1;
	raise(SIGTERM);
	while (b->sig.count < 3 && hear(&b->sig))
		;
	return b->sig.now ? 0 : 2;
}

TEST(guard, a_signal_from_two_is_one)
{
	struct bed b;
	struct guard_end end;

	setup(&b);
	raise(SIGTERM);
	split(&b, hear_twice);
	guard_watch(&b.guard, &end);
	cr_assert_eq(end.status, 0);
	teardown(&b);
}

static int
stop_for_tstp(struct bed *b)
{
	if (hear(&b->sig) != SIGTSTP)
		return 1;
	raise(SIGSTOP);
	return 0;
}

/* A child that watches its own engine, so that both may stop. */
TEST(guard, stops_with_the_engine_and_goes_on_with_it)
{
	siginfo_t si;
	pid_t pid = fork();

	if (pid == 0) {
		struct bed b;
		struct guard_end end;

		setup(&b);
		split(&b, stop_for_tstp);
		raise(SIGTSTP);
		guard_watch(&b.guard, &end);
		_exit(end.signal ? 98 : end.status);
	}
	cr_assert_eq(waitid(P_PID, (id_t)pid, &si, WSTOPPED | WEXITED), 0);
	cr_assert_eq(si.si_code, CLD_STOPPED, "%d", si.si_status);
	kill(pid, SIGCONT);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &si, WEXITED), 0);
	cr_assert_eq(si.si_code, CLD_EXITED);
	cr_assert_eq(si.si_status, 0);
}

static int tell_fd;

static int
tell_of_the_guards_death(struct bed *b)
{
	int number = hear(&b->sig);
	char ok = number == SIGTERM && b->sig.orphaned && b->sig.lost &&
	    b->sig.stop == SIGTERM && !b->sig.now && !hear(&b->sig);

	/* Nothing is readable for ever. */
	return write(tell_fd, &ok, 1) == 1 ? 0 : 1;
}

TEST(guard, its_death_is_heard)
{
	int fd[2];
	char ok = 0;
	pid_t pid;

	cr_assert_eq(pipe(fd), 0);
	tell_fd = fd[1];
	pid = fork();
	if (pid == 0) {
		struct bed b;

		setup(&b);
		split(&b, tell_of_the_guards_death);
		raise(SIGKILL);
	}
	close(fd[1]);
	cr_assert_eq(read(fd[0], &ok, 1), 1);
	cr_assert(ok);
	close(fd[0]);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
}

/* Once it ignores TERM, in a session of its own or not, it says so. */
static pid_t
sleeper(bool own_session)
{
	char ok = 1;
	int fd[2];
	pid_t pid;

	if (pipe(fd) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		if (own_session)
			setsid();
		signal(SIGTERM, SIG_IGN);
		alarm(60);
		(void)!write(fd[1], &ok, 1);
		for (;;)
			pause();
	}
	(void)!read(fd[0], &ok, 1);
	close(fd[0]);
	close(fd[1]);
	return pid;
}

static int
leave_a_tree(struct bed *b)
{
	char done = 1;

	(void)b;
	if (sleeper(true) > 0 && sleeper(true) > 0)
		(void)!write(tell_fd, &done, 1);
	raise(SIGABRT);
	return 0;
}

TEST(guard, ends_what_a_dead_engine_left_and_nothing_older)
{
	struct bed b;
	struct guard_end end;
	struct tree t = TREE_INIT;
	pid_t before;
	int fd[2];
	char ok;

	cr_assert_eq(pipe(fd), 0);
	tell_fd = fd[1];
	setup(&b);
	before = sleeper(false);
	split(&b, leave_a_tree);
	guard_watch(&b.guard, &end);
	cr_assert_eq(end.signal, SIGABRT);
	cr_assert_eq(read(fd[0], &ok, 1), 1);
	cr_assert_eq(guard_end_rest(&b.guard, -1, &b.e), 0, "%s", b.e.msg);
	tree_list(&t);
	cr_assert_eq(t.len, 1);
	cr_assert_eq(t.at[0].pid, before);
	tree_release(&t);
	kill(before, SIGKILL);
	cr_assert_eq(waitpid(before, NULL, 0), before);
	close(fd[0]);
	close(fd[1]);
	teardown(&b);
}
