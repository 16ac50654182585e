/*
 * A failure that may not be the action's own, before anything is judged: is
 * the step done again, after which wait, or does the run end?  The decision is
 * in engine/ladder, the facts are in the point, and what was decided is in
 * the record of the wait, its random part too.
 */
#include "engine/step_ladder.h"

#include <string.h>
#include <sys/random.h>

#include "base/auto.h"
#include "base/clock.h"
#include "engine/broken.h"
#include "engine/judge.h"
#include "engine/route.h"

/* What left in peace and only did not say that it was done has done its work,
 * as far as anybody knows: to do that again is no help. */
static enum failure_class
class_of_act(const struct val *act)
{
	enum failure_class c =
	    failure_class_of(val_str(act, "failure_class", ""));

	if (strcmp(val_str(act, "failure_by", ""), "end") == 0)
		return CLASS_AGENT;
	return c < CLASSES ? c : CLASS_NONE;
}

static bool
is_agent(const struct val *act)
{
	const struct val *v = val_get(act, "is_prompt");

	return v && v->kind == VAL_BOOL && v->b;
}

/* By words of the host, and not by how its process ended? */
static bool
is_told(const char *by)
{
	static const char *const ends[] = { "exit", "signal", "end", "start",
		"limit" };

	for (size_t i = 0; i < COUNT(ends); i++)
		if (strcmp(ends[i], by) == 0)
			return false;
	return true;
}

double
ladder_draw(void)
{
	unsigned int n = 0;

	if (getrandom(&n, sizeof(n), GRND_NONBLOCK) != sizeof(n))
		n = (unsigned int)clock_wall_us();
	return (double)n / 4294967296.0;
}

static struct climb
climb_so_far(const struct step *x)
{
	const struct map_entry *m = map_get(&x->frame->climbs, x->s->name);

	return m ? *(const struct climb *)m->value : (struct climb) { 0 };
}

/* ---- records ---- */

static void
put_real(struct step *x, struct val *f, const char *key, double d)
{
	val_set(run_mem(x->run), f, key, val_real(run_mem(x->run), d));
}

/* What every record of this kind has. */
static struct val *
fields(struct step *x, const struct failed *why)
{
	struct val *f = val_map(run_mem(x->run));

	step_text(x, f, "state", x->s->name);
	if (why->judge)
		step_text(x, f, "call", "judge");
	step_text(x, f, "failure_class", failure_class_name(why->class));
	step_text(x, f, "host", why->host);
	step_text(x, f, "reason", why->text);
	return f;
}

static void
put_until(struct step *x, struct val *f, long long wait_ms)
{
	long long until = clock_wall_us() + wait_ms * 1000;

	step_number(x, f, "wait_ms", wait_ms);
	step_number(x, f, "until_us", until);
}

static int
tell_rate_limit(struct step *x, const struct failed *why,
    const struct ladder_out *out, struct err *e)
{
	struct val *f = fields(x, why);

	put_real(x, f, "elapsed_seconds", 0);
	put_real(x, f, "next_attempt_at",
	    (double)(clock_wall_us() / 1000 + out->wait_ms) / 1000);
	put_real(x, f, "total_waited_seconds",
	    (double)(out->climb.waited_ms - out->wait_ms) / 1000);
	step_number(x, f, "budget_seconds", x->s->ladder.budget_ms / 1000);
	step_text(x, f, "tier", ladder_tier_name(out->tier));
	step_number(x, f, "attempt", out->climb.tries);
	step_number(x, f, "short_retries", out->climb.shorts);
	step_number(x, f, "long_retries", out->climb.longs);
	step_number(x, f, "total_wait_ms", out->climb.waited_ms);
	put_until(x, f, out->wait_ms);
	return step_emit(x, EV_RATE_LIMIT_WAITING, f, e);
}

static int
tell_error(struct step *x, const struct failed *why,
    const struct ladder_out *out, struct err *e)
{
	struct val *f = fields(x, why);

	step_number(x, f, "attempt", out->climb.errors);
	put_real(x, f, "backoff", (double)out->wait_ms / 1000);
	put_until(x, f, out->wait_ms);
	return step_emit(x,
	    out->tier == TIER_ERROR ? EV_API_ERROR_RETRY : EV_INFRA_RETRY, f,
	    e);
}

