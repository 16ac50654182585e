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
#include "cmd/again.h"
#include "cmd/launch_env.h"
#include "cmd/launch_gate.h"
#include "cmd/launch_guard.h"
#include "cmd/launch_left.h"
#include "cmd/launch_library.h"
#include "cmd/launch_options.h"
#include "cmd/launch_plan.h"
#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"
#include "cmd/launch_start.h"
#include "cmd/opened.h"
#include "cmd/piled.h"
#include "cmd/stream.h"
#include "engine/context.h"
#include "engine/drive.h"
#include "engine/hands.h"
#include "loop/inputs.h"
#include "os/spawn.h"
#include "show/jsonl.h"
#include "show/plain.h"
#include "store/output.h"
#include "store/runs.h"

enum { NOTHING_RAN = 64, NOTHING_RAN_MAX = 78 }; /* exit statuses */

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
	struct plain *plain;
	struct jsonl *jsonl;
	struct sig sig;
	struct spawn_kit kit;
	bool sig_set, kit_set;
	struct launch_left left;
	struct hands hands;
	struct launch_library library;
	struct run run;
	struct sink sinks[2];
};

static int
need_bash(struct launch *l, struct err *e)
{
	l->path = getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin";
	l->run.bash = spawn_find(l->a, "bash", l->path);
	if (!l->run.bash)
		return err_set(
		    e, ERR_NEED, "bash is not on PATH; actions need it");
	return 0;
}

/* ---- what must be given back ---- */

/* The run directory and the turn; as launch_gate(). */
static int
claim(struct launch *l, struct err *e)
{
	const struct val *real;
	int rc;

	if (place_create(l->a, l->root, l->in.loop->name, &l->place, e) < 0 ||
	    opened_context(&l->in, l->place.dir, e) < 0 ||
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
	};
	rc = launch_gate(&l->gate, e);
	l->watch.turn = l->gate.turn;
	return rc;
}

static struct output *
output_of(const struct launch *l)
{
	return output_new(&(struct output_opts) { .dir = l->place.output,
	    .limit = l->set.output_limit,
	    .disk = l->set.disk,
	    .durable = l->set.durable,
	    .journal = l->journal });
}

/* The sealed files, journal and vault. */
static int
record(struct launch *l, struct err *e)
{
	struct run_spec spec = {
		.loop_name = l->in.loop->name,
		.loop_file = l->in.found.path,
		.version = LL_VERSION,
		.cwd = l->cwd,
		.argv = launch_secrets_argv(&l->secrets, l->a, l->args->argv),
		.files = l->in.files.at,
		.nfiles = l->in.files.n,
		.words = l->in.files.words,
		.nwords = l->in.files.nwords,
		.options = launch_options_val(l->a, l->o, &l->set),
		.durable = l->set.durable,
	};
	struct unsynced base;
	uint64_t seed;

	spec.inputs = context_short(l->a, l->in.context, &spec.long_inputs);
	spec.withheld = l->secrets.withheld;
	if (runs_seal(l->a, &l->place, &spec, &seed, &base, e) < 0)
		return -1;
	l->journal = journal_create(l->place.journal, seed, l->set.durable, e);
	journal_stand_on(l->journal, &base);
	if (!l->journal)
		return -1;
	l->output = output_of(l);
	return 0;
}

static int
hear_journal(void *self, const struct event *ev, struct err *e)
{
	return journal_append(self, ev, e);
}

static void
hang_screen(struct launch *l)
{
	struct run *r = &l->run;

	l->sinks[r->nsinks++] =
	    (struct sink) { .hear = hear_journal, .self = l->journal };
	if (l->o->json) {
		l->jsonl = jsonl_new(l->args->out);
		l->sinks[r->nsinks++] = jsonl_sink(l->jsonl);
	} else if (!l->o->quiet) {
		const struct plain_opts how = {
			.out = l->args->out,
			.verbose = l->o->verbose,
		};

		l->plain = plain_new(&how);
		l->sinks[r->nsinks++] = plain_sink(l->plain);
	}
	r->sinks = l->sinks;
}

/* Hang everything into the engine's seams. */
static void
hang(struct launch *l)
{
	const char *const set[][2] = {
		{ "LL_RUN_ID", l->place.run },
		{ "LL_RUN_DIR", l->place.dir },
		{ "LL_ROOT", l->root },
		{ "LL_LOOP", l->in.loop->name },
	};
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
	r->env = launch_env(l->a, environ, set, COUNT(set));
	r->direct = launch_env_plain(environ);
	r->mask = l->secrets.found.mask;
	r->withheld = l->secrets.withheld;
	r->path = l->path;
	r->cwd = l->cwd;
	hang_screen(l);
}

static int
go(struct launch *l, struct err *e)
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
	const struct frame *f;
	struct err late = ERR_INIT;
	int rc = start ? drive(&l->run, start, e) : -1;

	/* The first reason is the one that is told. */
	if (start && journal_sync(l->journal, rc < 0 ? &late : e) < 0)
		rc = -1;
	if (rc == 0)
		return (int)val_num(l->run.point.end.v, "exit", 70);
	f = point_bottom(&l->run.point);
	if (!f || f->steps == 0)
		return -1;
	/* Something ran, so it is no "nothing ran" status: told here, the
	 * status says that no terminal was reached. */
	secrets_hide_err(&l->secrets.found, e);
	cmd_complain(l->args, "%s", e->msg);
	return 1;
}

/* What cannot be written before there is a journal is no run. */
static int
cannot_create(const struct launch *l, struct err *e)
{
	if (e->kind == ERR_IO && l->journal == NULL)
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
	if (record(l, e) < 0)
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

static void
undo(struct launch *l, int status)
{
	hands_release(&l->hands);
	run_release(&l->run);
	plain_free(l->plain);
	jsonl_free(l->jsonl);
	output_free(l->output);
	journal_free(l->journal);
	if (l->run.seq > 0)
		piled_note(l->args, &l->place, l->o->quiet);
	else if (l->place.dir && launch_guard_owns(&l->watch) &&
	    nothing_ran(l, status))
		place_discard(&l->place);
	launch_guard_release(&l->watch);
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
	if (opened_load(&l->in, e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0)
		return -1;
	l->set = launch_settings(l->args, l->o, l->in.loop);
	if (l->o->dry_run) {
		if (opened_allowed(&l->in, e) < 0 ||
		    opened_context(&l->in, "", e) < 0 ||
		    launch_secrets_find(&l->secrets, &l->in, e) < 0)
			return -1;
		launch_secrets_withhold(&l->secrets, &l->in);
		launch_plan(&l->in, &l->secrets, &l->set);
		return 0;
	}
	if (opened_preflight(&l->in, e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0 ||
	    need_bash(l, e) < 0)
		return -1;
	launch_say_later(l->args, l->o);
	out_flush(l->args->said);
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
