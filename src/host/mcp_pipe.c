/*
 * The server as a process: a pipe each way and one poll over both, its death,
 * signals to us and the clock.  Neither side can block the other: what it does
 * not read waits in memory, and is never waited for alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "host/mcp_part.h"
#include "os/spawn.h"
#include "os/tree.h"

enum {
	PIECE = 65536,
	DEATH_MS = 500,    /* between the end of its output and its exit */
	FAREWELL_MS = 200, /* for the last words to be taken */
	POLL_MS = 60000,
};

/* ---- start ---- */

static int
start(struct mcp_pipe *t, const struct mcp_call *c, struct err *e)
{
	auto_fd int in = -1, out = -1;
	int fd[2], rc;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return err_sys(e, "pipe");
	in = fd[0];
	t->in = fd[1];
	if (pipe2(fd, O_CLOEXEC) < 0)
		return err_sys(e, "pipe");
	t->out = fd[0];
	out = fd[1];
	if (fcntl(t->in, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(t->out, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(e, "pipe");
	rc = spawn(&(struct spawn_spec) { .file = c->server->file,
		       .argv = c->server->argv,
		       .env = c->server->env,
		       .in = in,
		       .out = out,
		       .err = c->err },
	    &t->server);
	if (!rc)
		return 0;
	errno = rc;
	return err_sys(e, "start %s", c->server->file);
}

int
mcp_pipe_open(struct mcp_pipe *t, const struct mcp_call *c, struct err *e)
{
	*t = (struct mcp_pipe) { .sig = c->sig,
		.server = { .pidfd = -1 },
		.in = -1,
		.out = -1,
		.unsent = STR_INIT,
		.lines = MCP_LINES_INIT };
	return start(t, c, e);
}

/* ---- its death ---- */

static bool
reap(struct mcp_pipe *t)
{
	if (t->server.pidfd >= 0 &&
	    waitpid(t->server.pid, &t->status, WNOHANG) == t->server.pid)
		auto_close_fd(&t->server.pidfd);
	return t->server.pidfd < 0;
}

/* What its end was, once it says nothing more. */
int
mcp_pipe_lost(struct mcp_pipe *t)
{
	struct pollfd p = { t->server.pidfd, POLLIN, 0 };
	struct err *e = &t->broken;

	if (!reap(t) && poll(&p, 1, DEATH_MS) > 0)
		reap(t);
	if (t->server.pidfd >= 0)
		return err_set(e, ERR_IO, "it closed its output");
	if (WIFSIGNALED(t->status))
		return err_set(e, ERR_IO, "it was ended by signal %d",
		    WTERMSIG(t->status));
	return err_set(
	    e, ERR_IO, "it ended with status %d", WEXITSTATUS(t->status));
}

/* ---- bytes ---- */

static void
send_some(struct mcp_pipe *t)
{
	ssize_t n = write(t->in, t->unsent.buf, t->unsent.len);
	size_t left;

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0) {
		auto_close_fd(&t->in);
		return;
	}
	left = t->unsent.len - (size_t)n;
	memmove(t->unsent.buf, t->unsent.buf + n, left);
	str_cut(&t->unsent, left);
}

static void
hear_some(struct mcp_pipe *t)
{
	char buf[PIECE];
	ssize_t n = read(t->out, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		mcp_lines_add(&t->lines, buf, (size_t)n, &t->broken);
		return;
	}
	auto_close_fd(&t->out);
	mcp_pipe_lost(t);
}

void
mcp_pipe_step(struct mcp_pipe *t, long long until)
{
	struct pollfd p[] = {
		{ sig_fd(t->sig), POLLIN, 0 },
		{ t->out, POLLIN, 0 },
		{ t->unsent.len ? t->in : -1, POLLOUT, 0 },
		{ t->out < 0 ? t->server.pidfd : -1, POLLIN, 0 },
	};
	long long ms = until - clock_ms();

	if (!until)
		ms = -1;
	else
		ms = ms < 0 ? 0 : ms > POLL_MS ? POLL_MS : ms;
	if (poll(p, COUNT(p), (int)ms) <= 0)
		return;
	while (sig_next(t->sig))
		;
	if (p[1].revents)
		hear_some(t);
	if (p[2].revents && t->in >= 0)
		send_some(t);
}

/* ---- the end ---- */

/* Say what is left to say; what it says meanwhile goes nowhere. */
static void
pass_until(struct mcp_pipe *t, long long until, bool said)
{
	struct sv line;

	while (clock_ms() < until && !reap(t) &&
	    !(said && (t->in < 0 || !t->unsent.len))) {
		mcp_pipe_step(t, until);
		while (mcp_lines_next(&t->lines, &line))
			;
		/* Over its bound: it is not listened to any more. */
		if (t->broken.kind != ERR_NONE)
			auto_close_fd(&t->out);
	}
}

static void
leave(struct mcp_pipe *t)
{
	pass_until(t, clock_ms() + FAREWELL_MS, true);
	auto_close_fd(&t->in);
	str_reset(&t->unsent);
	pass_until(
	    t, clock_ms() + (t->sig->stop ? FAREWELL_MS : MCP_LEAVE_MS), false);
	reap(t);
}

int
mcp_pipe_close(struct mcp_pipe *t, struct err *e)
{
	int rc = 0;

	if (t->server.pidfd >= 0)
		leave(t);
	auto_close_fd(&t->server.pidfd);
	if (t->server.pid > 0)
		rc = tree_end(NULL, MCP_LEAVE_MS, t->sig, e);
	auto_close_fd(&t->in);
	auto_close_fd(&t->out);
	str_release(&t->unsent);
	mcp_lines_release(&t->lines);
	return rc;
}