/* What the exit code alone says of a shell action, which is not judged. */
static int
tell_unjudged(struct step *x, struct err *e)
{
	struct val *f = val_map(run_mem(x->run));
	bool no = x->act->exit_code == 1 && !broken_kind(&x->act->outcome);

	if (is_agent(x->frame->act.v) || x->frame->doing == DOING_JUDGED)
		return 0;
	step_text(x, f, "type", "exit_code");
	step_text(x, f, "verdict", no ? "no" : "error");
	step_number(x, f, "exit_code", x->act->exit_code);
	val_set(
	    run_mem(x->run), f, "unjudged", val_bool(run_mem(x->run), true));
	return step_emit(x, EV_EVALUATE, f, e);
}

/* ---- what is done ---- */

/* Out of the state and into it again; nothing of that is counted. */
static int
again(struct step *x, struct err *e)
{
	struct val *f = val_map(run_mem(x->run));

	if (tell_unjudged(x, e) < 0)
		return -1;
	step_text(x, f, "from", x->s->name);
	step_text(x, f, "to", x->s->name);
	step_text(x, f, "reason", "again");
	return step_emit(x, EV_ROUTE, f, e);
}

static int
wait_for(struct step *x, const struct failed *why, const struct ladder_out *out,
    struct err *e)
{
	bool limit = out->tier <= TIER_KNOWN;
	int rc = limit ? tell_rate_limit(x, why, out, e)
		       : tell_error(x, why, out, e);

	if (rc < 0)
		return -1;
	x->run->worker->rests_until = 0;
	if (limit && why->host)
		ladder_shut(x->run, why->host,
		    clock_wall_us() + out->wait_ms * 1000,
		    out->tier == TIER_KNOWN);
	if (!why->judge)
		return again(x, e);
	x->run->worker->waits = WORKER_GOES;
	return 0;
}

int
ladder_park(struct step *x, const struct failed *why, struct err *e)
{
	struct arena *a = run_mem(x->run);
	struct val *f = fields(x, why);
	char when[CLOCK_TEXT];

	step_text(x, f, "tier", "parked");
	if (why->until_us > 0)
		step_number(x, f, "until_us", why->until_us);
	if (step_emit(x, EV_RATE_LIMIT_WAITING, f, e) < 0)
		return -1;
	x->finish->class = CLASS_QUOTA;
	x->finish->until_us = why->until_us;
	x->finish->all = true;
	return step_finish(x, "quota",
	    why->until_us > 0
		? arena_printf(a,
		      "the quota of %s is used up until %.10s %.8s UTC",
		      why->host ? why->host : "the agent",
		      clock_iso(why->until_us, when),
		      when + strlen("2026-11-21T"))
		: arena_printf(a,
		      "the quota of %s is used up, and nothing says until when",
		      why->host ? why->host : "the agent"));
}

/* Where a state goes that has waited long enough; NULL: nowhere. */
static const struct target *
way_out(const struct step *x)
{
	return x->s->ladder.exhausted.name ? &x->s->ladder.exhausted
					   : route_raised(x->s);
}

static int
leave_exhausted(struct step *x, const struct target *t, struct err *e)
{
	if (x->frame->doing != DOING_JUDGING && tell_unjudged(x, e) < 0)
		return -1;
	return step_leave(x, t, NULL, "rate_limit_exhausted", e);
}

static int
exhausted(struct step *x, const struct failed *why,
    const struct ladder_out *out, bool *done, struct err *e)
{
	const struct target *t = way_out(x);
	struct val *f = fields(x, why);
	struct arena *a = run_mem(x->run);

	step_number(x, f, "retries", out->climb.shorts + out->climb.longs);
	step_number(x, f, "short_retries", out->climb.shorts);
	step_number(x, f, "long_retries", out->climb.longs);
	put_real(
	    x, f, "total_wait_seconds", (double)out->climb.waited_ms / 1000);
	val_set(a, f, "next",
	    t ? val_text(a, route_state(t, x->s)->name) : val_null(a));
	if (step_emit(x, EV_RATE_LIMIT_EXHAUSTED, f, e) < 0)
		return -1;
	if (x->frame->exhausted >= LADDER_STORM) {
		f = val_map(a);
		step_text(x, f, "state", x->s->name);
		step_number(x, f, "count", x->frame->exhausted);
		if (step_emit(x, EV_RATE_LIMIT_STORM, f, e) < 0)
			return -1;
	}
	*done = t || why->agent;
	if (t)
		return leave_exhausted(x, t, e);
	return why->agent ? ladder_park(x, why, e) : 0;
}

