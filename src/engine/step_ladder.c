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
#include "engine/circuit.h"
#include "engine/judge.h"
#include "engine/route.h"

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

/* Out of the state and into it again; nothing of that is counted. */
static int
again(struct step *x, struct err *e)
{
	struct val *f = val_map(run_mem(x->run));

	if (ladder_tell_unjudged(x, e) < 0)
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
	if (ladder_tell_wait(x, why, out, e) < 0)
		return -1;
	x->run->worker->rests_until = 0;
	if (out->tier <= TIER_KNOWN && why->host)
		circuit_shut(x->run, why->host,
		    clock_wall_us() + out->wait_ms * 1000,
		    out->tier == TIER_KNOWN);
	if (!why->judge && !x->hand)
		return again(x, e);
	x->run->worker->waits = WORKER_GOES;
	return 0;
}

int
ladder_park(struct step *x, const struct failed *why, struct err *e)
{
	struct arena *a = run_mem(x->run);
	char when[CLOCK_TEXT];

	if (ladder_tell_park(x, why, e) < 0)
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
	if (x->frame->doing != DOING_JUDGING && ladder_tell_unjudged(x, e) < 0)
		return -1;
	return step_leave(x, t, NULL, "rate_limit_exhausted", e);
}

/* An item goes nowhere: it has failed, and its state is left for that. */
static int
exhausted(struct step *x, const struct failed *why,
    const struct ladder_out *out, bool *done, struct err *e)
{
	const struct target *t = way_out(x);

	if (ladder_tell_exhausted(x, why, out, x->hand ? NULL : t, e) < 0)
		return -1;
	*done = t ? !x->hand : why->agent;
	if (t)
		return x->hand ? 0 : leave_exhausted(x, t, e);
	return why->agent ? ladder_park(x, why, e) : 0;
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
		.climb = step_climb(x),
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
			circuit_shut(x->run, why->host, why->until_us, true);
		return ladder_park(x, why, e);
	case LADDER_EXHAUSTED:
		return exhausted(x, why, &out, done, e);
	case LADDER_END:
		return end_run(x, why);
	case LADDER_DIVERT:
		*done = route_on_error(x->s) && !x->hand;
		return *done ? step_leave(x, route_on_error(x->s), NULL,
				   failure_class_name(why->class), e)
			     : 0;
	case LADDER_GIVE_UP:
		*done = false;
		return ladder_tell_give_up(x, why, &out, e);
	default:
		*done = false;
		return 0;
	}
}

/* Of an action or a call of a judge, as it is on record. */
static struct failed
failed_as(const struct val *act)
{
	enum failure_class class =
	    failure_class_of(val_str(act, "failure_class", ""));
	bool agent = step_is_agent(act);

	return (struct failed) {
		.class = class < CLASSES ? class : CLASS_NONE,
		.agent = agent,
		.told = agent && is_told(val_str(act, "failure_by", "")),
		.host = val_str(act, "host", NULL),
		.text = val_str(act, "failure_text", NULL),
		.hint = val_str(act, "failure_hint", NULL),
		.until_us = val_num(act, "until_us", 0),
	};
}

/* Was it done often enough, and is that on record? */
static bool
is_out(const struct step *x)
{
	const struct run *r = x->run;

	return (x->hand ? point_lane(&r->point, r->worker->item)->climbing
			: x->frame->climbing) == CLIMB_OUT;
}

int
step_ladder(struct step *x, bool *done, struct err *e)
{
	/* What is recorded about an item takes it out of the point. */
	const struct val *act = step_record(x);
	struct failed why =
	    failed_as(x->hand && act ? val_copy(run_mem(x->run), act) : act);

	*done = false;
	if (why.class == CLASS_NONE && why.agent && why.host)
		circuit_open(x->run, why.host);
	if (why.class == CLASS_NONE || is_out(x))
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
