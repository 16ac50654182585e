/*
 * What the guard does beside watching: the ticket is given back by it, and when
 * the engine was killed it says so, in the journal and in one sentence.  As
 * long as there is an engine the guard prints nothing.
 */
#include "cmd/launch_guard.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/away.h"
#include "guard/closing.h"
#include "show/jsonl.h"

int
launch_guard_follow(struct launch_guard *w, struct err *e)
{
	if (guard_follow(&w->guard, e) < 0)
		return -1;
	return turn_engine(w->turn, getpid(), e);
}

/* Nothing ran: then it is an error like any other before the start. */
static int
never_began(const char *signal, struct err *e)
{
	return err_set(e, ERR_IO,
	    "the process of the run was killed by SIG%s before it began",
	    signal);
}

static int
died(struct launch_guard *w, const struct guard_end *end, struct err *e)
{
	const char *name = sigabbrev_np(end->signal);
	struct err left = ERR_INIT, why = ERR_INIT;
	struct jsonl *jsonl = w->json ? jsonl_new(w->args->out) : NULL;
	struct sink also = w->json ? jsonl_sink(jsonl) : (struct sink) { 0 };
	struct closing c = {
		.place = w->place,
		.durable = w->durable,
		.signal = end->signal,
		.active_ms = w->active_ms + end->active_ms,
		.after = w->after,
		.also = w->json ? &also : NULL,
	};
	int rc;

	name = name ? name : "?";
	if (guard_end_rest(&w->guard, w->grace_ms, &left) < 0)
		c.error = left.msg;
	rc = closing_write(&c, &why);
	jsonl_free(jsonl);
	if (!c.began)
		return never_began(name, e);
	if (w->away)
		away_log(w->place);
	if (rc < 0)
		cmd_complain(w->args, "%s", why.msg);
	if (!c.ended)
		cmd_complain(w->args,
		    "the process of run '%s' was killed by SIG%s%s; %s",
		    w->place->run, name,
		    end->signal == SIGKILL ? " (out of memory?)" : "",
		    c.error ? c.error : "what it had started is ended");
	return c.exit;
}

int
launch_guard_watch(struct launch_guard *w, struct err *e)
{
	struct err ignored = ERR_INIT;
	struct guard_end end;

	guard_watch(&w->guard, &end);
	if (end.signal)
		return died(w, &end, e);
	guard_spare_heir(&w->guard);
	/* It has done so, unless it was left in a hurry. */
	guard_end_rest(&w->guard, w->grace_ms, &ignored);
	return end.status;
}

bool
launch_guard_owns(const struct launch_guard *w)
{
	return w->side != GUARD_ENGINE || w->sig->orphaned;
}

void
launch_guard_release(struct launch_guard *w)
{
	if (launch_guard_owns(w))
		turn_free(w->turn);
	else
		turn_leave(w->turn);
	if (w->side != GUARD_NONE)
		guard_release(&w->guard);
}
