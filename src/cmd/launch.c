/*
 * A list of acts, one undo.  Up to claim() nothing is touched: faults of the
 * file and of the command line are told before a directory exists.  Behind it
 * we are two: the guard watches, the engine does the rest of the list.  What
 * was taken is given back in reverse by undo(), whatever happened.
 */
#include "cmd/launch_part.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/path.h"
#include "cmd/away.h"
#include "cmd/report_cost.h"
#include "cmd/launch_away.h"
#include "cmd/launch_env.h"
#include "cmd/launch_plan.h"
#include "cmd/on_end.h"
#include "cmd/piled.h"
#include "cmd/stream.h"

/* exit statuses */
enum { NOTHING_RAN = 64, NOTHING_RAN_IO = 74, NOTHING_RAN_MAX = 78 };

/* ---- what must be given back ---- */

static int
drawn(void *self, struct err *e)
{
	struct launch *l = self;

	return l->goes_on ? 0 : place_furnish(&l->place, e);
}

/* It has a place in the queue, which is all that one in the background has
 * to tell for now. */
static int
queued(void *self, struct err *e)
{
	struct launch *l = self;

	(void)e;
	if (l->o->background)
		away_tell(&l->place);
	return 0;
}

/* The run directory and the turn; as launch_gate(). */
static int
claim(struct launch *l, struct err *e)
{
	const struct stood *stood = l->goes_on ? l->o->again->stood : NULL;
	const struct val *real;
	int rc;

	if (stood)
		place_of(l->a, l->root, l->o->again->run, &l->place);
	else if (place_create(l->a, l->root, l->in.loop->name, &l->place, e) <
	    0)
		return -1;
	if (opened_context(&l->in, l->place.dir, e) < 0 ||
	    launch_secrets_check(&l->secrets, &l->in, l->place.dir, e) < 0)
		return -1;
	real = l->in.context;
	launch_secrets_withhold(&l->secrets, &l->in);
	l->watch = (struct launch_guard) {
		.args = l->args,
		.place = &l->place,
		.sig = &l->sig,
		.grace_ms = l->set.grace_ms,
		.durable = l->set.durable,
		.json = l->o->json,
		.away = l->o->background,
		.after = stood ? stood->seq : 0,
		.active_ms = stood ? stood->active_ms : 0,
	};
	l->gate = (struct launch_gate) {
		.args = l->args,
		.claims = { l->in.loop, real, l->root, l->secrets.found.mask },
		.run = l->place.run,
		.sig = &l->sig,
		.grace_ms = l->set.grace_ms,
		.waits = l->o->queue || l->o->queue_timeout >= 0,
		.open = l->o->no_lock,
		.silent = l->o->quiet || l->o->json,
		.limit_ms = l->set.queue_ms,
		.drawn = drawn,
		.queued = queued,
		.self = l,
		.aside = l->yard.top,
	};
	rc = launch_gate(&l->gate, e);
	l->watch.turn = l->gate.turn;
	return rc || !stood ? rc : launch_onward_alone(&l->gate, e);
}

static int
start(struct launch *l, struct err *e)
{
	int rc;

	spawn_close_inherited();
	stream_hurry(l->args->out);
	stream_hurry(l->args->said);
	if (sig_init(&l->sig, e) < 0)
		return -1;
	l->sig_set = true;
	rc = claim(l, e);
	if (rc != 0)
		return rc < 0 ? launch_cannot_create(l, e) : rc;
	out_flush(l->args->said);
	rc = guard_split(&l->watch.guard, &l->sig, e);
	if (rc < 0)
		return -1;
	l->watch.side = (enum guard_side)rc;
	return rc == GUARD_ENGINE ? launch_engine(l, e)
				  : launch_guard_watch(&l->watch, e);
}

/* The engine may have said so, by its status. */
static bool
nothing_ran(const struct launch *l, int status)
{
	return l->watch.side == GUARD_NONE || status < 0 ||
	    (status >= NOTHING_RAN && status <= NOTHING_RAN_MAX);
}

/* Whoever ended the run, its journal says what it cost. */
static void
put_costs(struct launch *l)
{
	struct err e = ERR_INIT;

	if (l->o->cost_file &&
	    cost_file_put(l->args, l->root, l->place.run,
		path_join(l->a, l->cwd, l->o->cost_file), &e) < 0)
		cmd_complain(l->args, "%s", e.msg);
}

