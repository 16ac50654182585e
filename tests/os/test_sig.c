/* The self-pipe: what arrives, what is remembered, what is put back. */
#include "os/sig.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "test.h"

static bool
ready(const struct sig *s)
{
	struct pollfd p = { sig_fd(s), POLLIN, 0 };

	return poll(&p, 1, 0) == 1;
}

static void
take_all(struct sig *s)
{
	while (sig_next(s))
		;
}

TEST(sig, next_tells_what_came_in_order)
{
	static const int numbers[] = { SIGCHLD, SIGWINCH, SIGHUP, SIGTERM,
		SIGQUIT };
	struct err e = ERR_INIT;
	struct sig s;

	cr_assert_eq(sig_init(&s, &e), 0);
	cr_assert_eq(sig_next(&s), 0);
	cr_assert_not(ready(&s));
	for (size_t i = 0; i < COUNT(numbers); i++)
		raise(numbers[i]);
	cr_assert(ready(&s));
	for (size_t i = 0; i < COUNT(numbers); i++)
		cr_assert_eq(sig_next(&s), numbers[i]);
	cr_assert_eq(sig_next(&s), 0);
	cr_assert_eq(s.stop, SIGHUP);
	cr_assert_eq(s.count, 3);
	cr_assert(s.winch);
	sig_release(&s);
}

/* Some parents start their children with everything blocked. */
TEST(sig, an_inherited_mask_keeps_nothing_away)
{
	struct err e = ERR_INIT;
	sigset_t all, now;
	struct sig s;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	cr_assert_eq(sig_init(&s, &e), 0);
	raise(SIGTERM);
	cr_assert_eq(sig_next(&s), SIGTERM);
	sig_release(&s);
	sigprocmask(SIG_SETMASK, NULL, &now);
	cr_assert(sigismember(&now, SIGTERM));
	sigemptyset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

TEST(sig, only_a_second_int_or_term_means_now)
{
	static const struct {
		int first, second;
		bool now;
	} cases[] = {
		{ SIGINT, 0, false },
		{ SIGINT, SIGINT, true },
		{ SIGHUP, SIGTERM, true },
		{ SIGTERM, SIGINT, true },
		{ SIGHUP, SIGHUP, false },
		{ SIGTERM, SIGHUP, false },
		{ SIGINT, SIGQUIT, false },
		{ SIGINT, SIGCHLD, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err e = ERR_INIT;
		struct sig s;

		cr_assert_eq(sig_init(&s, &e), 0);
		raise(cases[i].first);
		if (cases[i].second)
			raise(cases[i].second);
		take_all(&s);
		cr_assert_eq(s.stop, cases[i].first);
		cr_assert_eq(s.now, cases[i].now, "%zu", i);
		sig_release(&s);
	}
}

static bool
acts(int number, sighandler_t handler)
{
	struct sigaction sa;

	sigaction(number, NULL, &sa);
	return sa.sa_handler == handler;
}

TEST(sig, release_puts_back)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
		SIGCHLD, SIGWINCH, SIGPIPE, SIGXFSZ };
	struct err e = ERR_INIT;
	struct sig s;

	signal(SIGTERM, SIG_IGN);
	cr_assert_eq(sig_init(&s, &e), 0);
	for (size_t i = 0; i < COUNT(numbers); i++)
		cr_assert_not(acts(numbers[i], SIG_DFL));
	cr_assert_not(acts(SIGTERM, SIG_IGN));
	sig_release(&s);
	sig_release(&s);
	for (size_t i = 0; i < COUNT(numbers); i++)
		cr_assert(acts(
		    numbers[i], numbers[i] == SIGTERM ? SIG_IGN : SIG_DFL));
}

TEST(sig, nohup_stays)
{
	struct err e = ERR_INIT;
	struct sig s;

	signal(SIGHUP, SIG_IGN);
	cr_assert_eq(sig_init(&s, &e), 0);
	raise(SIGHUP);
	cr_assert_eq(sig_next(&s), 0);
	cr_assert_eq(s.stop, 0);
	sig_release(&s);
	cr_assert(acts(SIGHUP, SIG_IGN));
}

