/*
 * A list of acts, one undo.  Up to claim() nothing is touched: faults of the
 * file and of the command line are told before a directory exists.  Behind it
 * we are two: the guard watches, the engine does the rest of the list.  What
 * was taken is given back in reverse by undo(), whatever happened.
 */
#include "cmd/launch.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "cmd/launch_away.h"
#include "cmd/launch_ears.h"
#include "cmd/launch_env.h"
#include "cmd/launch_gate.h"
#include "cmd/launch_guard.h"
#include "cmd/launch_left.h"
#include "cmd/launch_library.h"
#include "cmd/launch_new.h"
#include "cmd/launch_onward.h"
#include "cmd/launch_plan.h"
#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"
#include "cmd/launch_start.h"
#include "cmd/on_end.h"
#include "cmd/launch_worktree.h"
#include "cmd/opened.h"
#include "cmd/piled.h"
#include "cmd/stream.h"
#include "engine/drive.h"
#include "engine/hands.h"
#include "os/spawn.h"
#include "store/output.h"

/* exit statuses */
enum { NOTHING_RAN = 64, NOTHING_RAN_IO = 74, NOTHING_RAN_MAX = 78 };

struct launch {
	const struct launch_opts *o;
	struct args *args;
	struct arena *a;
	const char *root, *cwd, *path;
	struct opened in;
	struct launch_secrets secrets;
	struct launch_values set;

	struct place_run place;
	struct launch_gate gate;
	struct launch_guard watch;
	struct journal *journal;
	struct output *output;
	struct sig sig;
	struct spawn_kit kit;
	bool sig_set, kit_set, goes_on; /* with a run that is there */
	struct launch_left left;
	struct hands hands;
	struct launch_library library;
	struct launch_ears ears;
	struct launch_onward onward;
	struct launch_worktree yard;
	struct run run;
};

/* ---- what must be given back ---- */

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
		.aside = l->yard.base ? l->yard.top : NULL,
	};
	rc = launch_gate(&l->gate, e);
	l->watch.turn = l->gate.turn;
	return rc || !stood ? rc : launch_onward_alone(&l->gate, e);
}

static struct output *
output_of(const struct launch *l)
{
	return output_new(&(struct output_opts) { .dir = l->place.output,
	    .limit = l->set.output_limit,
	    .disk = l->set.disk,
	    .durable = l->set.durable,
	    .again = l->goes_on,
	    .journal = l->journal });
}

/* The journal and the vault. */
static int
open_run(struct launch *l, struct err *e)
{
	const struct launch_new fresh = {
		.in = &l->in,
		.secrets = &l->secrets,
		.set = &l->set,
		.place = &l->place,
		.cwd = l->cwd,
	};

	if (l->goes_on)
		l->journal = launch_onward_open(&l->onward, &l->run.point, e);
	else
		l->journal = launch_new(&fresh, e);
	if (!l->journal)
		return -1;
	l->output = output_of(l);
	return 0;
}

static char *const *
env_of(struct launch *l)
{
	const char *const set[][2] = {
		{ "LL_RUN_ID", l->place.run },
		{ "LL_RUN_DIR", l->place.dir },
		{ "LL_ROOT", l->root },
		{ "LL_LOOP", l->in.loop->name },
	};

	return launch_env(l->a, environ, set, COUNT(set));
}

/* Hang everything into the engine's seams. */
static void
hang(struct launch *l)
{
	struct run *r = &l->run;

	r->loop = l->in.loop;
	r->over = (struct overrides) { l->o->max_steps, l->o->max_iterations,
		l->set.delay_ms, l->set.timeout_ms };
	r->grace_ms = l->set.grace_ms;
	r->output_limit = l->set.output_limit_over;
	r->vault = output_vault(l->output);
	l->hands = (struct hands) { .sig = &l->sig,
		.kit = &l->kit,
		.due_ms = r->vault.due_ms,
		.tick = r->vault.settle,
		.tick_self = r->vault.self };
	r->actor = hands_actor(&l->hands);
	l->library = (struct launch_library) { &l->in, &l->secrets, &l->place,
		l->set.durable };
	r->library = launch_library(&l->library);
	l->left = (struct launch_left) { .sig = &l->sig,
		.grace_ms = l->set.grace_ms };
	r->sweep = launch_left_sweep(&l->left);
	r->sig = &l->sig;
	r->env = env_of(l);
	r->direct = launch_env_plain(environ);
	r->mask = l->secrets.found.mask;
	r->withheld = l->secrets.withheld;
	r->path = l->path;
	r->cwd = l->cwd;
	launch_worktree_hang(&l->yard, l->place.run, r);
	launch_ears_hang(&l->ears, l->o, l->args, l->journal, l->place.run);
	r->sinks = l->ears.at;
	r->nsinks = l->ears.n;
}

