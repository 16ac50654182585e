/*
 * The server as a process: a pipe each way and one poll over both, its death,
 * signals to us and the clock.  Neither side can block the other: what it does
 * not read waits in memory, within bounds, and is never waited for alone.
 * Lines that are no messages are counted and passed over.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "host/mcp_part.h"
#include "os/spawn.h"
#include "os/tree.h"
#include "text/json.h"

enum {
	PIECE = 65536,
	UNREAD_MAX = 1 << 20, /* answers that it asked for and does not read */
	DEATH_MS = 500,       /* between the end of its output and its exit */
	FAREWELL_MS = 200,    /* for the last words to be taken */
	NOISE_MAX = 200,
};

struct mcp_talk {
	struct sig *sig;
	struct spawned server; /* pidfd -1: reaped */
	int status;            /* as of waitpid, once reaped */
	int in, out;           /* its stdin and stdout; -1: closed */
	struct str unsent;
	size_t replies; /* bytes of it that it asked for */
	struct mcp_lines lines;
	struct arena mem; /* of the line that is looked at */
	long long id;     /* of the last request */
	long long noise;
	struct str first;  /* of it */
	struct err broken; /* why nothing more can be heard */
};

/* ---- start ---- */

static int
start(struct mcp_talk *t, const struct mcp_call *c, struct err *e)
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

struct mcp_talk *
mcp_talk_new(const struct mcp_call *c, struct err *e)
{
	struct mcp_talk *t = mem_new(sizeof(*t));
	struct err unused = ERR_INIT;

	*t = (struct mcp_talk) { .sig = c->sig,
		.server = { .pidfd = -1 },
		.in = -1,
		.out = -1,
		.unsent = STR_INIT,
		.lines = MCP_LINES_INIT,
		.first = STR_INIT };
	if (start(t, c, e) == 0)
		return t;
	mcp_talk_free(t, &unused);
	return NULL;
}

/* ---- its death ---- */

static bool
reap(struct mcp_talk *t)
{
	if (t->server.pidfd >= 0 &&
	    waitpid(t->server.pid, &t->status, WNOHANG) == t->server.pid)
		auto_close_fd(&t->server.pidfd);
	return t->server.pidfd < 0;
}

/* What its end was, once it says nothing more. */
static int
lost(struct mcp_talk *t)
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
send_some(struct mcp_talk *t)
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
	if (!left)
		t->replies = 0;
}

static void
hear_some(struct mcp_talk *t)
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
	lost(t);
}

/* Something of the pipes, a signal, or `ms` have passed. */
static void
step(struct mcp_talk *t, int ms)
{
	struct pollfd p[] = {
		{ sig_fd(t->sig), POLLIN, 0 },
		{ t->out, POLLIN, 0 },
		{ t->unsent.len ? t->in : -1, POLLOUT, 0 },
		{ t->out < 0 ? t->server.pidfd : -1, POLLIN, 0 },
	};

	if (poll(p, COUNT(p), ms) <= 0)
		return;
	while (sig_next(t->sig))
		;
	if (p[1].revents)
		hear_some(t);
	if (p[2].revents && t->in >= 0)
		send_some(t);
}

/* ---- messages ---- */

static void
note_noise(struct mcp_talk *t, struct sv line)
{
	if (t->noise++)
		return;
	utf8_show_line(
	    &t->first, line.p, utf8_floor(line.p, line.n, NOISE_MAX));
}

static void
reply(struct mcp_talk *t, const struct mcp_message *m)
{
	size_t before = t->unsent.len;

	if (t->in < 0)
		return;
	mcp_say_reply(&t->unsent, m->method, m->id, &t->mem);
	t->replies += t->unsent.len - before;
	if (t->replies > UNREAD_MAX)
		err_set(&t->broken, ERR_IO,
		    "it asks and does not read what it is told");
}

/* Is this the answer?  It is copied, as the line is not kept. */
static bool
take(struct mcp_talk *t, const struct val *v, struct arena *a,
    struct mcp_message *out)
{
	struct mcp_message m;

	mcp_hear(v, t->id, &t->mem, &m);
	if (m.kind == MCP_REQUEST)
		reply(t, &m);
	if (m.kind != MCP_RESPONSE)
		return false;
	*out = (struct mcp_message) { .kind = MCP_RESPONSE,
		.result = m.result ? val_copy(a, m.result) : NULL,
		.error = m.error ? val_copy(a, m.error) : NULL };
	return true;
}

