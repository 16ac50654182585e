/*
 * In the middle of a state when the run ended: on from the last thing that is
 * recorded.  An action whose end is not recorded is done again unless the
 * state says otherwise; one whose end is, never.
 */
#include <string.h>

#include "engine/berth.h"
#include "engine/act.h"
#include "engine/call.h"
#include "engine/fan.h"
#include "engine/step_ladder.h"
#include "base/auto.h"

static enum outcome_kind
kind_of(const char *word)
{
	static const char *const words[] = { [OUT_EXITED] = "exited",
		[OUT_SIGNALED] = "signaled",
		[OUT_TIMEOUT] = "timeout",
		[OUT_SPAWN_FAILED] = "spawn_failed",
		[OUT_LOST] = "lost" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(words[i], word) == 0)
			return (enum outcome_kind)i;
	return OUT_LOST;
}

static int
limit_of(const char *word)
{
	static const char *const words[] = { [LIMIT_WALL] = "wall",
		[LIMIT_IDLE] = "idle",
		[LIMIT_LOOP] = "loop" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return LIMIT_WALL;
}

/* The outcome as it was, as far as anything depends on it. */
static struct outcome
outcome_of(const struct val *act)
{
	const char *kind = val_str(act, "kind", "");
	long long code = val_num(act, "exit_code", 0);
	struct outcome o = { .kind = kind_of(val_str(act, "outcome", "lost")) };

	if (o.kind == OUT_SIGNALED)
		o.code = (int)-code;
	else if (o.kind == OUT_TIMEOUT)
		o.code = limit_of(val_str(act, "timeout_kind", ""));
	else
		o.code = (int)code;
	if (strcmp(kind, "output_limit") == 0)
		o.cut = CUT_BYTES;
	if (strcmp(kind, "limit") == 0)
		o.cut = CUT_BOUND;
	o.starved = strcmp(kind, "resource") == 0;
	return o;
}

/* Of a call of a host: what a shell action says is judged by its code. */
static struct failure
failure_of(const struct val *act)
{
	const char *class = val_str(act, "failure_class", NULL);
	const struct val *prompt = val_get(act, "is_prompt");

	if (!class || !prompt || prompt->kind != VAL_BOOL || !prompt->b)
		return (struct failure) { .class = CLASS_NONE };
	return (struct failure) {
		.class = failure_class_of(class),
		.by = val_str(act, "failure_by", ""),
		.text = val_str(act, "failure_text", ""),
		.until_us = val_num(act, "until_us", 0),
	};
}

/* What it printed, from where the point says. */
static void
stream_of(const struct val *prev, struct stream *out)
{
	const struct val *text = val_get(prev, "output");

	*out = (struct stream) { .text = "" };
	if (text && text->kind == VAL_TEXT) {
		out->text = text->t.p;
		out->len = text->t.n;
		out->bytes = (long long)text->t.n;
		return;
	}
	out->file = val_str(prev, "output_file", NULL);
	out->bytes = val_num(prev, "output_bytes", 0);
	out->len = (size_t)out->bytes;
	strncat(
	    out->sum, val_str(prev, "output_sum", ""), sizeof(out->sum) - 1);
}

void
step_take_act(struct step *x)
{
	const struct val *act = step_record(x);

	*x->act = (struct act) { .end = ACT_DONE };
	if (!act)
		return;
	x->acted = true;
	x->act->outcome = outcome_of(act);
	x->act->exit_code = val_num(act, "exit_code", 0);
	x->act->failure = failure_of(act);
	/* That of an item is in its record, and nobody asks for it here. */
	if (!x->hand)
		stream_of(x->frame->prev.v, &x->act->out[0]);
}

static int
after_act(struct step *x, struct err *e)
{
	const struct val *act = x->frame->act.v;
	bool done;

	if (!x->frame->messaged && act_message(x->run, x->s, e) < 0)
		return -1;
	if (x->act->end == ACT_RAISED)
		return step_raise(x, e);
	if (x->act->outcome.kind == OUT_TIMEOUT &&
	    x->act->outcome.code == LIMIT_LOOP)
		return step_finish(x, "timeout", NULL);
	if (strcmp(val_str(act, "kind", ""), "disk_limit") == 0)
		return step_finish(x, "disk_limit", BERTH_FULL);
	if (step_ladder(x, &done, e) < 0)
		return -1;
	return done ? 0 : step_judge(x, e);
}

/* It was interrupted: does the state say what then? */
static int
interrupted(struct step *x, bool *done, struct err *e)
{
	const struct state *s = x->s;

	*done = true;
	if (s->on_interrupted.name)
		return step_leave(
		    x, &s->on_interrupted, NULL, "interrupted", e);
	if (s->once || s->fails_interrupted)
		return step_finish(x, "error",
		    arena_printf(run_mem(x->run),
			"state '%s' was interrupted and is not done again (%s)",
			s->name, s->once ? "once" : "on_interrupted: fail"));
	*done = false;
	return 0;
}

int
step_again(struct run *run, struct finish *out, struct err *e)
{
	struct step x = step_here(run, NULL, out);
	bool done = false, among;

	if (!x.s)
		return err_set(e, ERR_INPUT, "the loop has no state '%s'",
		    run_frame(run)->state);
	if (x.frame->called.v)
		return step_called(run, out, e);
	step_take_act(&x);
	if (x.frame->climbing && step_climb_on(&x, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	among = x.frame->fan && x.s->fan.items;
	switch (x.frame->doing) {
	case DOING_JUDGED:
		x.judged.verdict = val_str(x.frame->last.v, "verdict", "error");
		return step_go_by(&x, e);
	case DOING_JUDGING:
		return step_ask_judge(&x, e);
	case DOING_ACTED:
		return after_act(&x, e);
	case DOING_ACT:
		if (interrupted(&x, &done, e) < 0)
			return -1;
		break;
	default:
		if (among && fan_was_cut(run, x.s) &&
		    x.s->on_interrupted.name && interrupted(&x, &done, e) < 0)
			return -1;
		break;
	}
	if (done)
		return 0;
	if (among)
		return fan_again(run, x.s, e);
	return step_go(run, x.s, out, e);
}