/* By the one who gave the ticket back, when the run had begun. */
static void
after(struct launch *l, int status)
{
	const struct on_end last = {
		.command = l->set.on_end,
		.bash = l->run.bash,
		.root = l->root,
		.run = l->place.run,
		.cwd = l->cwd,
		.env = launch_env_of(l),
		.status = status < 0 ? NOTHING_RAN_IO : status,
		.sig = &l->sig,
		.mask = l->secrets.found.mask,
		.silent = l->o->background || l->o->quiet,
		.aside = l->o->json,
	};

	if (l->o->background && !nothing_ran(l, status))
		away_log(&l->place);
	put_costs(l);
	on_end(&last, l->args);
}

static void
undo(struct launch *l, int status)
{
	hands_release(&l->hands);
	run_release(&l->run);
	launch_ears_release(&l->ears);
	launch_worktree_release(&l->yard);
	output_free(l->output);
	journal_free(l->journal);
	if (l->run.seq > 0)
		piled_note(l->args, &l->place, l->o->quiet);
	else if (l->place.dir && !l->goes_on && launch_guard_owns(&l->watch) &&
	    nothing_ran(l, status))
		place_discard(&l->place);
	launch_guard_release(&l->watch);
	if (l->watch.side != GUARD_NONE && launch_guard_owns(&l->watch))
		after(l, status);
	launch_left_release(&l->left);
	if (l->kit_set)
		spawn_kit_release(&l->kit);
	if (l->sig_set)
		sig_release(&l->sig);
	launch_hosts_release(&l->hosts);
	launch_budget_release(&l->budget);
	opened_release(&l->in);
	secrets_release(&l->secrets.found);
}

/* `--dry-run`. */
static int
plan(struct launch *l, struct err *e)
{
	if (opened_allowed(&l->in, e) < 0 ||
	    opened_context(&l->in, "", e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0)
		return -1;
	launch_secrets_withhold(&l->secrets, &l->in);
	return launch_plan(l->args, &l->secrets, &l->hosts, &l->set,
	    launch_budget_val(&l->budget, l->a, l->cwd));
}

static int
acts(struct launch *l, struct err *e)
{
	struct launch_away away = { .o = l->o, .root = l->root };
	int rc;

	if (opened_load(&l->in, e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0)
		return -1;
	l->hosts =
	    (struct launch_hosts) { .args = l->args, .o = l->o, .in = &l->in };
	l->set = launch_settings(l->args, l->o, l->in.loop);
	launch_budget(&l->budget, l->args, l->o, l->in.loop);
	away.grace_ms = l->set.grace_ms;
	away.after = l->goes_on ? l->o->again->stood->seq : 0;
	if (l->o->dry_run)
		return plan(l, e);
	if (opened_preflight(&l->in, e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0 ||
	    launch_env_bash(l->a, &l->path, &l->run.bash, e) < 0 ||
	    launch_budget_prices(&l->budget, l->args, e) < 0)
		return -1;
	l->yard.goes_on = l->goes_on;
	if (launch_worktree_plan(&l->yard, &l->in, l->cwd, &l->sig, e) < 0)
		return -1;
	l->onward = (struct launch_onward) { .in = &l->in,
		.secrets = &l->secrets,
		.place = &l->place,
		.set = &l->set };
	if (l->goes_on && launch_onward_plan(&l->onward, e) < 0)
		return -1;
	if (launch_hosts_plan(&l->hosts, &l->set, e) < 0)
		return -1;
	launch_say_later(l->args, l->o);
	out_flush(l->args->said);
	if (l->o->background) {
		rc = launch_away(l->args, &away, e);
		if (rc != LAUNCH_AWAY_CHILD)
			return rc;
	}
	return start(l, e);
}

int
launch(const struct launch_opts *o, struct args *args, struct err *e)
{
	auto_free char *cwd = getcwd(NULL, 0);
	struct launch l = { .o = o, .args = args, .a = args->mem, .cwd = cwd };
	int rc;

	if (!cwd)
		return err_sys(e, "the working directory");
	l.goes_on = o->again && o->again->stood;
	l.root = cmd_root(args);
	l.in = (struct opened) {
		.o = o, .args = args, .root = l.root, .hide = &l.secrets.found
	};
	l.secrets.more = again_secrets(args, o->again);
	rc = acts(&l, e);
	if (rc < 0)
		secrets_hide_err(&l.secrets.found, e);
	undo(&l, rc);
	return rc;
}
