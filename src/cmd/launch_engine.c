/*
 * The engine's side: everything is hung into its seams, then it drives.
 */
#include "cmd/launch_part.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "cmd/launch_env.h"
#include "cmd/launch_new.h"
#include "cmd/launch_start.h"
#include "engine/drive.h"
#include "os/memory.h"
#include "os/tree.h"
#include "store/runs.h"

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

/* A number for actions; 0 of the option: what the loop says, if anything. */
static const char *
number(struct launch *l, long long option, long long loop)
{
	long long n = option > 0 ? option : loop;

	return n > 0 ? arena_printf(l->a, "%lld", n) : NULL;
}

char *const *
launch_env_of(struct launch *l)
{
	const char *const set[][2] = {
		{ "LL_RUN_ID", l->place.run },
		{ "LL_RUN_DIR", l->place.dir },
		{ "LL_ROOT", l->root },
		{ "LL_LOOP", l->in.loop->name },
		{ "LL_HANDOFF_THRESHOLD",
		    number(l, l->o->handoff_threshold,
			l->in.loop->handoff_threshold) },
		{ "LL_CONTEXT_LIMIT", number(l, l->o->context_limit, 0) },
	};

	return launch_env(l->a, environ, set, COUNT(set));
}

static struct guard_overrides
guards_of(const struct launch_opts *o)
{
	return (struct guard_overrides) {
		.no_host_guard = o->no_host_guard,
		.budgets = o->budget_mb >= 0,
		.budget_mb = o->budget_mb,
		.sizes = o->no_size_guard || o->warn_chars >= 0,
		.warn_chars = o->no_size_guard ? 0 : o->warn_chars,
	};
}

static bool
used_pct(void *self, double *out)
{
	(void)self;
	return memory_used_here(out);
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
	launch_budget_hang(&l->budget, r);
	r->output_limit = l->set.output_limit_over;
	r->vault = output_vault(l->output);
	l->hands = (struct hands) { .sig = &l->sig,
		.kit = &l->kit,
		.due_ms = r->vault.due_ms,
		.tick = r->vault.settle,
		.tick_self = r->vault.self };
	r->actor = hands_actor(&l->hands);
	l->library = (struct launch_library) { &l->in, &l->secrets, &l->place,
		&l->hosts, l->set.durable };
	r->finder = launch_library(&l->library);
	l->breaker = (struct launch_breaker) { l->args, l->root, false };
	r->breaker = launch_breaker(&l->breaker);
	r->waits = l->o->wait;
	r->hosting = launch_hosts_hosting(&l->hosts);
	l->left = (struct launch_left) { .sig = &l->sig,
		.grace_ms = l->set.grace_ms };
	r->sweep = launch_left_sweep(&l->left);
	l->heir = (struct launch_heir) { .args = l->args,
		.run = r,
		.id = l->place.run,
		.cwd = l->cwd,
		.guard = &l->watch.guard,
		.life = l->sig.life };
	r->heir = launch_heir(&l->heir);
	r->gauge.used_pct = used_pct;
	r->guards = guards_of(l->o);
	r->sig = &l->sig;
	r->env = launch_env_of(l);
	r->direct = launch_env_plain(environ);
	r->mask = l->secrets.found.mask;
	r->withheld = l->secrets.withheld;
	r->path = l->path;
	r->cwd = l->cwd;
	launch_worktree_hang(&l->yard, l->place.run, r);
	launch_ears_hang(&l->ears, l->o, l->args, l->journal, &l->place);
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
		.hosts = launch_hosts_val(&l->hosts, l->a),
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
int
launch_cannot_create(const struct launch *l, struct err *e)
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

int
launch_engine(struct launch *l, struct err *e)
{
	l->sig.pause = pause_run;
	l->sig.pause_self = l;
	if (launch_guard_follow(&l->watch, e) < 0)
		return -1;
	spawn_kit_open(&l->kit);
	l->kit_set = true;
	if (open_run(l, e) < 0)
		return launch_cannot_create(l, e);
	hang(l);
	return go(l, e);
}
