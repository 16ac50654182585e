/*
 * The heir.  A lock that we hold would stay held by its copy of the
 * descriptor, so it closes all of them before anything else.  Refuses to
 * allocate: it is the copy of a process that goes on.
 */
#include "os/heir.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { LIFE = 3, FIRST_OTHER = 4, EXIT_CANNOT = 126 };

static void
default_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* 0 to 3 are what it may have; everything else goes.  Copies above those
 * first, so that none is overwritten before it is used. */
static int
keep_only(const struct heir_spec *s)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int life = fcntl(s->life, F_DUPFD_CLOEXEC, FIRST_OTHER);
	int in = fcntl(s->in < 0 ? null : s->in, F_DUPFD_CLOEXEC, FIRST_OTHER);

	if (null < 0 || life < 0 || in < 0)
		return -1;
	if (dup2(in, 0) < 0 || dup3(life, LIFE, O_CLOEXEC) < 0)
		return -1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		return -1;
	return close_range(FIRST_OTHER, ~0U, 0);
}

static void
await_end(void)
{
	struct pollfd p = { LIFE, 0, 0 };

	while (!(p.revents & (POLLHUP | POLLERR | POLLNVAL)))
		poll(&p, 1, -1);
}

static void
be(const struct heir_spec *s)
{
	setsid();
	default_signals();
	if (keep_only(s) < 0 || chdir(s->cwd) < 0)
		_exit(EXIT_CANNOT);
	await_end();
	execve(s->file, s->argv, s->env);
	_exit(EXIT_CANNOT);
}

pid_t
heir_make(const struct heir_spec *s, struct err *e)
{
	pid_t pid;
	sigset_t all, was;

	/* No handler of ours may answer in it. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &was);
	pid = fork();
	if (pid == 0)
		be(s);
	sigprocmask(SIG_SETMASK, &was, NULL);
	return pid < 0 ? err_sys(e, "cannot start a process") : pid;
}
