/*
 * One child while it runs.  Two things end it: it is reaped, and its pipes
 * are closed; the second may never come, since any grandchild can hold them,
 * so it has a short deadline of its own.  Raw non-blocking descriptors, no
 * stdio.  Refuses to wait: os/children does, for all of them.
 */
#include "os/child_watch.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"

#define QUIET_MS 250
#define DRAIN_MS 2000
#define READ_MAX 65536
#define LAST_READS 16 /* times READ_MAX: more than a pipe can hold */

void
kid_end(struct child *w, long long grace_ms)
{
	struct tree_own own = kid_own(w);

	if (w->ends || w->done)
		return;
	w->ends = true;
	tree_ending_start(&w->ending, &own, grace_ms);
}

/* Read once. How many bytes came; 0 when there are none for now. */
static size_t
read_stream(struct child *w, int which, struct err *e)
{
	const struct child_spec *s = &w->spec;
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
	if (said == CHILD_SAID_END) {
		if (!w->said_end)
			w->said = w->heard;
		w->said_end = true;
		return (size_t)n;
	}
	w->refused = said < 0;
	if (said > 0 && !w->ends)
		w->cut = said == CHILD_BOUND ? CUT_BOUND : CUT_BYTES;
	if (said != 0)
		kid_end(w, s->grace_ms);
	return (size_t)n;
}

void
kid_read(struct child *w, int which, struct err *e)
{
	if (w->in[which] >= 0)
		read_stream(w, which, e);
}

static long long
drain_until(const struct child *w)
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

long long
kid_deadline(const struct child *w)
{
	const struct child_spec *s = &w->spec;
	long long next = -1;

	if (w->ends)
		return w->ending.next_ms;
	sooner(&next, s->procs > 0, w->looked + w->look_ms);
	sooner(&next, w->reaped, drain_until(w));
	if (w->reaped)
		return next;
	sooner(&next, w->said_end, w->said + s->linger_ms);
	if (w->said_end)
		return next;
	sooner(&next, s->timeout_ms > 0, w->started + s->timeout_ms);
	sooner(&next, s->idle_ms > 0, w->heard + s->idle_ms);
	return next;
}

static bool
over(const struct child *w)
{
	if (w->ends)
		return w->ending.over;
	return w->reaped &&
	    ((w->in[0] < 0 && w->in[1] < 0) || w->sig->stop ||
		clock_ms() >= drain_until(w));
}

static void
hit(struct child *w, enum limit_kind limit)
{
	w->timed_out = true;
	w->limit = limit;
	kid_end(w, w->spec.grace_ms);
}

/* What it has written may lie in its pipes while we were busy with others. */
static bool
is_idle(struct child *w, struct err *e)
{
	long long idle = w->spec.idle_ms;

	if (idle <= 0 || clock_ms() < w->heard + idle)
		return false;
	kid_read(w, 0, e);
	kid_read(w, 1, e);
	return clock_ms() >= w->heard + idle;
}

/* It has said its end and does not go. */
static void
check_lingering(struct child *w, bool loop_over)
{
	if (!loop_over && clock_ms() < w->said + w->spec.linger_ms)
		return;
	w->lingered = true;
	kid_end(w, w->spec.grace_ms);
}

static void
check_limits(struct child *w, bool loop_over, struct err *e)
{
	const struct child_spec *s = &w->spec;

	if (w->ends || w->reaped)
		return;
	if (w->sig->stop) {
		w->stopped = true;
		kid_end(w, s->grace_ms);
	} else if (w->said_end) {
		check_lingering(w, loop_over);
	} else if (loop_over) {
		hit(w, LIMIT_LOOP);
	} else if (s->timeout_ms > 0 &&
	    clock_ms() >= w->started + s->timeout_ms) {
		hit(w, LIMIT_WALL);
	} else if (is_idle(w, e) && !w->ends) {
		hit(w, LIMIT_IDLE);
	}
}

/* A kernel that refuses forks would let the action hang where it cannot go
 * on; counting ends it and can say why. */
static void
check_procs(struct child *w)
{
	long long most = w->spec.procs;
	struct tree_own own;

	if (w->ends || most <= 0 || clock_ms() < w->looked + w->look_ms)
		return;
	own = kid_own(w);
	if (tree_is_over(&own, (size_t)most)) {
		killpg(w->kid.pid, SIGKILL);
		cgroup_kill(&w->group);
		w->cut = CUT_PROCS;
		kid_end(w, -1);
	}
	w->looked = clock_ms();
}

void
kid_check(struct child *w, bool loop_over, struct err *e)
{
	check_limits(w, loop_over, e);
	check_procs(w);
}

/* As long as it lives itself, its tree is not gone. */
void
kid_go_on(struct child *w, bool died)
{
	struct tree_own own = kid_own(w);

	if (w->ends &&
	    ((died && w->reaped) || clock_ms() >= w->ending.next_ms ||
		(w->sig->now && !w->ending.last_ms)))
		tree_ending_step(&w->ending, &own, w->sig->now);
}

/* What the pipes still hold; whoever has them open may go on writing, so
 * only so much. */
static void
read_rest(struct child *w, struct err *e)
{
	for (int i = 0; i < 2; i++)
		for (int n = 0; n < LAST_READS && w->in[i] >= 0; n++)
			if (!read_stream(w, i, e))
				break;
}

/* It is over: is there something left that must not outlive it? */
static bool
ends_left(struct child *w)
{
	struct tree now = TREE_INIT;
	struct tree_own own = kid_own(w);

	if (!w->spec.ends_left || w->ends || w->sig->stop)
		return false;
	tree_list_own(&now, &own);
	w->left = now.len;
	tree_release(&now);
	if (w->left)
		kid_end(w, w->spec.grace_ms);
	return w->left > 0;
}

void
kid_finish(struct child *w, struct err *e)
{
	if (w->done || !over(w))
		return;
	kid_reap(w);
	read_rest(w, e);
	if (!over(w) || ends_left(w))
		return;
	w->done = true;
	w->done_ms = clock_ms();
}

/* Whoever ends a tree tells us and our child in one go: that it died of it
 * may be seen before our own signal is. */
static bool
died_of_stop(const struct child *w)
{
	if (!w->reaped ||
	    (w->kind != OUT_SIGNALED &&
		(w->kind != OUT_EXITED || w->code <= 128)))
		return false;
	while (sig_next(w->sig))
		;
	return w->sig->stop &&
	    (w->kind == OUT_SIGNALED || w->code == 128 + w->sig->stop);
}

struct outcome
kid_outcome(const struct child *w)
{
	struct outcome o = { .kind = w->reaped ? w->kind : OUT_LOST,
		.code = w->reaped ? w->code : 0,
		.duration_ms = w->done_ms - w->started,
		.stopped = w->stopped || died_of_stop(w),
		.cut = w->cut,
		.starved = cgroup_oom_kills(&w->group) > 0,
		.left_ended = w->left,
		.peak_kb = w->peak_kb,
		.lingered = w->lingered };

	if (w->failed)
		return (struct outcome) { .kind = OUT_SPAWN_FAILED,
			.code = w->failed,
			.stopped = w->stopped };
	if (w->timed_out) {
		o.kind = OUT_TIMEOUT;
		o.code = (int)w->limit;
	}
	return o;
}
