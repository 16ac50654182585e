/*
 * The end of an item: by the command that it was, or by the loop.  What our
 * own end cut short did not fail; it is unfinished, and a resume does it.
 */
#include "engine/item_end.h"

#include <string.h>

#include "engine/broken.h"

/* What it failed by: the host said it, or its own words where they count. */
static enum failure_class
blame_of(const struct worker *w)
{
	const struct lane *l = point_lane(&w->run->point, w->item);
	const char *word = val_str(l->result.v, "failure_class", "");
	enum failure_class class = failure_class_of(word);

	if (w->act.failure.class != CLASS_NONE)
		return w->act.failure.class;
	return class >= CLASS_TRANSIENT && class <= CLASS_CONFIG ? class
								 : CLASS_NONE;
}

/* An item that is a command. */
static struct item_end
end_of_act(const struct worker *w)
{
	const struct act *act = &w->act;
	struct item_end x = { .status = "failed" };

	if (act->end == ACT_STOPPED)
		return (struct item_end) { .status = NULL };
	if (act->end == ACT_RAISED) {
		x.kind = act->kind;
		x.error = act->error;
		return x;
	}
	x.coded = true;
	x.code = act->exit_code;
	x.kind = broken_kind(&act->outcome);
	if (x.kind) {
		x.error = broken_text(&act->outcome);
	} else if (blame_of(w) != CLASS_NONE) {
		x.kind = failure_class_name(blame_of(w));
		x.error = act->failure.text;
	}
	if (act->end == ACT_FULL) {
		x.kind = "disk_limit";
		x.error = act->error;
	}
	if (act->outcome.cut == CUT_ASKED ||
	    (act->outcome.kind == OUT_TIMEOUT &&
		act->outcome.code == LIMIT_LOOP))
		x.status = "unfinished";
	else if (!x.kind && act->exit_code == 0)
		x.status = "succeeded";
	return x;
}

bool
item_is_late(struct run *r)
{
	struct worker *w = r->worker;
	bool late;

	r->worker = r->workers.at[0];
	late = run_is_late(r);
	r->worker = w;
	return late;
}

/* An item that is a loop; what our own end cut short did not fail. */
static struct item_end
end_of_loop(struct run *r)
{
	const struct finish *fin = &r->worker->fin;
	struct item_end x = {
		.status = "failed", .cause = fin->cause, .error = fin->error
	};

	if (strcmp(fin->cause, "interrupted") == 0)
		return (struct item_end) { .status = NULL };
	if (strcmp(fin->cause, "terminal") != 0)
		x.kind = fin->cause;
	else if (!fin->failure)
		x.status = "succeeded";
	if (strcmp(fin->cause, "cancelled") == 0 ||
	    (strcmp(fin->cause, "timeout") == 0 && item_is_late(r)))
		x.status = "unfinished";
	return x;
}

struct item_end
item_end(struct run *r)
{
	return r->worker->fin.cause ? end_of_loop(r) : end_of_act(r->worker);
}
