/*
 * Waiting for a turn: one poll, without a wake-up until the nearest of those
 * in the way ends.  Processes only say when to look; what has happened the
 * lock says.  A process that cannot be seen (in another container, say) is
 * waited for by a helper that blocks on its lock.  Only a lease file of the
 * reference has to be looked at again and again.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "gate/ticket_file.h"
#include "gate/turn_part.h"
#include "os/flk.h"

enum { FOREIGN_MS = 1000 };

struct wait {
	struct turn *t;
	const struct turn_wait *how;
	int timer, watch; /* -1 */
	pid_t helper;     /* 0 */
	int tried;        /* processes of the one in the way: a bit for each */
	bool said;
	char by[256]; /* of the last that was said */
	size_t ahead;
};

/* ---- whom to watch ---- */

static bool
is_held(const char *path)
{
	auto_fd int fd = ticket_open(path, O_RDONLY);
	struct err ignored = ERR_INIT;

	return fd >= 0 && flk_held(fd, &ignored) == 1;
}

/* A descriptor of the first of its two processes that lives, -1: none.  Open
 * first, then look: if it is the right one afterwards, so is the descriptor. */
static int
watch_process(struct wait *w, const struct val *content)
{
	static const char *const who[] = { "guard", "engine" };

	for (size_t i = 0; i < COUNT(who); i++) {
		pid_t pid = (pid_t)val_num(content, who[i], 0);
		auto_fd int fd = -1;
		struct proc p;

		if (pid <= 0 || w->tried & 1 << i)
			continue;
		fd = pidfd_open(pid, 0);
		if (fd < 0 || !ticket_process(content, who[i], &p))
			continue;
		w->tried |= 1 << i;
		return take_fd(&fd);
	}
	return -1;
}

/* In the helper: nothing of ours but the ticket of the other. */
static void
help(const char *path, pid_t parent)
{
	struct err ignored = ERR_INIT;
	sigset_t all;
	int fd;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(3, ~0U, 0);
	fd = getppid() == parent ? ticket_open(path, O_RDONLY) : -1;
	if (fd >= 0)
		flk_await(fd, &ignored);
	_exit(0);
}

static int
watch_lock(struct wait *w, const char *path, struct err *e)
{
	pid_t parent = getpid();

	w->helper = fork();
	if (w->helper == 0)
		help(path, parent);
	if (w->helper < 0) {
		w->helper = 0;
		return err_sys(e, "cannot start a process that waits");
	}
	w->watch = pidfd_open(w->helper, 0);
	return w->watch < 0 ? err_sys(e, "pidfd_open") : 0;
}

static void
unwatch(struct wait *w)
{
	auto_close_fd(&w->watch);
	if (!w->helper)
		return;
	kill(w->helper, SIGKILL);
	while (waitpid(w->helper, NULL, 0) < 0 && errno == EINTR)
		;
	w->helper = 0;
}

static int
watch(struct wait *w, const struct entry *by, struct err *e)
{
	unwatch(w);
	if (by->foreign)
		return 0;
	w->watch = watch_process(w, by->content);
	return w->watch >= 0 ? 0 : watch_lock(w, by->path, e);
}

/* ---- the sleep ---- */

static int
start_timer(struct wait *w, struct err *e)
{
	long long ms = w->how->limit_ms;
	struct itimerspec at = { .it_value = {
				     ms / 1000, ms % 1000 * 1000000 + 1 } };

	if (ms < 0)
		return 0;
	w->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (w->timer < 0 || timerfd_settime(w->timer, 0, &at, NULL) < 0)
		return err_sys(e, "timer of the queue");
	return 0;
}

/* Until something happens: 1 when it is time to ask the lock, 0 when not, or
 * 128 + n, or -1. */
static int
sleep_once(struct wait *w, int ms, struct err *e)
{
	struct sig *sig = w->how->sig;
	struct pollfd p[3] = { { sig_fd(sig), POLLIN, 0 },
		{ w->timer, POLLIN, 0 }, { w->watch, POLLIN, 0 } };
	int n = poll(p, COUNT(p), ms);

	while (sig_next(sig))
		;
	if (sig->stop)
		return 128 + sig->stop;
	if (n > 0 && p[1].revents)
		return err_set(e, ERR_BUSY,
		    "not this run's turn within %.10g s; gave up",
		    (double)w->how->limit_ms / 1000);
	return n == 0 || (n > 0 && p[2].revents);
}

/* Until the one in the way is gone: 0; or as turn_wait().  Asked once more
 * when it is watched: it may have gone before. */
static int
await_one(struct wait *w, const struct entry *by, struct err *e)
{
	int rc = 1;

	w->tried = 0;
	while (by->foreign || rc == 0 || is_held(by->path)) {
		if (rc == 1 && watch(w, by, e) < 0)
			return -1;
		if (rc == 1 && !by->foreign && !is_held(by->path))
			break;
		rc = sleep_once(w, by->foreign ? FOREIGN_MS : -1, e);
		if (rc < 0 || rc > 1)
			return rc;
		if (rc == 1 && by->foreign)
			break;
	}
	unwatch(w);
	return 0;
}

static void
tell(struct wait *w)
{
	const struct turn_news *n = &w->t->news;

	if (!w->how->changed ||
	    (w->said && w->ahead == n->ahead &&
		strncmp(w->by, n->by->run, sizeof(w->by) - 1) == 0))
		return;
	w->said = true;
	w->ahead = n->ahead;
	snprintf(w->by, sizeof(w->by), "%s", n->by->run);
	w->how->changed(w->how->self, n);
}

static int
look_again(struct turn *t, struct err *e)
{
	struct turn_locks locks;
	int rc = turn_lock(t, &locks, e);

	if (rc < 0)
		return -1;
	rc = turn_look(t, e);
	turn_unlock(&locks);
	return rc;
}

int
turn_wait(struct turn *t, const struct turn_wait *how, struct err *e)
{
	struct wait w = { .t = t, .how = how, .timer = -1, .watch = -1 };
	int rc = t->news.granted ? 0 : start_timer(&w, e);

	while (rc == 0 && !t->news.granted) {
		tell(&w);
		rc = await_one(&w, t->news.by, e);
		if (rc == 0)
			rc = look_again(t, e);
	}
	unwatch(&w);
	auto_close_fd(&w.timer);
	return rc;
}
