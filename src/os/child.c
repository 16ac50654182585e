/*
 * One child, from start to end.  Two things end a step: the direct child is
 * reaped, and its pipes are closed; the second may never come, since any
 * grandchild can hold them, so it has a short deadline of its own.  Raw
 * non-blocking descriptors, no stdio; the poll sleeps until the next deadline
 * or for ever, and is never woken just to look.
 */
#include "os/child_watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"

#define QUIET_MS 250
#define DRAIN_MS 2000
#define LOOK_MS 20
#define READ_MAX 65536
#define LAST_READS 16 /* times READ_MAX: more than a pipe can hold */

enum { P_SIG, P_KID, P_LOOP, P_OUT, P_ERR, P_COUNT };

static void
end_tree(struct child_watch *w, long long grace_ms)
{
	if (w->ends)
		return;
	w->ends = true;
	tree_ending_start(&w->ending, &w->older, watch_child(w), grace_ms);
}

/* Read once. How many bytes came; 0 when there are none for now. */
static size_t
read_stream(struct child_watch *w, int which, struct err *e)
{
	const struct child_spec *s = w->spec;
	char buf[READ_MAX];
	ssize_t n = read(w->in[which], buf, sizeof(buf));
	int said;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		close(w->in[which]);
		w->in[which] = -1;
		return 0;
	}
	w->heard = clock_ms();
	if (w->refused || !s->bytes)
		return (size_t)n;
	said = s->bytes(s->self, which + 1, buf, (size_t)n, e);
	w->refused = said < 0;
	if (said > 0 && !w->ends)
		w->cut = CUT_BYTES;
	if (said != 0)
		end_tree(w, s->grace_ms);
	return (size_t)n;
}

static long long
drain_until(const struct child_watch *w)
{
	long long quiet = w->heard > w->exited ? w->heard : w->exited;
	long long last = w->exited + DRAIN_MS;

	return quiet + QUIET_MS < last ? quiet + QUIET_MS : last;
}

static void
sooner(long long *next, bool wanted, long long ms)
{
	if (wanted && (*next < 0 || ms < *next))
		*next = ms;
}

/* clock_ms() of the next thing to do, -1 when there is none. */
static long long
next_deadline(const struct child_watch *w)
{
	const struct child_spec *s = w->spec;
	long long next = -1;

	if (w->ends)
		return w->ending.next_ms;
	sooner(&next, s->procs > 0, w->looked + LOOK_MS);
	sooner(&next, w->reaped, drain_until(w));
	if (w->reaped)
		return next;
	sooner(&next, s->timeout_ms > 0, w->started + s->timeout_ms);
	sooner(&next, s->idle_ms > 0, w->heard + s->idle_ms);
	return next;
}

static bool
over(const struct child_watch *w)
{
	if (w->ends)
		return w->ending.over;
	return w->reaped &&
	    ((w->in[0] < 0 && w->in[1] < 0) || w->sig->stop ||
		clock_ms() >= drain_until(w));
}

static void
hit(struct child_watch *w, enum limit_kind limit)
{
	w->timed_out = true;
	w->limit = limit;
	end_tree(w, w->spec->grace_ms);
}

static void
check_limits(struct child_watch *w, bool loop_over)
{
	const struct child_spec *s = w->spec;
	long long now = clock_ms();

	if (w->ends || w->reaped)
		return;
	if (w->sig->stop) {
		w->stopped = true;
		end_tree(w, s->grace_ms);
	} else if (loop_over) {
		hit(w, LIMIT_LOOP);
	} else if (s->timeout_ms > 0 && now >= w->started + s->timeout_ms) {
		hit(w, LIMIT_WALL);
	} else if (s->idle_ms > 0 && now >= w->heard + s->idle_ms) {
		hit(w, LIMIT_IDLE);
	}
}

/* A kernel that refuses forks would let the action hang where it cannot go
 * on; counting ends it and can say why. */
static void
check_procs(struct child_watch *w)
{
	long long most = w->spec->procs;

	if (w->ends || most <= 0 || clock_ms() < w->looked + LOOK_MS)
		return;
	if (tree_is_over(&w->older, (size_t)most)) {
		killpg(w->kid.pid, SIGKILL);
		cgroup_kill(&w->group);
		w->cut = CUT_PROCS;
		end_tree(w, -1);
	}
	w->looked = clock_ms();
}

/* clock_ms() of when the caller's own work is due, -1 when there is none. */
static long long
tick_at(const struct child_watch *w)
{
	const struct child_spec *s = w->spec;
	long long due = s->tick ? s->due_ms(s->tick_self) : -1;

	return due < 0 ? -1 : clock_ms() + due;
}

