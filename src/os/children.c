/*
 * Children side by side, in one poll.  It sleeps until the next deadline of
 * any of them or for ever, and is never woken just to look.  A turn reads at
 * most one piece of each stream, so that nobody's flood keeps another's
 * output or deadline waiting; who is over longest is told first, so that one
 * who comes again at once does not hide another.  Refuses to know what the
 * children are for.
 */
#include "os/child_watch.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/timerfd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/mem.h"

enum { LOOK_MS = 20, LOOK_TOGETHER = 8, SHORT_MS = 1000 };

/* The descriptors of a poll: ours, then those of each child. */
enum { P_SIG, P_UNTIL, P_FIRST };
enum { P_KID, P_LOOP, P_OUT, P_ERR, P_EACH };

struct watch_all {
	const struct children_wait *w;
	struct pollfd p[P_FIRST + P_EACH * CHILDREN_MAX];
	int timer;  /* for `until`, when it is far; else -1 */
	bool fails; /* somebody refused: all are being ended */
	struct tree_kept kept;
};

static void
sooner(long long *next, bool wanted, long long ms)
{
	if (wanted && (*next < 0 || ms < *next))
		*next = ms;
}

static bool
ticks(const struct watch_all *x)
{
	return x->w->tick && !x->fails;
}

/* How long poll may sleep; -1: for ever. */
static int
sleep_ms(const struct watch_all *x)
{
	const struct children_wait *w = x->w;
	long long now = clock_ms(), next = -1, due;

	for (size_t i = 0; i < w->n; i++) {
		if (w->at[i]->done)
			due = x->fails ? -1 : 0;
		else if (w->sig->stop && !w->at[i]->ends && !w->at[i]->reaped)
			due = now; /* it was taken in elsewhere */
		else
			due = kid_deadline(w->at[i]);
		sooner(&next, due >= 0, due);
	}
	due = ticks(x) ? w->due_ms(w->tick_self) : -1;
	sooner(&next, due >= 0, now + due);
	if (w->until_boot_ms >= 0 && x->timer < 0)
		sooner(&next, true, now + w->until_boot_ms - clock_boot_ms());
	if (next < 0)
		return -1;
	return next <= now ? 0 : next - now > INT_MAX ? INT_MAX : next - now;
}

static int
poll_all(struct watch_all *x)
{
	const struct children_wait *w = x->w;

	x->p[P_SIG] = (struct pollfd) { sig_fd(w->sig), POLLIN, 0 };
	x->p[P_UNTIL] = (struct pollfd) { x->timer, POLLIN, 0 };
	for (size_t i = 0; i < w->n; i++) {
		struct pollfd *p = &x->p[P_FIRST + P_EACH * i];
		const struct child *c = w->at[i];
		int fd[P_EACH] = { c->reaped ? -1 : c->kid.pidfd,
			c->ends || c->reaped ? -1 : c->timer, c->in[0],
			c->in[1] };

		for (int k = 0; k < P_EACH; k++)
			p[k] =
			    (struct pollfd) { c->done ? -1 : fd[k], POLLIN, 0 };
	}
	return poll(x->p, P_FIRST + P_EACH * w->n, sleep_ms(x));
}

static void
keep_all(struct watch_all *x)
{
	x->kept.n = 0;
	for (size_t i = 0; i < x->w->n; i++)
		if (kid_child(x->w->at[i]))
			x->kept.at[x->kept.n++] = kid_child(x->w->at[i]);
}

/* One turn of one child, at most one piece of each of its streams. */
static void
turn_of(struct child *c, const struct pollfd *p, bool died, struct err *e)
{
	if (c->done)
		return;
	for (int i = 0; i < 2; i++)
		if (died || p[P_OUT + i].revents)
			kid_read(c, i, e);
	kid_check(c, p[P_LOOP].revents != 0 && kid_loop_over(c), e);
}

static bool
heard_of_death(struct watch_all *x)
{
	bool died = false;
	int number;

	if (x->p[P_SIG].revents)
		while ((number = sig_next(x->w->sig)))
			died |= number == SIGCHLD;
	for (size_t i = 0; i < x->w->n; i++)
		died |= x->p[P_FIRST + P_EACH * i + P_KID].revents != 0;
	return died;
}

/* Who has died: first those who are waited for, then all others. */
static void
reap(struct watch_all *x, bool fresh[CHILDREN_MAX])
{
	for (size_t i = 0; i < x->w->n; i++)
		fresh[i] = !x->w->at[i]->done && kid_reap(x->w->at[i]);
	keep_all(x);
	tree_reap(&x->kept);
}

static void
go_on_all(struct watch_all *x, bool died, struct err *e)
{
	for (size_t i = 0; i < x->w->n; i++)
		if (!x->w->at[i]->done) {
			kid_go_on(x->w->at[i], died);
			kid_finish(x->w->at[i], e);
		}
}

static int
turn(struct watch_all *x, struct err *e)
{
	const struct children_wait *w = x->w;
	bool fresh[CHILDREN_MAX] = { false }, died;

	if (poll_all(x) < 0)
		return errno == EINTR ? 0 : err_sys(e, "poll");
	if (ticks(x) && w->due_ms(w->tick_self) == 0 &&
	    w->tick(w->tick_self, e) < 0)
		return -1;
	died = heard_of_death(x);
	if (died)
		reap(x, fresh);
	for (size_t i = 0; i < w->n; i++)
		turn_of(w->at[i], &x->p[P_FIRST + P_EACH * i], fresh[i], e);
	go_on_all(x, died, e);
	return 0;
}

/* Between two calls somebody else may have read that children died: whoever
 * is being ended may be gone. */
