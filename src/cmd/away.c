/*
 * A run leaves the terminal.  There is no second command line: everything was
 * parsed and checked before the fork, so nothing can be lost on the way.  The
 * child's stderr is a pipe to the one who stays; in it come complaints, as
 * they are, and then, behind a NUL, the id of a run that has begun.  What it
 * says later goes into a file of the run, which `status` shows.
 */
#include "cmd/away.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "os/sig.h"

enum { NEVER_BEGAN = 74, LAST_WAIT_MS = 15000 };

/* ---- the child ---- */

static void
to_null(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	dup2(null, fd);
	if (null > 2)
		close(null);
}

static int
leave(int pipe)
{
	setsid();
	signal(SIGHUP, SIG_IGN);
	to_null(0);
	to_null(1);
	dup2(pipe, 2);
	/* Whoever waits for the end of a file that we were given must not
	 * wait for this run. */
	close_range(3, ~0U, 0);
	return AWAY_CHILD;
}

void
away_log(const struct place_run *p)
{
	int fd = place_said(p);

	if (fd < 0) {
		to_null(2);
		return;
	}
	dup2(fd, 2);
	close(fd);
}

/* Who has a place in the queue and then begins has told it before. */
void
away_tell(const struct place_run *p)
{
	auto_str word = STR_INIT;
	struct stat st;

	if (fstat(2, &st) < 0 || !S_ISFIFO(st.st_mode))
		return;
	str_addc(&word, '\0');
	str_adds(&word, p->run);
	str_addc(&word, '\n');
	(void)!write(2, word.buf, word.len);
	away_log(p);
}

/* That nobody waits any more does not stop a run that has begun. */
static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct away_news *w = self;

	if (ev->kind != EV_RUN_START && ev->kind != EV_LOOP_RESUME)
		return 0;
	if (journal_sync(w->journal, e) < 0)
		return -1;
	away_tell(w->place);
	return 0;
}

struct sink
away_sink(struct away_news *w)
{
	return (struct sink) { .hear = hear, .self = w };
}

/* ---- the one who stays ---- */

struct stay {
	struct args *args;
	pid_t child;
	int pipe;
	struct sig sig;
	long long until; /* clock_ms(): when patience ends */
	bool over;       /* it has ended, and so has the pipe */
	bool late;       /* the child was told to end */
	int told;        /* that signal was handed on */
	struct str word; /* the id and its newline, as far as it came */
	bool began;      /* it comes */
};

/* Complaints are passed on; the id stays. */
static void
digest(struct stay *s, struct sv text)
{
	struct sv said;

	if (!s->began) {
		s->began = sv_cut(&text, 0, &said) && text.p;
		str_addsv(&s->args->said->buf, said);
		out_flush(s->args->said);
	}
	if (s->began)
		str_addsv(&s->word, text);
}

static void
listen_once(struct stay *s)
{
	char buf[4096];
	ssize_t n = read(s->pipe, buf, sizeof(buf));

	if (n == 0)
		s->over = true;
	if (n > 0)
		digest(s, sv_make(buf, (size_t)n));
}

static bool
has_word(const struct stay *s)
{
	return s->word.len && s->word.buf[s->word.len - 1] == '\n';
}

/* The child is not reaped yet, so its number is its own. */
static void
check_signals(struct stay *s)
{
	while (sig_next(&s->sig))
		continue;
	if (s->sig.stop && !s->told) {
		s->told = s->sig.stop;
		kill(s->child, s->told);
		s->until = clock_ms() + LAST_WAIT_MS;
	}
	if (clock_ms() < s->until || s->told || s->late)
		return;
	s->late = true;
	kill(s->child, SIGTERM);
	s->until = clock_ms() + LAST_WAIT_MS;
}

/* Until it has begun, or ended.  Who told it to end waits for that. */
static void
await_word(struct stay *s)
{
	while (!s->over && (!has_word(s) || s->told || s->late)) {
		struct pollfd p[] = { { s->pipe, POLLIN, 0 },
			{ sig_fd(&s->sig), POLLIN, 0 } };
		long long left = s->until - clock_ms();

		if (left <= 0 && (s->told || s->late))
			return;
		if (poll(p, COUNT(p), left > 0 ? (int)left : 0) > 0 &&
		    p[0].revents)
			listen_once(s);
		check_signals(s);
	}
}

static int
status_of(struct stay *s)
{
	siginfo_t si = { 0 };
	const char *name;

	while (waitid(P_PID, (id_t)s->child, &si, WEXITED) < 0)
		if (errno != EINTR)
			return NEVER_BEGAN;
	if (si.si_code == CLD_EXITED)
		return si.si_status;
	if (s->told)
		return 128 + s->told;
	name = sigabbrev_np(si.si_status);
	cmd_complain(s->args, "the run was killed by SIG%s before it began",
	    name ? name : "?");
	return NEVER_BEGAN;
}

static int
stay(struct stay *s, struct away_word *w, struct err *e)
{
	await_word(s);
	if (s->over) {
		w->status = status_of(s);
		return AWAY_NOT;
	}
	if (s->told) {
		w->status = 128 + s->told;
		return AWAY_NOT;
	}
	if (s->late)
		return err_set(e, ERR_BUSY,
		    "the run did not begin in time and was told to end");
	w->run = arena_dup(s->args->mem, s->word.buf, s->word.len - 1);
	return AWAY_BEGAN;
}

int
away(struct args *a, long long patience_ms, struct away_word *w, struct err *e)
{
	struct stay s = { .args = a, .word = STR_INIT };
	auto_fd int in = -1;
	int fd[2], rc;

	out_flush(a->out);
	out_flush(a->said);
	if (pipe2(fd, O_CLOEXEC) < 0)
		return err_sys(e, "pipe for the background");
	in = fd[0];
	if (sig_init(&s.sig, e) < 0) {
		close(fd[1]);
		return -1;
	}
	s.child = fork();
	if (s.child == 0) {
		sig_release(&s.sig);
		in = -1; /* leave() closes everything */
		return leave(fd[1]);
	}
	close(fd[1]);
	if (s.child < 0) {
		sig_release(&s.sig);
		return err_sys(e, "cannot go to the background");
	}
	s.pipe = in;
	s.until = clock_ms() + patience_ms;
	rc = stay(&s, w, e);
	sig_release(&s.sig);
	str_release(&s.word);
	return rc;
}