/* run_start, and all the rest. */
static int
begin(struct launch *l, struct err *e)
{
	const struct launch_start first = {
		.run = &l->run,
		.place = &l->place,
		.secrets = &l->secrets,
		.context = l->in.context,
		.cwd = l->cwd,
		.pid = l->watch.guard.pid,
	};
	const struct val *start = launch_start(&first, l->a, e);

	return start ? drive(&l->run, start, e) : -1;
}

/* Has anything been done, this time? */
static bool
did_something(const struct launch *l)
{
	const struct frame *f = point_bottom(&l->run.point);

	if (l->goes_on)
		return l->run.seq > l->watch.after + 1;
	return f && f->steps > 0;
}

static int
go(struct launch *l, struct err *e)
{
	struct err late = ERR_INIT;
	int rc = l->goes_on
	    ? launch_onward_drive(&l->onward, &l->run, l->watch.guard.pid, e)
	    : begin(l, e);

	/* The first reason is the one that is told. */
	if (l->run.seq > 0 && journal_sync(l->journal, rc < 0 ? &late : e) < 0)
		rc = -1;
	if (rc == 0)
		return (int)val_num(l->run.point.end.v, "exit", 70);
	if (!did_something(l))
		return -1;
	/* Something ran: the status says that no terminal was reached. */
	secrets_hide_err(&l->secrets.found, e);
	cmd_complain(l->args, "%s", e->msg);
	return 1;
}

/* What cannot be written before there is a journal is no run. */
static int
cannot_create(const struct launch *l, struct err *e)
{
	if (e->kind == ERR_IO && !l->journal && !l->goes_on)
		e->kind = ERR_CREATE;
	return -1;
}

/* Before it stops, and may be for days, what stands is made durable. */
static void
pause_run(void *self)
{
	struct launch *l = self;
	struct err again = ERR_INIT;

	if (l->journal)
		journal_sync(l->journal, &again);
	tree_pause();
}

static int
engine(struct launch *l, struct err *e)
{
	l->sig.pause = pause_run;
	l->sig.pause_self = l;
	if (launch_guard_follow(&l->watch, e) < 0)
		return -1;
	spawn_kit_open(&l->kit);
	l->kit_set = true;
	if (open_run(l, e) < 0)
		return cannot_create(l, e);
	hang(l);
	return go(l, e);
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
		return rc < 0 ? cannot_create(l, e) : rc;
	out_flush(l->args->said);
	rc = guard_split(&l->watch.guard, &l->sig, e);
	if (rc < 0)
		return -1;
	l->watch.side = (enum guard_side)rc;
	return rc == GUARD_ENGINE ? engine(l, e)
				  : launch_guard_watch(&l->watch, e);
}

/* The engine may have said so, by its status. */
static bool
nothing_ran(const struct launch *l, int status)
{
	return l->watch.side == GUARD_NONE || status < 0 ||
	    (status >= NOTHING_RAN && status <= NOTHING_RAN_MAX);
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
		.env = env_of(l),
		.status = status < 0 ? NOTHING_RAN_IO : status,
		.sig = &l->sig,
		.mask = l->secrets.found.mask,
		.silent = l->o->background || l->o->quiet,
		.aside = l->o->json,
	};

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
	opened_release(&l->in);
	secrets_release(&l->secrets.found);
}

static int
acts(struct launch *l, struct err *e)
{
	struct launch_away away = { .o = l->o, .root = l->root };
	int rc;

	if (opened_load(&l->in, e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0)
		return -1;
	l->set = launch_settings(l->args, l->o, l->in.loop);
	away.grace_ms = l->set.grace_ms;
	if (l->o->dry_run) {
		if (opened_allowed(&l->in, e) < 0 ||
		    opened_context(&l->in, "", e) < 0 ||
		    launch_secrets_find(&l->secrets, &l->in, e) < 0)
			return -1;
		launch_secrets_withhold(&l->secrets, &l->in);
		return launch_plan(l->args, &l->in, &l->secrets, &l->set);
	}
	if (opened_preflight(&l->in, e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0 ||
	    launch_env_bash(l->a, &l->path, &l->run.bash, e) < 0)
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
