/*
 * A list of acts, one undo.  Up to place() nothing is touched: faults of the
 * file and of the command line are told before a directory exists.  What was
 * taken is given back in reverse by undo(), whatever happened.
 */
#include "cmd/launch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/again.h"
#include "cmd/launch_env.h"
#include "cmd/launch_left.h"
#include "cmd/launch_library.h"
#include "cmd/launch_options.h"
#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"
#include "cmd/opened.h"
#include "cmd/piled.h"
#include "cmd/stream.h"
#include "engine/context.h"
#include "engine/drive.h"
#include "engine/hands.h"
#include "gate/ticket.h"
#include "loop/inputs.h"
#include "os/proc.h"
#include "os/spawn.h"
#include "show/jsonl.h"
#include "show/plain.h"
#include "show/plan.h"
#include "store/output.h"
#include "store/runs.h"

struct launch {
	const struct launch_opts *o;
	struct args *args;
	struct arena *a;
	const char *root, *cwd, *path;
	struct opened in;
	struct launch_secrets secrets;
	struct launch_values set;

	struct place_run place;
	struct ticket *ticket;
	struct journal *journal;
	struct output *output;
	struct plain *plain;
	struct jsonl *jsonl;
	struct sig sig;
	struct spawn_kit kit;
	bool sig_set; /* and kit */
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

static const struct val *
ticket_content(struct launch *l, const char *run)
{
	const char *parent = getenv("LL_RUN_ID");
	struct val *v = val_map(l->a);
	char boot[PROC_BOOT_ID];

	val_set(l->a, v, "v", val_int(l->a, 1));
	val_set(l->a, v, "run", val_text(l->a, run));
	val_set(l->a, v, "loop", val_text(l->a, l->in.loop->name));
	val_set(l->a, v, "phase", val_text(l->a, "running"));
	val_set(l->a, v, "scopes", l->in.loop->scope);
	val_set(l->a, v, "engine", val_int(l->a, getpid()));
	val_set(l->a, v, "engine_start",
	    val_int(l->a, (long long)proc_start_time(getpid())));
	if (proc_boot_id(boot))
		val_set(l->a, v, "boot_id", val_text(l->a, boot));
	if (parent)
		val_set(l->a, v, "parent", val_text(l->a, parent));
	return v;
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

/* The run directory, its sealed files, ticket, journal and vault. */
static int
place(struct launch *l, struct err *e)
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

	if (place_create(l->a, l->root, l->in.loop->name, &l->place, e) < 0 ||
	    opened_context(&l->in, l->place.dir, e) < 0 ||
	    launch_secrets_check(&l->secrets, &l->in, l->place.dir, e) < 0)
		return -1;
	launch_secrets_withhold(&l->secrets, &l->in);
	spec.inputs = context_short(l->a, l->in.context, &spec.long_inputs);
	spec.withheld = l->secrets.withheld;
	l->ticket = ticket_draw(
	    l->root, l->place.run, ticket_content(l, l->place.run), e);
	if (!l->ticket ||
	    runs_seal(l->a, &l->place, &spec, &seed, &base, e) < 0)
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

static const struct val *
start_fields(struct launch *l, struct err *e)
{
	struct val *v = val_map(l->a);
	char boot[PROC_BOOT_ID];

	val_set(l->a, v, "v", val_int(l->a, 1));
	val_set(l->a, v, "run", val_text(l->a, l->place.run));
	if (proc_boot_id(boot))
		val_set(l->a, v, "boot_id", val_text(l->a, boot));
	val_set(l->a, v, "loop", val_text(l->a, l->in.loop->name));
	val_set(l->a, v, "version", val_text(l->a, LL_VERSION));
	val_set(l->a, v, "pid", val_int(l->a, getpid()));
	val_set(l->a, v, "root", val_text(l->a, l->root));
	val_set(l->a, v, "cwd", val_text(l->a, l->cwd));
	val_set(l->a, v, "max_steps", val_int(l->a, run_max_steps(&l->run)));
	val_set(l->a, v, "max_iterations",
	    val_int(l->a, run_max_iterations(&l->run)));
	val_set(l->a, v, "backoff_ms", val_int(l->a, run_backoff_ms(&l->run)));
	val_set(l->a, v, "timeout_ms", val_int(l->a, run_timeout_ms(&l->run)));
	launch_secrets_fields(&l->secrets, l->a, v);
	if (context_put(l->a, &l->run.vault, l->in.context, v, e) < 0)
		return NULL;
	return v;
}

static int
go(struct launch *l, struct err *e)
{
	const struct val *start = start_fields(l, e);
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

static int
start(struct launch *l, struct err *e)
{
	spawn_close_inherited();
	stream_hurry(l->args->out);
	stream_hurry(l->args->said);
	if (sig_init(&l->sig, e) < 0)
		return -1;
	l->sig_set = true;
	spawn_kit_open(&l->kit);
	if (proc_become_reaper(e) < 0 || place(l, e) < 0) {
		if (e->kind == ERR_IO && l->journal == NULL)
			e->kind = ERR_CREATE;
		return -1;
	}
	hang(l);
	return go(l, e);
}

static void
undo(struct launch *l)
{
	hands_release(&l->hands);
	run_release(&l->run);
	plain_free(l->plain);
	jsonl_free(l->jsonl);
	output_free(l->output);
	journal_free(l->journal);
	if (l->place.dir && l->run.seq == 0)
		place_discard(&l->place);
	else if (l->place.dir)
		piled_note(l->args, &l->place, l->o->quiet);
	ticket_free(l->ticket);
	launch_left_release(&l->left);
	if (l->sig_set) {
		spawn_kit_release(&l->kit);
		sig_release(&l->sig);
	}
	opened_release(&l->in);
	secrets_release(&l->secrets.found);
}

static int
dry_run(struct launch *l)
{
	size_t from = l->args->out->buf.len;
	const struct plan plan = {
		.loop = l->in.loop,
		.context = l->in.context,
		.givers = l->in.started.givers,
		.max_steps = opened_max_steps(&l->in),
		.timeout_ms = l->set.timeout_ms >= 0 ? l->set.timeout_ms
						     : l->in.loop->timeout_ms,
	};

	if (l->o->json)
		plan_json(&l->args->out->buf, &plan);
	else
		plan_text(l->args->out, &plan);
	launch_secrets_hide_plan(
	    &l->secrets, l->a, &l->args->out->buf, from, l->o->json);
	return 0;
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
		return dry_run(l);
	}
	if (opened_preflight(&l->in, e) < 0 ||
	    launch_secrets_find(&l->secrets, &l->in, e) < 0 ||
	    need_bash(l, e) < 0)
		return -1;
	if (l->in.loop->scope && !l->o->quiet && !l->o->json)
		out_paintf(l->args->said, PAINT_DIM,
		    "'scope' is recorded, but overlapping runs are not kept "
		    "apart in this version\n");
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
	undo(&l);
	return rc;
}