TEST(sig, writing_into_the_void_is_an_error_not_death)
{
	struct err e = ERR_INIT;
	struct sig s;
	int fd[2];

	cr_assert_eq(sig_init(&s, &e), 0);
	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	close(fd[0]);
	cr_assert_eq(write(fd[1], "x", 1), -1);
	cr_assert_eq(errno, EPIPE);
	close(fd[1]);
	sig_release(&s);
}

TEST(sig, a_flood_never_blocks)
{
	struct err e = ERR_INIT;
	struct sig s;
	size_t n = 0;

	cr_assert_eq(sig_init(&s, &e), 0);
	raise(SIGINT);
	for (int i = 0; i < 100000; i++)
		raise(SIGCHLD);
	while (sig_next(&s))
		n++;
	cr_assert(n > 1000);
	cr_assert_eq(s.stop, SIGINT);
	sig_release(&s);
}

TEST(sig, a_fork_gets_a_pipe_of_its_own)
{
	struct err e = ERR_INIT;
	struct sig s;
	pid_t pid;
	int status;

	cr_assert_eq(sig_init(&s, &e), 0);
	raise(SIGHUP);
	pid = fork();
	if (pid == 0) {
		if (sig_forked(&s, &e) < 0 || s.stop || sig_next(&s))
			_exit(1);
		raise(SIGTERM);
		_exit(sig_next(&s) == SIGTERM && s.stop == SIGTERM ? 0 : 2);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	cr_assert_eq(status, 0);
	cr_assert_eq(sig_next(&s), SIGHUP);
	cr_assert_eq(sig_next(&s), SIGCHLD);
	cr_assert_eq(sig_next(&s), 0);
	cr_assert_eq(s.stop, SIGHUP);
	sig_release(&s);
}

TEST(sig, the_word_of_the_first_stop_counts)
{
	union sigval other = { .sival_int = SIG_WHY_STOP };
	static const struct {
		enum sig_why first, then;
	} rows[] = {
		{ SIG_WHY_STOP, SIG_WHY_PARENT },
		{ SIG_WHY_PARENT, SIG_WHY_STOP },
		{ SIG_WHY_NONE, SIG_WHY_STOP },
	};
	auto_fd int self = pidfd_open(getpid(), 0);
	struct err e = ERR_INIT;
	struct sig s;

	cr_assert_eq(sig_init(&s, &e), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_assert_eq(sig_send(self, SIGTERM, rows[i].first), 0);
		take_all(&s);
		cr_assert_eq(sig_send(self, SIGTERM, rows[i].then), 0);
		cr_assert_eq(sig_next(&s), SIGTERM);
		cr_assert_eq(s.stop, SIGTERM);
		cr_assert(s.now);
		cr_assert_eq(s.why, rows[i].first);
		raise(SIGCHLD);
		sig_forget(&s);
		cr_assert(!s.stop && !s.count && !s.now && !s.why);
		cr_assert_not(ready(&s));
	}
	/* Whoever sends a value of his own means something else. */
	sigqueue(getpid(), SIGTERM, other);
	cr_assert_eq(sig_next(&s), SIGTERM);
	cr_assert_eq(s.why, SIG_WHY_NONE);
	sig_release(&s);
}

TEST(sig, a_bare_term_from_above_has_a_word)
{
	static const struct {
		int number;
		enum sig_why why;
	} rows[] = {
		{ SIGTERM, SIG_WHY_PARENT },
		{ SIGHUP, SIG_WHY_NONE },
	};
	const pid_t above[2] = { 1 << 29, getpid() };
	struct err e = ERR_INIT;
	struct sig s;

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_assert_eq(sig_init(&s, &e), 0);
		sig_above(above);
		kill(getpid(), rows[i].number);
		cr_assert_eq(sig_next(&s), rows[i].number);
		cr_assert_eq(s.why, rows[i].why);
		sig_release(&s);
	}
	cr_assert_eq(sig_init(&s, &e), 0);
	kill(getpid(), SIGTERM);
	cr_assert_eq(sig_next(&s), SIGTERM);
	cr_assert_eq(s.why, SIG_WHY_NONE);
	sig_release(&s);
}
