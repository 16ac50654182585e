/*
 * One question, one fork.  A library call cannot be cancelled, a process
 * can: the helper is killed with its whole group at the deadline and at a
 * stop signal.  Not posix_spawn: the helper is our own code, with the
 * arguments in its memory.  Refuses an answer that is no JSON map or is
 * longer than a record could ever need.
 */
#include "os/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "text/json.h"

enum {
	ANSWER_MAX = 16 << 20,
	LAST_MS = 1000, /* for a helper that has answered or was killed */
	ANSWER_FD = 3,
};

struct ask {
	const struct helper *h;
	pid_t pid;
	int pidfd, in;
	struct str text;
	long long until; /* clock_ms() */
};

const struct val *
helper_fault(struct arena *a, const char *kind, const char *error)
{
	struct val *v = val_map(a);

	val_set(a, v, "kind", val_text(a, kind));
	val_set(a, v, "error", val_text(a, error));
	return v;
}

static void
refuse(struct helped *out, const char *kind, const char *error)
{
	*out = (struct helped) { NULL, kind, error };
}

/* ---- the helper's side ---- */

/* Handlers of ours would write into the pipe of the process above. */
static void
forget_signals(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void
be_helper(const struct helper *h, int fd, pid_t parent)
{
	auto_arena a = ARENA_INIT;
	auto_str out = STR_INIT;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	setsid();
	forget_signals();
	if (fd != ANSWER_FD && dup3(fd, ANSWER_FD, O_CLOEXEC) < 0)
		_exit(1);
	/* Locks and the journal are not ours to hold. */
	close_range(ANSWER_FD + 1, UINT_MAX, 0);
	json_write(&out, h->answer(h->args, &a), JSON_COMPACT);
	_exit(file_write_all(ANSWER_FD, out.buf, out.len) < 0);
}

/* ---- our side ---- */

/* Signals wait until the fork is over: between it and forget_signals() the
 * helper would answer them with our handlers. */
static int
start(struct ask *x)
{
	pid_t self = getpid();
	sigset_t all, old;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	x->pid = fork();
	if (x->pid == 0)
		be_helper(x->h, fd[1], self);
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(fd[1]);
	x->in = fd[0];
	if (x->pid < 0)
		return -1;
	x->pidfd = pidfd_open(x->pid, 0);
	return 0;
}

/* True when there is nothing more to read. */
static bool
read_some(struct ask *x)
{
	ssize_t n;

	str_reserve(&x->text, 65536);
	n = read(x->in, x->text.buf + x->text.len, 65536);
	if (n > 0)
		str_cut(&x->text, x->text.len + (size_t)n);
	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN) ||
	    x->text.len > ANSWER_MAX;
}

/* It has exited: what it wrote is in the pipe, which others may still hold. */
static void
read_rest(struct ask *x)
{
	size_t before;

	do
		before = x->text.len;
	while (!read_some(x) && x->text.len > before);
}

/* NULL when it closed its pipe or exited, else why we do not wait any longer.
 */
static const char *
listen_to(struct ask *x)
{
	struct sig *sig = x->h->sig;
	long long left;

	while (!sig || !sig->stop) {
		struct pollfd p[3] = { { x->in, POLLIN, 0 },
			{ sig ? sig_fd(sig) : -1, POLLIN, 0 },
			{ x->pidfd, POLLIN, 0 } };
		int n;

		left = x->until - clock_ms();
		if (left <= 0)
			return HELPER_TIMEOUT;
		n = poll(p, 3, left > INT_MAX ? INT_MAX : (int)left);
		while (sig && sig_next(sig))
			;
		if (n > 0 && p[0].revents && read_some(x))
			return NULL;
		if (n > 0 && p[2].revents) {
			read_rest(x);
			return NULL;
		}
	}
	return HELPER_STOPPED;
}

/* Its status, or -1 when it would not die. */
static int
end(struct ask *x, bool at_once)
{
	struct pollfd p = { x->pidfd, POLLIN, 0 };
	int status = -1;

	if (at_once)
		kill(x->pid, SIGKILL);
	while (poll(&p, 1, LAST_MS) < 0 && errno == EINTR)
		;
	kill(-x->pid, SIGKILL); /* what it started is in its session */
	kill(x->pid, SIGKILL);
	while (waitpid(x->pid, &status, p.revents ? 0 : WNOHANG) < 0 &&
	    errno == EINTR)
		;
	return status;
}

static void
conclude(struct ask *x, int status, struct arena *a, struct helped *out)
{
	struct err e = ERR_INIT;
	const struct val *v;

	if (x->text.len > ANSWER_MAX) {
		refuse(out, HELPER_DIED, "the helper answered without end");
		return;
	}
	v = x->text.len
	    ? json_read(a, x->text.buf, x->text.len, ORIGIN_DATA, &e)
	    : NULL;
	if (!v || v->kind != VAL_MAP)
		refuse(out, HELPER_DIED,
		    WIFSIGNALED(status)
			? arena_printf(a, "the helper died of signal %d",
			      WTERMSIG(status))
			: "the helper died without an answer");
	else if (val_get(v, "kind"))
		refuse(out, val_str(v, "kind", ""), val_str(v, "error", ""));
	else
		*out = (struct helped) { .v = v };
}

void
helper_ask(const struct helper *h, struct arena *a, struct helped *out)
{
	struct ask x = { .h = h,
		.pidfd = -1,
		.in = -1,
		.text = STR_INIT,
		.until = clock_ms() + h->limit_ms };
	const char *why;
	int status;

	if (start(&x) < 0) {
		refuse(out, HELPER_DIED,
		    arena_printf(a, "no helper: %s", strerror(errno)));
		auto_close_fd(&x.in);
		return;
	}
	why = listen_to(&x);
	auto_close_fd(&x.in);
	status = end(&x, why != NULL);
	auto_close_fd(&x.pidfd);
	if (!why)
		conclude(&x, status, a, out);
	else if (strcmp(why, HELPER_TIMEOUT) == 0)
		refuse(out, why,
		    arena_printf(a, "no answer within %lld ms", h->limit_ms));
	else
		refuse(out, why, "a signal ended it");
	str_release(&x.text);
}
