/*
 * Records of failures that are not the action's own: what they say is what a
 * fold counts, and what people read.
 */
#include "engine/step_ladder.h"

#include "base/clock.h"
#include "engine/broken.h"
#include "engine/route.h"

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

int
ladder_tell_wait(struct step *x, const struct failed *why,
    const struct ladder_out *out, struct err *e)
{
	return out->tier <= TIER_KNOWN ? tell_rate_limit(x, why, out, e)
				       : tell_error(x, why, out, e);
}

int
ladder_tell_unjudged(struct step *x, struct err *e)
{
	struct val *f = val_map(run_mem(x->run));
	bool no = x->act->exit_code == 1 && !broken_kind(&x->act->outcome);

	if (x->hand || step_is_agent(step_record(x)) ||
	    x->frame->doing == DOING_JUDGED)
		return 0;
	step_text(x, f, "type", "exit_code");
	step_text(x, f, "verdict", no ? "no" : "error");
	step_number(x, f, "exit_code", x->act->exit_code);
	val_set(
	    run_mem(x->run), f, "unjudged", val_bool(run_mem(x->run), true));
	return step_emit(x, EV_EVALUATE, f, e);
}

int
ladder_tell_park(struct step *x, const struct failed *why, struct err *e)
{
	struct val *f = fields(x, why);

	step_text(x, f, "tier", "parked");
	if (why->until_us > 0)
		step_number(x, f, "until_us", why->until_us);
	return step_emit(x, EV_RATE_LIMIT_WAITING, f, e);
}

static int
tell_storm(struct step *x, struct err *e)
{
	struct val *f = val_map(run_mem(x->run));

	step_text(x, f, "state", x->s->name);
	step_number(x, f, "count", x->frame->exhausted);
	return step_emit(x, EV_RATE_LIMIT_STORM, f, e);
}

int
ladder_tell_exhausted(struct step *x, const struct failed *why,
    const struct ladder_out *out, const struct target *t, struct err *e)
{
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
	return x->frame->exhausted >= LADDER_STORM ? tell_storm(x, e) : 0;
}

int
ladder_tell_give_up(struct step *x, const struct failed *why,
    const struct ladder_out *out, struct err *e)
{
	struct val *f = fields(x, why);

	step_number(x, f, "retries", out->climb.errors);
	return step_emit(x,
	    why->told ? EV_API_ERROR_EXHAUSTED : EV_INFRA_RETRY_EXHAUSTED, f,
	    e);
}
