/*
 * The self-pipe.  Not signalfd: that needs blocked signals, a blocked mask
 * survives exec, and every child would have to undo it.  Refuses to do any
 * work in the handler; the pipe never blocks, so neither does the handler.
 */
#include "os/sig.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/auto.h"

enum sig_use { USE_STOP, USE_WAKE, USE_IGNORE };

static const struct row {
	int number;
	enum sig_use use;
	bool keep_ignored; /* nohup's wish, a shell's without job control */
} rows[SIG_ROWS] = {
	{ SIGINT, USE_STOP, false },
	{ SIGTERM, USE_STOP, false },
	{ SIGHUP, USE_STOP, true },
	{ SIGQUIT, USE_STOP, false },
	{ SIGTSTP, USE_WAKE, true },
	{ SIGCONT, USE_WAKE, false },
	{ SIGCHLD, USE_WAKE, false },
	{ SIGWINCH, USE_WAKE, false },
	{ SIGPIPE, USE_IGNORE, false },
	{ SIGXFSZ, USE_IGNORE, false },
	/* `stty tostop` must not stop a run that nobody watches. */
	{ SIGTTOU, USE_IGNORE, false },
};

/* A handler gets no argument of ours: the globals there have to be. */
static volatile sig_atomic_t pipe_in = -1, boss_pid, above_pid[2];

/* The byte in the pipe: who sent it, why, and the number. */
enum { FROM_BOSS = 0x80, WHY_SHIFT = 5, WHY_MASK = 3, NUMBER_MASK = 31 };

/* Beside the word, in the value that a signal carries: others send values
 * too, and mean something else. */
enum { WHY_MAGIC = 0x4c4c00 };

static unsigned
why_of(const siginfo_t *info)
{
	int why = info->si_code == SI_QUEUE
	    ? info->si_value.sival_int - WHY_MAGIC
	    : 0;

	if (info->si_code == SI_USER && info->si_signo == SIGTERM &&
	    info->si_pid &&
	    (info->si_pid == above_pid[0] || info->si_pid == above_pid[1]))
		return SIG_WHY_PARENT;
	return why > 0 && why < SIG_WHYS ? (unsigned)why : 0;
}

static void
on_signal(int number, siginfo_t *info, void *context)
{
	int saved = errno;
	unsigned char b = (unsigned char)number;

	(void)context;
	b |= (unsigned char)(why_of(info) << WHY_SHIFT);
	if (boss_pid && info->si_pid == boss_pid)
		b |= FROM_BOSS;
	(void)!write(pipe_in, &b, 1);
	errno = saved;
}

static void
install(struct sig *s, size_t i)
{
	struct sigaction sa = { .sa_flags = SA_RESTART };
	bool ignore = rows[i].use == USE_IGNORE;

	if (sigaction(rows[i].number, NULL, &s->old[i]) < 0)
		return;
	if (rows[i].keep_ignored && s->old[i].sa_handler == SIG_IGN)
		return;
	if (ignore) {
		sa.sa_handler = SIG_IGN;
	} else {
		sa.sa_sigaction = on_signal;
		sa.sa_flags |= SA_SIGINFO;
	}
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
	struct sig fresh = { .life = -1, .both = -1 };

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
sig_send(int pidfd, int number, enum sig_why why)
{
	siginfo_t info = { .si_signo = number, .si_code = SI_QUEUE };

	if (why == SIG_WHY_NONE)
		return pidfd_send_signal(pidfd, number, NULL, 0);
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = WHY_MAGIC + (int)why;
	return pidfd_send_signal(pidfd, number, &info, 0);
}

static void
forget(struct sig *s)
{
	s->stop = s->count = 0;
	s->why = SIG_WHY_NONE;
	s->now = s->winch = false;
	memset(s->said, 0, sizeof(s->said));
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
	forget(s);
	return 0;
}

static int
watch(int both, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(both, EPOLL_CTL_ADD, fd, &ev);
}

int
sig_follow(struct sig *s, pid_t boss, int life, struct err *e)
{
	auto_fd int held = life;
	auto_fd int both = epoll_create1(EPOLL_CLOEXEC);

	if (both < 0 || watch(both, s->fd[0]) < 0 || watch(both, life) < 0 ||
	    fcntl(life, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(e, "watch the guard");
	s->life = take_fd(&held);
	s->both = take_fd(&both);
	boss_pid = boss;
	return 0;
}

void
sig_above(const pid_t pid[2])
{
	above_pid[0] = pid[0];
	above_pid[1] = pid[1];
}

int
sig_fd(const struct sig *s)
{
	return s->both >= 0 ? s->both : s->fd[0];
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
note_stop(struct sig *s, int number, bool from_boss, enum sig_why why)
{
	if (s->said[from_boss] && (number == SIGINT || number == SIGTERM))
		s->now = true;
	s->said[from_boss] = true;
	if (!s->stop) {
		s->stop = number;
		s->why = why;
	}
	s->count++;
}

/* No byte came. Is there still somebody at the other end of the lifeline? */
static int
look_after(struct sig *s)
{
	unsigned char b;
	ssize_t n;

	if (s->life < 0)
		return 0;
	n = read(s->life, &b, 1);
	if (n != 0)
		return 0;
	close(s->life); /* or it would be readable for ever */
	s->life = -1;
	s->orphaned = true;
	s->lost = !s->stop;
	if (!s->stop)
		s->stop = SIGTERM;
	s->count++;
	return SIGTERM;
}

int
sig_next(struct sig *s)
{
	unsigned char b;
	ssize_t n;
	int number;

	do
		n = read(s->fd[0], &b, 1);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return look_after(s);
	number = b & NUMBER_MASK;
	/* A stopped process whose boss dies gets one from the kernel. */
	if (number == SIGHUP)
		look_after(s);
	if (stops(number))
		note_stop(s, number, b & FROM_BOSS,
		    (enum sig_why)(b >> WHY_SHIFT & WHY_MASK));
	if (number == SIGWINCH)
		s->winch = true;
	if (number == SIGTSTP && s->pause)
		s->pause(s->pause_self);
	return number;
}

void
sig_forget(struct sig *s)
{
	while (sig_next(s))
		continue;
	forget(s);
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
	boss_pid = above_pid[0] = above_pid[1] = 0;
	close(s->fd[0]);
	close(s->fd[1]);
	auto_close_fd(&s->life);
	auto_close_fd(&s->both);
	s->fd[0] = s->fd[1] = -1;
}
