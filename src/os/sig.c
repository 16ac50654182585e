/*
 * The self-pipe.  Not signalfd: that needs blocked signals, a blocked mask
 * survives exec, and every child would have to undo it.  Refuses to do any
 * work in the handler; the pipe never blocks, so neither does the handler.
 */
#include "os/sig.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"

enum sig_use { USE_STOP, USE_WAKE, USE_IGNORE };

static const struct row {
	int number;
	enum sig_use use;
	bool keep_ignored; /* nohup's wish */
} rows[SIG_ROWS] = {
	{ SIGINT, USE_STOP, false },
	{ SIGTERM, USE_STOP, false },
	{ SIGHUP, USE_STOP, true },
	{ SIGQUIT, USE_STOP, false },
	{ SIGCHLD, USE_WAKE, false },
	{ SIGWINCH, USE_WAKE, false },
	{ SIGPIPE, USE_IGNORE, false },
	{ SIGXFSZ, USE_IGNORE, false },
};

/* A handler gets no argument of ours: the one global there has to be. */
static volatile sig_atomic_t pipe_in = -1;

static void
on_signal(int number)
{
	int saved = errno;
	unsigned char b = (unsigned char)number;

	(void)!write(pipe_in, &b, 1);
	errno = saved;
}

static void
install(struct sig *s, size_t i)
{
	struct sigaction sa = { .sa_flags = SA_RESTART };

	if (sigaction(rows[i].number, NULL, &s->old[i]) < 0)
		return;
	if (rows[i].keep_ignored && s->old[i].sa_handler == SIG_IGN)
		return;
	sa.sa_handler = rows[i].use == USE_IGNORE ? SIG_IGN : on_signal;
	if (rows[i].number == SIGCHLD)
		sa.sa_flags |= SA_NOCLDSTOP;
	sigfillset(&sa.sa_mask);
	s->set[i] = sigaction(rows[i].number, &sa, NULL) == 0;
}

/* A mask that we inherited would keep `stop` from us. */
static void
unblock(sigset_t *old)
{
	sigset_t ours;

	sigemptyset(&ours);
	for (size_t i = 0; i < COUNT(rows); i++)
		sigaddset(&ours, rows[i].number);
	sigprocmask(SIG_UNBLOCK, &ours, old);
}

int
sig_init(struct sig *s, struct err *e)
{
	struct sig fresh = { 0 };

	if (pipe2(fresh.fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(e, "pipe for signals");
	pipe_in = fresh.fd[1];
	for (size_t i = 0; i < COUNT(rows); i++)
		install(&fresh, i);
	unblock(&fresh.mask);
	*s = fresh;
	return 0;
}

int
sig_forked(struct sig *s, struct err *e)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(e, "pipe for signals");
	pipe_in = fd[1];
	close(s->fd[0]);
	close(s->fd[1]);
	memcpy(s->fd, fd, sizeof(fd));
	s->stop = s->count = 0;
	s->now = s->winch = false;
	return 0;
}

int
sig_fd(const struct sig *s)
{
	return s->fd[0];
}

static bool
stops(int number)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].number == number)
			return rows[i].use == USE_STOP;
	return false;
}

/* A closing terminal may say HUP several times; only a person, or `stop`,
 * says INT or TERM again and means it. */
static void
note_stop(struct sig *s, int number)
{
	if (s->stop && (number == SIGINT || number == SIGTERM))
		s->now = true;
	if (!s->stop)
		s->stop = number;
	s->count++;
}

int
sig_next(struct sig *s)
{
	unsigned char b;
	ssize_t n;

	do
		n = read(s->fd[0], &b, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return 0;
	if (stops(b))
		note_stop(s, b);
	if (b == SIGWINCH)
		s->winch = true;
	return b;
}

void
sig_release(struct sig *s)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (s->set[i])
			sigaction(rows[i].number, &s->old[i], NULL);
	memset(s->set, 0, sizeof(s->set));
	if (s->fd[1] <= 0)
		return;
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	pipe_in = -1;
	close(s->fd[0]);
	close(s->fd[1]);
	s->fd[0] = s->fd[1] = -1;
}
