/*
 * A child's beginning and its exit: pipes, timer, spawn, and how it ended.
 * Owns the descriptors of a watch; knows nothing of deadlines.
 */
#include "os/child_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"

void
child_watch_release(struct child_watch *w)
{
	siginfo_t si;

	if (w->zombie)
		waitid(P_PIDFD, (id_t)w->kid.pidfd, &si, WEXITED | WNOHANG);
	auto_close_fd(&w->kid.pidfd);
	auto_close_fd(&w->timer);
	for (int i = 0; i < 2; i++) {
		auto_close_fd(&w->in[i]);
		auto_close_fd(&w->held[i]);
	}
	cgroup_release(&w->group);
	tree_release(&w->older);
}

static int
set_timer(const struct child_watch *w)
{
	long long at = w->spec->loop_deadline_boot_ms + clock_held_ms();
	struct itimerspec when = { .it_value = {
				       at / 1000, at % 1000 * 1000000 } };

	return timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static int
start_timer(struct child_watch *w)
{
	if (w->spec->loop_deadline_boot_ms <= 0)
		return 0;
	w->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	return w->timer < 0 || set_timer(w) < 0 ? errno : 0;
}

bool
watch_loop_over(struct child_watch *w)
{
	if (clock_boot_ms() >= w->spec->loop_deadline_boot_ms)
		return true;
	set_timer(w);
	return false;
}

static int
make_pipe(int *in, int *out)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return errno;
	*in = fd[0];
	*out = fd[1];
	return fcntl(*in, F_SETFL, O_NONBLOCK) < 0 ? errno : 0;
}

int
watch_start(struct child_watch *w)
{
	const struct child_spec *s = w->spec;
	int rc = make_pipe(&w->in[0], &w->held[0]);

	if (!rc)
		rc = make_pipe(&w->in[1], &w->held[1]);
	if (!rc)
		rc = start_timer(w);
	if (rc)
		return rc;
	if (tree_reap(0))
		tree_list(&w->older);
	if (s->limits) {
		w->limits = *s->limits;
		if (cgroup_make_here(&w->group, s->limits))
			w->limits.cgroup = w->group.dir;
	}
	w->started = w->heard = w->looked = clock_ms();
	return spawn(&(struct spawn_spec) { .file = s->file,
			 .argv = s->argv,
			 .env = s->env,
			 .cwd = s->cwd,
			 .limits = s->limits ? &w->limits : NULL,
			 .kit = s->kit,
			 .out = w->held[0],
			 .err = w->held[1] },
	    &w->kid);
}

pid_t
watch_child(const struct child_watch *w)
{
	return w->reaped && !w->zombie ? 0 : w->kid.pid;
}

void
watch_reap(struct child_watch *w)
{
	bool keep = w->spec->procs > 0 || w->spec->ends_left;
	siginfo_t si = { 0 };
	int rc;

	if (w->reaped)
		return;
	do
		rc = waitid(P_PIDFD, (id_t)w->kid.pidfd, &si,
		    WEXITED | WNOHANG | (keep ? WNOWAIT : 0));
	while (rc < 0 && errno == EINTR);
	if (rc == 0 && !si.si_pid)
		return;
	w->reaped = true;
	auto_close_fd(&w->held[0]);
	auto_close_fd(&w->held[1]);
	w->exited = clock_ms();
	w->zombie = keep && rc == 0;
	w->ending.child = watch_child(w);
	if (rc < 0)
		return;
	w->kind = si.si_code == CLD_EXITED ? OUT_EXITED : OUT_SIGNALED;
	w->code = si.si_status;
}
