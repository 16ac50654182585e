/*
 * An item that is a command: one action under the guards, waits and ladders
 * of the state that has the items, and no route of its own.  How far it is
 * stands in its lane, so that a resume goes on there.
 */
#include <string.h>

#include "engine/act.h"
#include "engine/berth.h"
#include "engine/item_end.h"
#include "engine/marks.h"
#include "engine/spend.h"
#include "engine/step_ladder.h"

const struct val *
step_record(const struct step *x)
{
	const struct run *r = x->run;

	return x->hand ? point_lane(&r->point, r->worker->item)->result.v
		       : x->frame->act.v;
}

bool
step_is_agent(const struct val *record)
{
	const struct val *v = record ? val_get(record, "is_prompt") : NULL;

	return v && v->kind == VAL_BOOL && v->b;
}

static const struct ascent *
ascent_of(const struct step *x)
{
	return point_ascent(&x->run->point, x->run->worker->item);
}

struct climb
step_climb(const struct step *x)
{
	const struct ascent *c = x->hand ? ascent_of(x) : NULL;
	const struct map_entry *m =
	    x->hand ? NULL : map_get(&x->frame->climbs, x->s->name);

	if (c)
		return c->climb;
	return m ? *(const struct climb *)m->value : (struct climb) { 0 };
}

const struct val *
step_wait(const struct step *x)
{
	const struct ascent *c = x->hand ? ascent_of(x) : NULL;

	if (x->hand)
		return c ? c->wait.v : NULL;
	return x->frame->wait.v;
}

static struct step
step_hand(struct run *run, struct finish *out)
{
	struct step x = step_here(run, NULL, out);

	x.hand = true;
	return x;
}

/* Was it cut short by what is no end of its own? */
static bool
is_cut(const struct step *x)
{
	const struct outcome *o = &x->act->outcome;

	return x->act->end != ACT_DONE || spend_is_hit(x->run) ||
	    o->cut == CUT_ASKED ||
	    (o->kind == OUT_TIMEOUT && o->code == LIMIT_LOOP);
}

/* Its action is over: it is done again, or it has failed, or succeeded, or it
 * ends more than itself (x->finish). */
static int
over(struct step *x, struct err *e)
{
	bool done = false;

	x->run->worker->waits = WORKER_OVER;
	if (is_cut(x))
		return 1;
	if (step_ladder(x, &done, e) < 0)
		return -1;
	if (!done && marks_item(x->run, x->s, step_record(x), x->finish, e) < 0)
		return -1;
	return x->finish->cause ? 0 : 1;
}

int
step_item_acted(struct run *run, const struct outcome *outcome,
    struct finish *out, struct err *e)
{
	struct step x = step_hand(run, out);

	if (act_end(run, x.s, outcome, e) < 0)
		return -1;
	return over(&x, e);
}

/* Of a run that ended when the action was over: on from its record. */
static int
acted_before(struct step *x, struct err *e)
{
	step_take_act(x);
	if (strcmp(val_str(step_record(x), "kind", ""), "disk_limit") == 0) {
		x->act->end = ACT_FULL;
		x->act->error = BERTH_FULL;
	}
	return over(x, e);
}

static int
begin(struct step *x, struct err *e)
{
	struct worker *w = x->run->worker;

	if (act_start(x->run, x->s, e) < 0)
		return -1;
	if (x->act->end == ACT_HELD)
		return step_hold(x, step_item_rested);
	w->waits = x->act->end == ACT_RAISED ? WORKER_OVER : WORKER_ACTS;
	return 1;
}

/* Does it end before its action, with all that has the items? */
static bool
is_over(struct step *x)
{
	if (run_stop_asked(x->run))
		step_finish(x, "interrupted", NULL);
	else if (item_is_late(x->run))
		step_finish(x, "timeout", NULL);
	else if (x->run->fan.closing)
		step_finish(x, "cancelled", NULL);
	return x->finish->cause != NULL;
}

int
step_item_rested(struct run *run, struct finish *out, struct err *e)
{
	struct step x = step_hand(run, out);

	return is_over(&x) ? 0 : begin(&x, e);
}

int
step_item(struct run *run, struct finish *out, struct err *e)
{
	struct step x = step_hand(run, out);
	bool done = false;
	int rc;

	if (point_lane(&run->point, run->worker->item)->doing == DOING_ACTED)
		return acted_before(&x, e);
	if (is_over(&x))
		return 0;
	rc = step_rest_in(&x, e);
	if (rc || x.finish->cause)
		return rc;
	if (step_pressure(&x, false, &done, e) < 0)
		return -1;
	if (done)
		return x.finish->cause ? 0 : 1;
	return begin(&x, e);
}