static bool
take_line(struct mcp_talk *t, struct sv line, struct arena *a,
    struct mcp_message *out)
{
	struct err unused = ERR_INIT;
	const struct val *v;
	bool got = false;

	if (!sv_trim(line).n)
		return false;
	arena_reset(&t->mem);
	v = json_read(&t->mem, line.p, line.n, ORIGIN_DATA, &unused);
	if (!v || (v->kind != VAL_MAP && v->kind != VAL_LIST)) {
		note_noise(t, line);
		return false;
	}
	if (v->kind == VAL_MAP)
		return take(t, v, a, out);
	/* Several in one line, as an older version had it. */
	for (size_t i = 0; i < v->list.len; i++)
		got = take(t, v->list.at[i], a, out) || got;
	return got;
}

static bool
take_lines(struct mcp_talk *t, struct arena *a, struct mcp_message *out)
{
	struct sv line;

	while (mcp_lines_next(&t->lines, &line))
		if (take_line(t, line, a, out))
			return true;
	return false;
}

/* ---- questions ---- */

static int
wait_ms(long long until)
{
	long long ms = until - clock_ms();

	if (!until)
		return -1;
	return ms < 0 ? 0 : ms > 60000 ? 60000 : (int)ms;
}

/* It has closed its ears before it was asked. */
static bool
is_deaf(struct mcp_talk *t)
{
	if (t->in >= 0 || !t->unsent.len)
		return false;
	if (t->broken.kind == ERR_NONE && t->out < 0)
		lost(t);
	if (t->broken.kind == ERR_NONE)
		err_set(&t->broken, ERR_IO, "it closed its input");
	return true;
}

enum mcp_word
mcp_talk_ask(struct mcp_talk *t, const char *method, const struct val *params,
    long long until, struct arena *a, struct mcp_message *out, struct err *e)
{
	mcp_say_request(&t->unsent, ++t->id, method, params, a);
	for (;;) {
		if (take_lines(t, a, out))
			return MCP_GOT;
		if (t->sig->stop)
			return MCP_STOP;
		if (t->broken.kind != ERR_NONE || is_deaf(t)) {
			*e = t->broken;
			return MCP_LOST;
		}
		if (until && clock_ms() >= until)
			return MCP_LATE;
		step(t, wait_ms(until));
	}
}

void
mcp_talk_tell(struct mcp_talk *t, const char *method, const struct val *params)
{
	arena_reset(&t->mem);
	mcp_say_notice(&t->unsent, method, params, &t->mem);
}

void
mcp_talk_cancel(struct mcp_talk *t, const char *reason)
{
	auto_arena a = ARENA_INIT;
	struct val *params = val_map(&a);

	val_set(&a, params, "requestId", val_int(&a, t->id));
	val_set(&a, params, "reason", val_text(&a, reason));
	mcp_talk_tell(t, "notifications/cancelled", params);
}

long long
mcp_talk_noise(const struct mcp_talk *t, struct arena *a, const char **first)
{
	*first = arena_strdup(a, t->first.buf);
	return t->noise;
}

/* ---- the end ---- */

/* Say what is left to say; what it says meanwhile goes nowhere. */
static void
pass_until(struct mcp_talk *t, long long until, bool said)
{
	struct sv line;

	while (clock_ms() < until && !reap(t) &&
	    !(said && (t->in < 0 || !t->unsent.len))) {
		step(t, wait_ms(until));
		while (mcp_lines_next(&t->lines, &line))
			;
		/* Over its bound: it is not listened to any more. */
		if (t->broken.kind != ERR_NONE)
			auto_close_fd(&t->out);
	}
}

static void
leave(struct mcp_talk *t)
{
	if (t->server.pidfd < 0)
		return;
	pass_until(t, clock_ms() + FAREWELL_MS, true);
	auto_close_fd(&t->in);
	str_reset(&t->unsent);
	pass_until(t,
	    t->sig->stop ? clock_ms() + FAREWELL_MS : clock_ms() + MCP_LEAVE_MS,
	    false);
	reap(t);
}

int
mcp_talk_free(struct mcp_talk *t, struct err *e)
{
	bool begun = t->server.pidfd >= 0 || t->server.pid > 0;
	int rc = 0;

	leave(t);
	auto_close_fd(&t->server.pidfd);
	if (begun)
		rc = tree_end(NULL, MCP_LEAVE_MS, t->sig, e);
	auto_close_fd(&t->in);
	auto_close_fd(&t->out);
	str_release(&t->unsent);
	str_release(&t->first);
	mcp_lines_release(&t->lines);
	arena_release(&t->mem);
	free(t);
	return rc;
}
