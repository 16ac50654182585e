/*
 * rerun: the loop of an earlier run, as it was sealed then, with the inputs
 * it had; the project's files of today are not looked at.  The work is
 * launch()'s.
 */
#include "base/auto.h"
#include "cmd/again.h"
#include "cmd/launch.h"
#include "cmd/launch_options.h"
#include "cmd/report.h"

#define AT(member) offsetof(struct launch_opts, member)

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_LIST, .name = "context", .arg = "KEY=VALUE",
	  .help = "give a value again that the run withheld; as for run",
	  .at = AT(context) },
	{ .type = OPT_FLAG, .letter = 'q', .name = "queue",
	  .help = "wait until no earlier run has what this one claims",
	  .at = AT(queue) },
	{ .type = OPT_REAL, .name = "queue-timeout", .arg = "SECONDS",
	  .help = "the same, and give up after this long",
	  .at = AT(queue_timeout), .max = 1e9 },
	{ .type = OPT_FLAG, .name = "no-lock",
	  .help = "claim nothing, whatever others have",
	  .at = AT(no_lock) },
	{ .type = OPT_FLAG, .name = "dry-run",
	  .help = "show what would run, and run nothing",
	  .at = AT(dry_run) },
	{ .type = OPT_FLAG, .name = "wait",
	  .help = "wait until a quota is filled again; as for run",
	  .at = AT(wait) },
	{ .type = OPT_REAL, .name = "max-cost", .arg = "USD",
	  .help = "ask no agent any more when this much is spent",
	  .min = 0, .max = 1e9, .at = AT(max_cost) },
	{ .type = OPT_REAL, .name = "max-time", .arg = "SECONDS",
	  .help = "end when active for this long, as limits.wall",
	  .min = 0.001, .max = 1e9, .at = AT(max_time) },
	{ .type = OPT_TEXT, .name = "cost-output-json", .arg = "FILE",
	  .help = "write what each state cost to this file",
	  .at = AT(cost_file) },
	{ .type = OPT_FLAG, .name = "quiet",
	  .help = "show nothing but complaints",
	  .at = AT(quiet) },
	{ .type = OPT_FLAG, .letter = 'v', .name = "verbose",
	  .help = "show actions in full",
	  .at = AT(verbose) },
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print each event as a line of JSON instead",
	  .at = AT(json) },
	{ .type = OPT_FLAG, .letter = 'b', .name = "background",
	  .help = "leave the terminal when the run has begun, and print its id",
	  .at = AT(background) },
	{ .type = OPT_FLAG, .letter = 'f', .name = "follow",
	  .help = "with --background: show the run, without holding it",
	  .at = AT(follow) },
};
/* clang-format on */

static const struct launch_opts initial = {
	.max_steps = -1,
	.max_iterations = -1,
	.delay = -1,
	.timeout = -1,
	.max_cost = -1,
	.max_time = -1,
	.queue_timeout = -1,
	.output_limit = -1,
	.budget_mb = -1,
	.warn_chars = -1,
};

static int
run(const void *given, struct args *a, struct err *e)
{
	struct launch_opts go = *(const struct launch_opts *)given;
	const char *root = cmd_root(a), *name;
	struct again g;
	int rc = -1;

	if (report_pick(a, root, a->at[0], &name, e) < 0 ||
	    again_read(a, name, &g, e) < 0)
		return -1;
	launch_options_read(a->mem, g.options, &go);
	launch_options_keep(given, &go);
	launch_screen(a->settings, &go);
	go.word = g.word;
	go.again = &g;
	if (again_from_here(a, &go.context, e) == 0 &&
	    again_go(a, &g, go.quiet || go.json, e) == 0)
		rc = launch(&go, a, e);
	again_release(&g);
	return rc;
}

const struct cmd cmd_rerun = {
	.name = "rerun",
	.usage = "[options] RUN | LOOP",
	.summary = "run the loop of a run again, as it was then",
	.more = "LOOP means its newest run.  The loop is made of the files "
		"that the run has\nsealed, its context and options are the "
		"run's, and it runs where that ran.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct launch_opts),
	.init = &initial,
	.min = 1,
	.max = 1,
	.needs = NEEDS_SETTINGS,
	.lossy = true,
	.run = run,
};
