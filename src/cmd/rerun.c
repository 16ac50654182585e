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
};
/* clang-format on */

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
	launch_options_keep(a->mem, given, &go);
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
	.also = { &launch_rows_begins, &launch_rows_shown },
	.opts_size = sizeof(struct launch_opts),
	.init = &launch_opts_none,
	.min = 1,
	.max = 1,
	.needs = NEEDS_SETTINGS,
	.lossy = true,
	.run = run,
};