static int
give_up(struct step *x, const struct failed *why, const struct ladder_out *out,
    struct err *e)
{
	struct val *f = fields(x, why);

	step_number(x, f, "retries", out->climb.errors);
	return step_emit(x,
	    why->told ? EV_API_ERROR_EXHAUSTED : EV_INFRA_RETRY_EXHAUSTED, f,
	    e);
}

/* Only a person can mend it, and then the run goes on where it stands. */
static int
end_run(struct step *x, const struct failed *why)
{
	auto_str text = STR_INIT;

	str_addf(&text, "state '%s': %s: %s", x->s->name,
	    why->host ? why->host : "the agent",
	    why->text && why->text[0] ? why->text
				      : failure_class_name(why->class));
	if (why->hint)
		str_addf(&text, " (%s)", why->hint);
	str_addf(&text, "; then 'll-loop resume %s' goes on",
	    x->run->point.run ? x->run->point.run : "");
	x->finish->class = why->class;
	x->finish->all = true;
	return step_finish(x, "error", arena_strdup(run_mem(x->run), text.buf));
}

int
ladder_failed(
    struct step *x, const struct failed *why, bool *done, struct err *e)
{
	const struct ladder_in in = {
		.rules = &x->s->ladder,
		.class = why->class,
		.agent = why->agent,
		.told = why->told,
		.until_us = why->until_us,
		.now_us = clock_wall_us(),
		.climb = climb_so_far(x),
		.waits = x->run->waits,
		.draw = ladder_draw(),
	};
	struct ladder_out out;

	ladder_decide(&in, &out);
	*done = true;
	switch (out.act) {
	case LADDER_WAIT:
		return wait_for(x, why, &out, e);
	case LADDER_PARK:
		if (why->host)
			ladder_shut(x->run, why->host, why->until_us, true);
		return ladder_park(x, why, e);
	case LADDER_EXHAUSTED:
		return exhausted(x, why, &out, done, e);
	case LADDER_END:
		return end_run(x, why);
	case LADDER_DIVERT:
		*done = route_on_error(x->s) != NULL;
		return *done ? step_leave(x, route_on_error(x->s), NULL,
				   failure_class_name(why->class), e)
			     : 0;
	case LADDER_GIVE_UP:
		*done = false;
		return give_up(x, why, &out, e);
	default:
		*done = false;
		return 0;
	}
}

/* Of an action or a call of a judge, as it is on record. */
static struct failed
failed_as(const struct val *act)
{
	return (struct failed) {
		.class = class_of_act(act),
		.agent = is_agent(act),
		.told =
		    is_agent(act) && is_told(val_str(act, "failure_by", "")),
		.host = val_str(act, "host", NULL),
		.text = val_str(act, "failure_text", NULL),
		.hint = val_str(act, "failure_hint", NULL),
		.until_us = val_num(act, "until_us", 0),
	};
}

int
step_ladder(struct step *x, bool *done, struct err *e)
{
	struct failed why = failed_as(x->frame->act.v);

	*done = false;
	if (why.class == CLASS_NONE && why.agent && why.host)
		ladder_open(x->run, why.host);
	if (why.class == CLASS_NONE || x->frame->climbing == CLIMB_OUT)
		return 0;
	return ladder_failed(x, &why, done, e);
}

int
step_ladder_judge(struct step *x, bool *done, struct err *e)
{
	const struct val *judging = x->frame->judging.v;
	const struct val *failed = judging ? val_get(judging, "failed") : NULL;
	struct failed why = { 0 };

	*done = false;
	if (!failed)
		return 0;
	/* What is recorded about it takes it out of the point. */
	why = failed_as(val_copy(run_mem(x->run), failed));
	why.agent = why.judge = true;
	why.told = is_told(val_str(failed, "failure_by", ""));
	return ladder_failed(x, &why, done, e);
}

int
step_climb_on(struct step *x, bool *done, struct err *e)
{
	const struct failed why = failed_as(x->frame->act.v);
	const struct target *t;

	*done = x->frame->climbing == CLIMB_AGAIN;
	if (*done)
		return again(x, e);
	t = why.class == CLASS_QUOTA ? way_out(x) : NULL;
	*done = x->frame->climbing == CLIMB_OUT && t;
	return *done ? leave_exhausted(x, t, e) : 0;
}
