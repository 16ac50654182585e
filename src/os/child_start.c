/*
 * A child's beginning and its exit: pipes, timer, spawn, and how it ended.
 * Owns the descriptors of a child; knows nothing of deadlines.
 */
#include "os/child_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"

void
kid_release(struct child *w)
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
	tree_ending_release(&w->ending);
}

static int
set_timer(const struct child *w)
{
	long long at = w->spec.loop_deadline_boot_ms + clock_held_ms();
	struct itimerspec when = { .it_value = {
				       at / 1000, at % 1000 * 1000000 } };

	return timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static int
start_timer(struct child *w)
{
	if (w->spec.loop_deadline_boot_ms <= 0)
		return 0;
	w->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	return w->timer < 0 || set_timer(w) < 0 ? errno : 0;
}

bool
kid_loop_over(const struct child *w)
{
	if (clock_boot_ms() >= w->spec.loop_deadline_boot_ms)
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

/* With a mark nobody needs to know who was there before. */
static int
begin(struct child *w)
{
	const struct child_spec *s = &w->spec;
	int rc = make_pipe(&w->in[0], &w->held[0]);

	if (!rc)
		rc = make_pipe(&w->in[1], &w->held[1]);
	if (!rc)
		rc = start_timer(w);
	if (rc)
		return rc;
	if (!s->mark && tree_reap(NULL))
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
			 .err = w->held[1],
			 .in = s->in },
	    &w->kid);
}

void
kid_start(struct child *w, const struct child_spec *s, struct sig *sig)
{
	*w = (struct child) { .spec = *s,
		.sig = sig,
		.kid = { 0, -1 },
		.timer = -1,
		.in = { -1, -1 },
		.held = { -1, -1 },
		.kind = OUT_LOST };
	while (sig_next(sig))
		;
	w->failed = sig->stop ? EINTR : begin(w);
	if (!w->failed)
		return;
	w->stopped = sig->stop != 0;
	w->done = true;
	w->done_ms = clock_ms();
	kid_release(w);
}

pid_t
kid_child(const struct child *w)
{
	return w->reaped && !w->zombie ? 0 : w->kid.pid;
}

struct tree_own
kid_own(const struct child *w)
{
	return (struct tree_own) { .older = &w->older,
		.mark = w->spec.mark,
		.child = kid_child(w),
		.kept = w->kept };
}

/* Its number is its session's too: kept for as long as that is asked for. */
bool
kid_reap(struct child *w)
{
	bool keep = w->spec.procs > 0 || w->spec.ends_left || w->spec.mark;
	struct rusage used = { .ru_maxrss = 0 };
	siginfo_t si = { 0 };
	long rc;

	if (w->reaped)
		return false;
	/* The library's waitid() does not tell what was used. */
	do
		rc = syscall(SYS_waitid, P_PIDFD, w->kid.pidfd, &si,
		    WEXITED | WNOHANG | (keep ? WNOWAIT : 0), &used);
	while (rc < 0 && errno == EINTR);
	if (rc == 0 && !si.si_pid)
		return false;
	w->reaped = true;
	auto_close_fd(&w->held[0]);
	auto_close_fd(&w->held[1]);
	w->exited = clock_ms();
	w->peak_kb = used.ru_maxrss;
	w->zombie = keep && rc == 0;
	if (rc < 0)
		return true;
	w->kind = si.si_code == CLD_EXITED ? OUT_EXITED : OUT_SIGNALED;
	w->code = si.si_status;
	return true;
}
