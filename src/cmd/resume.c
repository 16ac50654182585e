/*
 * resume: go on with a run that was stopped, killed or parked, where it
 * stood.  Which run that is, and whether it may, is decided here; the work is
 * launch()'s.
 */
#include <limits.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/again.h"
#include "cmd/launch.h"
#include "cmd/launch_options.h"
#include "cmd/report.h"

#define AT(member) offsetof(struct launch_opts, member)

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_LIST, .name = "context", .arg = "KEY=VALUE",
	  .help = "change a variable, or give a secret again; as for run",
	  .at = AT(context) },
	{ .type = OPT_TEXT, .name = "from", .arg = "STATE",
	  .help = "go on in this state of the loop",
	  .at = AT(from) },
	{ .type = OPT_FLAG, .name = "skip",
	  .help = "go on behind the state in which the run stands",
	  .at = AT(skip) },
	{ .type = OPT_FLAG, .name = "accept-changed",
	  .help = "take the loop's files as they are now",
	  .at = AT(accept_changed) },
	{ .type = OPT_WHOLE, .letter = 'n', .name = "max-steps", .arg = "N",
	  .help = "end after this many steps in all, from now on",
	  .min = 1, .max = 1e9, .at = AT(max_steps) },
	{ .type = OPT_WHOLE, .name = "max-iterations", .arg = "N",
	  .help = "end after this many passes in all, from now on",
	  .min = 1, .max = 1e9, .at = AT(max_iterations) },
	{ .type = OPT_REAL, .name = "timeout", .arg = "SECONDS",
	  .help = "end when active for this long in all, from now on",
	  .min = 0.001, .max = 1e9, .at = AT(timeout) },
	{ .type = OPT_REAL, .name = "delay", .arg = "SECONDS",
	  .help = "rest between steps, instead of what the run was told",
	  .min = 0, .max = 1e9, .at = AT(delay) },
};
/* clang-format on */

/* ---- which run ---- */

static int
refuse_ended(const struct run_brief *b, struct err *e)
{
	return err_set(e, ERR_USAGE,
	    "run '%s' has ended (%s) and cannot be resumed; 'll-loop rerun "
	    "%s' begins again",
	    b->run, val_str(b->end, "terminated_by", "?"), b->run);
}

static bool
is_resumable(const struct val *end)
{
	const struct val *v = val_get(end, "resumable");

	return !v || v->kind != VAL_BOOL || v->b;
}

static bool
is_corrupt(struct args *a, const char *root, const char *run)
{
	struct err ignored = ERR_INIT;
	struct run_info info;
	bool corrupt;

	if (report_open(a, root, run, &info, &ignored) < 0)
		return false;
	corrupt = info.end.state == JOURNAL_CORRUPT;
	run_info_release(&info);
	return corrupt;
}

/* Killed before its first record: there is nothing to go on with. */
static bool
is_blank(struct args *a, const char *root, const char *run)
{
	struct err ignored = ERR_INIT;
	struct run_info info;
	bool blank;

	if (report_open(a, root, run, &info, &ignored) < 0)
		return true;
	blank = info.blank ||
	    (info.end.records == 0 && info.end.state != JOURNAL_CORRUPT &&
		!info.unreadable);
	run_info_release(&info);
	return blank;
}

/* 1: it may go on; 0: it has ended, or never began; -1 and *e: it lives. */
static int
may_go_on(struct args *a, const char *root, const char *run,
    struct run_brief *b, struct err *e)
{
	if (report_busy(a, root, run, LLONG_MAX, e) < 0)
		return -1;
	runs_brief(a->mem, root, run, b);
	if (b->why)
		return !is_blank(a, root, run);
	return !b->end || is_resumable(b->end);
}

static int
pick_one(struct args *a, const char *root, const char *run, struct err *e)
{
	struct run_brief b;
	int may = may_go_on(a, root, run, &b, e);

	if (may != 0)
		return may < 0 ? -1 : 0;
	/* Behind a fault its end says nothing, which is told with the rest. */
	if (b.end)
		return is_corrupt(a, root, run) ? 0 : refuse_ended(&b, e);
	return err_set(e, ERR_USAGE,
	    "run '%s' was ended before its first record; there is nothing to "
	    "resume",
	    run);
}

/* The newest that may go on; while the newest of all lives, none. */
static int
pick_newest(struct args *a, const char *root, const struct run_names *all,
    const char **run, struct err *e)
{
	for (size_t i = all->n; i > 0; i--) {
		struct run_brief b;
		int may = may_go_on(a, root, all->at[i - 1], &b, e);

		if (may < 0)
			return -1;
		*run = all->at[i - 1];
		if (may)
			return 0;
	}
	return pick_one(a, root, all->at[all->n - 1], e);
}

static int
pick(struct args *a, const char *root, const char **run, struct err *e)
{
	const char *word = a->at[0];
	struct run_names all;

	if (report_pick(a, root, word, run, e) < 0)
		return -1;
	if (word && strcmp(*run, word) == 0)
		return pick_one(a, root, *run, e);
	if (report_runs(a, root, word, &all, e) < 0)
		return -1;
	return pick_newest(a, root, &all, run, e);
}

/* ---- the command ---- */

/* What was said now is stronger than what was said then. */
static void
take_options(struct args *a, const struct again *g, struct launch_opts *go)
{
	const struct launch_opts now = *go;

	launch_options_read(a->mem, g->options, go);
	launch_options_read(a->mem, g->raised, go);
	launch_options_keep(a->mem, &now, go);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	struct launch_opts go = *(const struct launch_opts *)given;
	const char *root = cmd_root(a), *name;
	struct again g;
	int rc = -1;

	if (pick(a, root, &name, e) < 0 || again_read_on(a, name, &g, e) < 0)
		return -1;
	take_options(a, &g, &go);
	launch_screen(a->settings, &go);
	go.word = g.word;
	go.again = &g;
	if (again_from_here(a, &go.context, e) == 0 &&
	    again_go(a, &g, go.quiet || go.json, e) == 0)
		rc = launch(&go, a, e);
	again_release(&g);
	return rc;
}

const struct cmd cmd_resume = {
	.name = "resume",
	.alias = "res",
	.usage = "[options] [RUN | LOOP]",
	.summary = "go on with a run where it stood",
	.more = "LOOP means its newest run that can be resumed; without a "
		"word, that of the project.\nA run that has reached a terminal "
		"cannot be resumed.",
	.opts = opts,
	.nopts = COUNT(opts),
	.also = { &launch_rows_agents, &launch_rows_shown },
	.opts_size = sizeof(struct launch_opts),
	.init = &launch_opts_none,
	.max = 1,
	.needs = NEEDS_SETTINGS,
	.lossy = true,
	.run = run,
};
