/*
 * What the guard does beside watching: the ticket is drawn and given back by
 * it, and when the engine was killed it says so, in the journal and in one
 * sentence.  As long as there is an engine the guard prints nothing.
 */
#include "cmd/launch_guard.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "guard/closing.h"
#include "guard/sweep.h"
#include "os/proc.h"
#include "show/jsonl.h"

/* One of the two processes, by number and start time. */
static void
set_process(struct arena *a, struct val *v, const char *who, pid_t pid)
{
	val_set(a, v, who, val_int(a, pid));
	val_set(a, v, arena_printf(a, "%s_start", who),
	    val_int(a, (long long)proc_start_time(pid)));
}

/* While it waits; the engine adds itself. */
static struct val *
ticket_content(const struct launch_guard *w)
{
	struct arena *a = w->args->mem;
	const char *parent = getenv("LL_RUN_ID");
	struct val *v = val_map(a);
	char boot[PROC_BOOT_ID];

	val_set(a, v, "v", val_int(a, 1));
	val_set(a, v, "run", val_text(a, w->place->run));
	val_set(a, v, "loop", val_text(a, w->loop->name));
	val_set(a, v, "phase", val_text(a, "queued"));
	val_set(a, v, "scopes", w->loop->scope);
	set_process(a, v, "guard", getpid());
	if (proc_boot_id(boot))
		val_set(a, v, "boot_id", val_text(a, boot));
	if (parent)
		val_set(a, v, "parent", val_text(a, parent));
	return v;
}

static void
say_swept(struct launch_guard *w, const struct sweep_told *told)
{
	if (told->ended)
		cmd_complain(w->args,
		    "ended %zu process%s that run '%s', which was killed, had "
		    "left",
		    told->ended, told->ended == 1 ? "" : "es", told->run);
}

int
launch_guard_draw(struct launch_guard *w, struct err *e)
{
	struct sweep_told told = { 0 };
	struct sweep_spec spec = {
		.root = w->root,
		.grace_ms = w->grace_ms,
		.sig = w->sig,
	};
	int rc;

	w->content = ticket_content(w);
	w->ticket = ticket_draw(w->root, w->place->run, w->content, e);
	if (!w->ticket)
		return -1;
	spec.ticket = w->ticket;
	rc = sweep_dead(&spec, &told, e);
	if (w->sig->stop)
		return 128 + w->sig->stop;
	say_swept(w, &told);
	return rc;
}

int
launch_guard_follow(struct launch_guard *w, struct err *e)
{
	struct arena *a = w->args->mem;

	if (guard_follow(&w->guard, e) < 0)
		return -1;
	val_set(a, w->content, "phase", val_text(a, "running"));
	set_process(a, w->content, "engine", getpid());
	return ticket_write(w->ticket, w->content, e);
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
		.active_ms = end->active_ms,
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
		ticket_free(w->ticket);
	else
		ticket_leave(w->ticket);
	if (w->side != GUARD_NONE)
		guard_release(&w->guard);
}
