/*
 * Rests before a state is entered: after a failure of its own, or because
 * another run of the project was refused by the host that it needs.  How long
 * is on record with a time of the calendar; a run that lives rests by the
 * clock that runs while the machine sleeps, one that is resumed rests for what
 * is left.
 */
#include "engine/step_ladder.h"

#include <string.h>

#include "base/clock.h"
#include "engine/act_child.h"
#include "engine/circuit.h"
#include "engine/hosting.h"

enum {
	SPREAD_MS = 3000,
	TICK_MS = 1000,
	MINUTE_MS = 60000,
	RETRY_WAIT_MAX_MS = 1000 * 1000 * 1000
};

/* Never more than was decided: the calendar may have been set back. */
static long long
left_ms(const struct val *wait)
{
	long long until = val_num(wait, "until_us", 0);
	long long most = val_num(wait, "wait_ms", -1);
	long long left = (until - clock_wall_us()) / 1000;

	if (left <= 0)
		return 0;
	return most >= 0 && left > most ? most : left;
}

/* To be resumed is to be told to go on, unless --wait says otherwise. */
static bool
is_skipped(const struct run *r, const struct val *wait)
{
	return strcmp(val_str(wait, "tier", ""), "parked") == 0 && !r->waits;
}

/* Until the next moment at which somebody who looks sees a change. */
static long long
slice_ms(const struct run *r, long long left)
{
	bool seen = false;

	for (size_t i = 0; i < r->nsinks; i++)
		seen |= r->sinks[i].rests != NULL;
	if (!seen || left <= TICK_MS)
		return left;
	if (left <= MINUTE_MS)
		return left - (left - 1) / TICK_MS * TICK_MS;
	return left - (left - 1) / MINUTE_MS * MINUTE_MS;
}

static int
rest(struct run *r, long long left)
{
	long long last = run_deadline(r), now = clock_boot_ms();
	long long until = now + slice_ms(r, left);

	for (size_t i = 0; i < r->nsinks; i++)
		if (r->sinks[i].rests)
			r->sinks[i].rests(r->sinks[i].self, left);
	r->worker->waits = WORKER_RESTS;
	/* Until it is over, not until it is reached. */
	r->worker->until = last >= 0 && last + 1 < until ? last + 1 : until;
	return 1;
}

static int
rest_on(struct run *r, const struct val *wait)
{
	struct worker *w = r->worker;
	long long now = clock_boot_ms();

	if (!w->rests_until)
		w->rests_until = now + left_ms(wait);
	if (now < w->rests_until)
		return rest(r, w->rests_until - now);
	w->rests_until = 0;
	return 0;
}

/* The host that is asked next; NULL: none, or it cannot be had, which is told
 * when it is asked. */
static const char *
host_of(const struct step *x, bool judge)
{
	const struct hosting *h = &x->run->hosting;
	bool prompt = act_is_prompt(x->s) && (x->hand || !x->s->fan.items);
	struct err ignored = ERR_INIT;
	const struct host *host;
	const char *program;

	if (!(judge || prompt) || h->none || !h->take)
		return NULL;
	return h->take(h->self, loop_host(run_loop(x->run), x->s), &host,
		   &program, &ignored) == 0
	    ? host->name
	    : NULL;
}

static int
tell(struct step *x, const struct failed *why, struct err *e)
{
	struct arena *a = run_mem(x->run);
	struct val *f = val_map(a);
	long long now = clock_wall_us();

	step_text(x, f, "state", x->s->name);
	if (why->judge)
		step_text(x, f, "call", "judge");
	step_text(x, f, "host", why->host);
	step_text(x, f, "reason", "another run was refused");
	val_set(a, f, "elapsed_seconds", val_real(a, 0));
	val_set(
	    a, f, "next_attempt_at", val_real(a, (double)why->until_us / 1e6));
	step_text(x, f, "tier", "circuit");
	step_number(x, f, "wait_ms", (why->until_us - now) / 1000 + 1);
	step_number(x, f, "until_us", why->until_us);
	x->run->worker->rests_until = 0;
	return step_emit(x, EV_RATE_LIMIT_WAITING, f, e);
}

int
step_heed(struct step *x, bool judge, bool *done, struct err *e)
{
	struct run *r = x->run;
	struct failed why = { .class = CLASS_QUOTA,
		.agent = true,
		.judge = judge,
		.host = host_of(x, judge) };
	struct shut s;
	long long far_us;

	*done = why.host && circuit_is_shut(r, why.host, &s);
	if (!*done)
		return 0;
	far_us = clock_wall_us() + x->s->ladder.base_ms * 1000;
	why.until_us = s.until_us;
	if (s.known && s.until_us > far_us && !r->waits)
		return ladder_park(x, &why, e);
	/* Not everybody at once. */
	why.until_us += (long long)(ladder_draw() * SPREAD_MS * 1000);
	return tell(x, &why, e);
}

/* Before an action that has not been begun. */
static int
heed(struct step *x, struct err *e)
{
	bool done;

	if (step_heed(x, false, &done, e) < 0)
		return -1;
	return done && !x->finish->cause ? rest_on(x->run, step_wait(x)) : 0;
}

int
step_rest_in(struct step *x, struct err *e)
{
	const struct val *wait = step_wait(x);

	if (!wait)
		return !x->hand && x->frame->entered ? 0 : heed(x, e);
	return is_skipped(x->run, wait) ? 0 : rest_on(x->run, wait);
}

int
step_rest(
    struct run *run, const struct state *s, struct finish *out, struct err *e)
{
	struct step x = step_here(run, s, out);

	return step_rest_in(&x, e);
}

long long
step_retry_ms(const struct retry_backoff *b, long long retry)
{
	long long most = b->cap_ms >= 0 ? b->cap_ms : RETRY_WAIT_MAX_MS;
	long long ms = b->base_ms;

	while (--retry > 0 && ms > 0 && ms < most)
		ms *= 2;
	return ms < most ? ms : most;
}