static int
poll_once(struct child_watch *w, struct pollfd p[P_COUNT])
{
	long long next = next_deadline(w), tick = tick_at(w), ms = -1;

	sooner(&next, tick >= 0, tick);
	if (next >= 0) {
		ms = next - clock_ms();
		ms = ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : ms;
	}
	p[P_SIG] = (struct pollfd) { sig_fd(w->sig), POLLIN, 0 };
	p[P_KID] = (struct pollfd) { w->reaped ? -1 : w->kid.pidfd, POLLIN, 0 };
	p[P_LOOP] =
	    (struct pollfd) { w->ends || w->reaped ? -1 : w->timer, POLLIN, 0 };
	p[P_OUT] = (struct pollfd) { w->in[0], POLLIN, 0 };
	p[P_ERR] = (struct pollfd) { w->in[1], POLLIN, 0 };
	return poll(p, P_COUNT, (int)ms);
}

/* One turn: at most one piece of each stream, so neither starves the other,
 * nor the deadlines. */
static int
turn(struct child_watch *w, struct err *e)
{
	struct pollfd p[P_COUNT];
	bool died = false;
	int number;

	if (poll_once(w, p) < 0) {
		if (errno != EINTR)
			return err_sys(e, "poll");
		return 0;
	}
	if (w->spec->tick && w->spec->due_ms(w->spec->tick_self) == 0 &&
	    w->spec->tick(w->spec->tick_self, e) < 0)
		return -1;
	while ((number = sig_next(w->sig)))
		died |= number == SIGCHLD;
	died |= p[P_KID].revents != 0;
	if (died) {
		watch_reap(w);
		tree_reap(watch_child(w));
	}
	for (int i = 0; i < 2; i++)
		if (w->in[i] >= 0 && (died || p[P_OUT + i].revents))
			read_stream(w, i, e);
	check_limits(w, p[P_LOOP].revents != 0 && watch_loop_over(w));
	check_procs(w);
	if (w->ends &&
	    (died || clock_ms() >= w->ending.next_ms ||
		(w->sig->now && !w->ending.last_ms)))
		tree_ending_step(&w->ending, w->sig->now);
	return 0;
}

/* What the pipes still hold; whoever has them open may go on writing, so
 * only so much. */
static void
read_rest(struct child_watch *w, struct err *e)
{
	for (int i = 0; i < 2; i++)
		for (int n = 0; n < LAST_READS && w->in[i] >= 0; n++)
			if (!read_stream(w, i, e))
				break;
}

/* Whoever ends a tree tells us and our child in one go: that it died of it
 * may be seen before our own signal is. */
static bool
died_of_stop(const struct child_watch *w)
{
	while (sig_next(w->sig))
		;
	return w->sig->stop && w->reaped &&
	    (w->kind == OUT_SIGNALED ||
		(w->kind == OUT_EXITED && w->code == 128 + w->sig->stop));
}

static struct outcome
conclude(const struct child_watch *w)
{
	struct outcome o = { .kind = w->reaped ? w->kind : OUT_LOST,
		.code = w->reaped ? w->code : 0,
		.duration_ms = clock_ms() - w->started,
		.stopped = w->stopped || died_of_stop(w),
		.cut = w->cut,
		.starved = cgroup_oom_kills(&w->group) > 0,
		.left_ended = w->left };

	if (w->timed_out) {
		o.kind = OUT_TIMEOUT;
		o.code = (int)w->limit;
	}
	return o;
}

/* The step is over: is there something left that must not outlive it? */
static bool
ends_left(struct child_watch *w)
{
	struct tree now = TREE_INIT;

	if (!w->spec->ends_left || w->ends || w->sig->stop)
		return false;
	tree_list_since(&now, &w->older);
	w->left = now.len;
	tree_release(&now);
	if (w->left)
		end_tree(w, w->spec->grace_ms);
	return w->left > 0;
}

static int
run(struct child_watch *w, struct err *e)
{
	struct err ignored = ERR_INIT;

	do {
		while (!over(w)) {
			if (turn(w, e) == 0)
				continue;
			tree_end(&w->older, -1, w->sig, &ignored);
			return -1;
		}
		watch_reap(w);
		read_rest(w, e);
	} while (!over(w) || ends_left(w));
	return w->refused ? -1 : 0;
}

int
child_run(const struct child_spec *s, struct sig *sig, struct outcome *out,
    struct err *e)
{
	struct child_watch w = { .spec = s,
		.sig = sig,
		.kid = { 0, -1 },
		.timer = -1,
		.in = { -1, -1 },
		.held = { -1, -1 },
		.kind = OUT_LOST };
	struct outcome o;
	int rc;

	while (sig_next(sig))
		;
	rc = sig->stop ? EINTR : watch_start(&w);
	if (rc) {
		child_watch_release(&w);
		*out = (struct outcome) { .kind = OUT_SPAWN_FAILED,
			.code = rc,
			.stopped = sig->stop != 0 };
		return 0;
	}
	rc = run(&w, e);
	o = conclude(&w);
	child_watch_release(&w);
	if (rc == 0)
		*out = o;
	return rc;
}
