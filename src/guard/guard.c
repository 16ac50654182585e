/*
 * The guard.  It must not die with its engine, so it does as little as can be:
 * no memory is asked for while it watches, nothing is opened, nothing is
 * printed.  A lifeline (a pipe of which it holds the writing end, and the
 * engine the reading end) tells the engine of the guard's own death.  Refuses
 * to count a repeated stop signal that came in the same moment: `timeout`
 * tells us twice and means one.
 */
#include "guard/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/vec.h"
#include "os/proc.h"

enum { SAME_MOMENT_MS = 50 };

/* ---- two out of one ---- */

/* Who was there before the engine is not ours to end. */
static void
note_older(struct guard *g)
{
	siginfo_t si;

	if (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) == 0)
		tree_list(&g->older);
}

static int
make_lifeline(struct guard *g, int *life, struct err *e)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return err_sys(e, "pipe for the engine");
	*life = fd[0];
	g->life = fd[1];
	return 0;
}

/* Without it nobody inherits, and that is all. */
static void
make_shared(struct guard *g)
{
	void *at = mmap(NULL, sizeof(*g->heir), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	g->heir = at == MAP_FAILED ? NULL : at;
}

static int
fork_engine(struct guard *g, int *life, struct err *e)
{
	g->engine = fork();
	if (g->engine < 0)
		return err_sys(e, "cannot start a process for the run");
	if (g->engine == 0) {
		auto_close_fd(&g->life);
		g->life = take_fd(life);
		return GUARD_ENGINE;
	}
	g->pidfd = pidfd_open(g->engine, 0);
	return GUARD_ITSELF;
}

int
guard_split(struct guard *g, struct sig *sig, struct err *e)
{
	auto_fd int life = -1;
	sigset_t all;
	int side;

	*g = (struct guard) { .sig = sig,
		.pid = getpid(),
		.pidfd = -1,
		.life = -1,
		.since_boot_ms = clock_boot_ms() };
	if (proc_become_reaper(e) < 0 || make_lifeline(g, &life, e) < 0)
		return -1;
	make_shared(g);
	note_older(g);
	/* A signal that comes meanwhile waits, or the engine would answer it
	 * into the guard's pipe. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &g->mask);
	side = fork_engine(g, &life, e);
	if (side != GUARD_ENGINE)
		sigprocmask(SIG_SETMASK, &g->mask, NULL);
	if (side < 0)
		guard_release(g);
	return side;
}

static int
follow(struct guard *g, struct err *e)
{
	setpgid(0, 0);
	tree_release(&g->older);
	if (sig_forked(g->sig, e) < 0 ||
	    sig_follow(g->sig, g->pid, take_fd(&g->life), e) < 0)
		return -1;
	return proc_become_reaper(e);
}

int
guard_follow(struct guard *g, struct err *e)
{
	int rc = follow(g, e);

	sigprocmask(SIG_SETMASK, &g->mask, NULL);
	return rc;
}

/* ---- the watch ---- */

/* A stop signal goes on with the word that came with the first. */
static void
tell(const struct guard *g, int number)
{
	enum sig_why why = number == SIGTERM ? g->sig->why : SIG_WHY_NONE;

	if (g->pidfd >= 0)
		(void)!sig_send(g->pidfd, number, why);
	else
		kill(g->engine, number); /* not yet reaped: it is his */
}

static void
tell_stop(struct guard *g, int number)
{
	long long now = clock_ms();

	if (!g->sent_ms || now - g->sent_ms >= SAME_MOMENT_MS)
		tell(g, number);
	g->sent_ms = now;
}

static void
hand_on(struct guard *g, int number)
{
	switch (number) {
	case SIGINT:
	case SIGTERM:
	case SIGHUP:
	case SIGQUIT:
		tell_stop(g, number);
		break;
	case SIGTSTP:
		g->halt = HALT_ASKED;
		tell(g, number);
		break;
	case SIGCONT:
		if (g->halt == HALT_ASKED)
			g->halt = HALT_TAKEN_BACK;
		tell(g, number);
		break;
	case SIGWINCH:
		tell(g, number);
		break;
	}
}

/* The engine has stopped: so do we, when it was asked to; our shell sees it.
 * Whoever stopped it behind our back may let it go on himself. */
static void
halt(struct guard *g)
{
	if (g->halt == HALT_ASKED) {
		clock_hold();
		raise(SIGSTOP);
		clock_go_on();
	}
	if (g->halt != HALT_NONE)
		tell(g, SIGCONT);
	g->halt = HALT_NONE;
}

/* True when the engine has ended. */
static bool
look(struct guard *g, struct guard_end *end)
{
	siginfo_t si = { 0 };

	if (waitid(P_PID, (id_t)g->engine, &si, WEXITED | WSTOPPED | WNOHANG) <
		0 ||
	    !si.si_pid)
		return false;
	if (si.si_code == CLD_STOPPED || si.si_code == CLD_TRAPPED) {
		halt(g);
		return false;
	}
	*end = (struct guard_end) {
		.status = si.si_status,
		.active_ms = clock_boot_ms() - g->since_boot_ms,
	};
	if (si.si_code != CLD_EXITED)
		*end = (struct guard_end) { 0, si.si_status, end->active_ms };
	return true;
}

void
guard_watch(struct guard *g, struct guard_end *end)
{
	const struct tree_kept kept = { { g->engine }, 1 };
	int number;

	while (!look(g, end)) {
		struct pollfd p[2] = { { sig_fd(g->sig), POLLIN, 0 },
			{ g->pidfd, POLLIN, 0 } };

		poll(p, COUNT(p), -1);
		while ((number = sig_next(g->sig)))
			hand_on(g, number);
		tree_reap(&kept);
	}
	g->engine = 0;
}

bool
guard_name_heir(struct guard *g, pid_t pid)
{
	if (g->heir)
		*g->heir = pid;
	return g->heir != NULL;
}

void
guard_spare_heir(struct guard *g)
{
	struct proc p;

	if (g->heir && *g->heir && proc_read(*g->heir, &p))
		vec_push(&g->older, p);
}

int
guard_end_rest(struct guard *g, long long grace_ms, struct err *e)
{
	const struct tree_own own = { .older = &g->older };

	return tree_end(g->older.len ? &own : NULL, grace_ms, g->sig, e);
}

void
guard_release(struct guard *g)
{
	auto_close_fd(&g->pidfd);
	auto_close_fd(&g->life);
	tree_release(&g->older);
	if (g->heir)
		munmap(g->heir, sizeof(*g->heir));
	g->heir = NULL;
}