static void
join(struct watch_all *x, struct err *e)
{
	size_t beside = x->w->n > 0 ? x->w->n - 1 : 0;
	bool fresh[CHILDREN_MAX], ending = false;

	for (size_t i = 0; i < x->w->n; i++) {
		struct child *c = x->w->at[i];

		c->kept = &x->kept;
		c->look_ms = LOOK_MS * (1 + (long long)beside / LOOK_TOGETHER);
		ending |= c->ends && !c->done;
	}
	keep_all(x);
	if (!ending)
		return;
	reap(x, fresh);
	go_on_all(x, true, e);
}

static void
leave(struct watch_all *x)
{
	for (size_t i = 0; i < x->w->n; i++)
		x->w->at[i]->kept = NULL;
	auto_close_fd(&x->timer);
}

/* Nobody's bytes are heard any more. */
static void
give_up(struct watch_all *x)
{
	x->fails = true;
	for (size_t i = 0; i < x->w->n; i++) {
		struct child *c = x->w->at[i];

		c->refused = true;
		kid_end(c, c->spec.grace_ms);
	}
}

static bool
is_refused(const struct watch_all *x)
{
	for (size_t i = 0; i < x->w->n; i++)
		if (x->w->at[i]->refused)
			return true;
	return false;
}

static bool
all_done(const struct watch_all *x)
{
	for (size_t i = 0; i < x->w->n; i++)
		if (!x->w->at[i]->done)
			return false;
	return true;
}

/* Without another look at anything: the poll itself has failed, or the disk.
 */
static void
kill_child(struct child *c)
{
	struct tree_own own = kid_own(c);
	struct err ignored = ERR_INIT;

	if (c->done)
		return;
	tree_end(&own, -1, c->sig, &ignored);
	kid_reap(c);
	c->done = true;
	c->done_ms = clock_ms();
}

static bool
one_done(const struct children_wait *w, size_t *over)
{
	size_t first = w->n;

	for (size_t i = 0; i < w->n; i++)
		if (w->at[i]->done &&
		    (first == w->n ||
			w->at[i]->done_ms < w->at[first]->done_ms))
			first = i;
	if (first == w->n)
		return false;
	*over = first;
	return true;
}

static int
set_timer(int fd, long long until)
{
	long long at = until + clock_held_ms();
	struct itimerspec when = { .it_value = {
				       at / 1000, at % 1000 * 1000000 } };

	return timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static int
watch(struct watch_all *x, size_t *over, struct err *e)
{
	const struct children_wait *w = x->w;

	while (w->n || !w->sig->stop) {
		if (turn(x, e) < 0) {
			for (size_t i = 0; i < w->n; i++)
				kill_child(w->at[i]);
			return -1;
		}
		if (!x->fails && is_refused(x))
			give_up(x);
		if (x->fails && all_done(x))
			return -1;
		if (x->fails)
			continue;
		if (one_done(w, over))
			return 1;
		if (w->until_boot_ms >= 0 &&
		    clock_boot_ms() >= w->until_boot_ms)
			return 0;
		/* It rang, but we were stopped meanwhile. */
		if (x->p[P_UNTIL].revents)
			set_timer(x->timer, w->until_boot_ms);
	}
	return 0;
}

/* Only this clock goes on while the machine is suspended; what is near may
 * come late by as much as that. */
static int
open_timer(long long until)
{
	int fd;

	if (until < 0 || until - clock_boot_ms() <= SHORT_MS)
		return -1;
	fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (fd >= 0 && set_timer(fd, until) < 0)
		auto_close_fd(&fd);
	return fd;
}

int
children_wait(const struct children_wait *w, size_t *over, struct err *e)
{
	struct watch_all x = { .w = w, .timer = open_timer(w->until_boot_ms) };
	int rc;

	assert(w->n <= CHILDREN_MAX);
	join(&x, e);
	rc = watch(&x, over, e);
	leave(&x);
	return rc;
}

struct child *
child_start(const struct child_spec *s, struct sig *sig)
{
	struct child *c = mem_new(sizeof(*c));

	kid_start(c, s, sig);
	return c;
}

void
child_cancel(struct child *c)
{
	if (c->done || c->ends || c->reaped)
		return;
	kid_reap(c);
	if (c->reaped)
		return;
	c->cut = CUT_ASKED;
	kid_end(c, c->spec.grace_ms);
}

void
child_end(struct child *c, struct outcome *out)
{
	if (!c)
		return;
	kill_child(c);
	if (out)
		*out = kid_outcome(c);
	kid_release(c);
	free(c);
}

size_t
children_news(struct tree *known, struct child *const *at, size_t n,
    struct arena *mem, const struct tree_left **out)
{
	struct tree_own own[CHILDREN_MAX];

	assert(n <= CHILDREN_MAX);
	for (size_t i = 0; i < n; i++)
		own[i] = kid_own(at[i]);
	return tree_news(known, own, n, mem, out);
}

int
child_run(const struct child_spec *s, struct sig *sig, struct outcome *out,
    struct err *e)
{
	struct child c, *at[] = { &c };
	struct children_wait w = { .at = at,
		.n = 1,
		.sig = sig,
		.until_boot_ms = -1,
		.due_ms = s->due_ms,
		.tick = s->tick,
		.tick_self = s->tick_self };
	size_t first;
	int rc = 0;

	kid_start(&c, s, sig);
	if (!c.failed)
		rc = children_wait(&w, &first, e);
	if (rc >= 0)
		*out = kid_outcome(&c);
	kid_release(&c);
	return rc < 0 ? -1 : 0;
}
