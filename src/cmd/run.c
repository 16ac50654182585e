/* `run`: the options that only it has; the work is launch()'s. */
#include "cmd/launch.h"
#include "cmd/launch_options.h"
#include "cmd/launch_settings.h"

#include "base/auto.h"

#define AT(member) offsetof(struct launch_opts, member)

/* clang-format off */
static const struct opt opts[] = {
	{ OPT_LIST, 0, "context", "KEY=VALUE",
	    "set a context variable; @FILE is that file's text, @@ a plain @",
	    AT(context), OPT_ACTED, "", "", 0, 0 },
	{ OPT_TEXT, 0, "program-md", "FILE",
	    "take context variables from this file, not .ll/program.md",
	    AT(program_md), OPT_ACTED, "", "", 0, 0 },
	{ OPT_WHOLE, 'n', "max-steps", "N",
	    "end after this many steps instead of the loop's max_steps",
	    AT(max_steps), OPT_ACTED, "", "", 1, 1e9 },
	{ OPT_WHOLE, 0, "max-iterations", "N",
	    "end after this many passes of a `maintain` loop",
	    AT(max_iterations), OPT_ACTED, "", "", 1, 1e9 },
	{ OPT_REAL, 0, "delay", "SECONDS",
	    "rest this long between steps instead of the loop's backoff",
	    AT(delay), OPT_ACTED, "", "", 0, 1e9 },
	{ OPT_REAL, 0, "timeout", "SECONDS",
	    "end when active for this long instead of the loop's timeout",
	    AT(timeout), OPT_ACTED, "", "", 0.001, 1e9 },
	{ OPT_SIZE, 0, "output-limit", "SIZE",
	    "keep this much of each stream of an action, such as 64M",
	    AT(output_limit), OPT_ACTED, "", "", 1, 1LL << 40 },
	{ OPT_FLAG, 0, "worktree", "",
	    "run in a git worktree of its own, on a branch of its own",
	    AT(worktree), OPT_ACTED, "", "", 0, 0 },
	{ OPT_TEXT, 0, "base", "REF",
	    "begin the worktree with this commit instead of HEAD",
	    AT(base), OPT_ACTED, "", "", 0, 0 },
	{ OPT_TEXT, 0, "branch", "NAME",
	    "name the worktree's branch; it must be new",
	    AT(branch), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "qt", "", "the same as --quiet",
	    AT(quiet), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "builtin", "", "look only among the shipped loops",
	    AT(builtin), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "lenient", "", "unknown keys are only warned about",
	    AT(lenient), OPT_ACTED, "", "", 0, 0 },
	{ OPT_LIST, 0, "ignore", "KEY",
	    "run although this key is not acted on yet; may be given again",
	    AT(ignore), OPT_ACTED, "", "", 0, 0 },

	{ OPT_FLAG, 0, "show-diagrams", "", "draw the loop", 0, OPT_IDLE,
	    "this version draws no diagrams", "", 0, 0 },
	{ OPT_FLAG, 0, "clear", "", "clear the screen per state", 0,
	    OPT_IDLE, "this version prints line by line", "", 0, 0 },
	{ OPT_TEXT, 0, "instance-id", "ID", "name the run", 0, OPT_REFUSED,
	    "every run gets an id of its own", "", 0, 0 },
	{ OPT_FLAG, 0, "baseline", "", "compare with no loop", 0,
	    OPT_REFUSED, "it is not built", "", 0, 0 },
	{ OPT_TEXT, 0, "baseline-skill", "S", "what to compare with", 0,
	    OPT_REFUSED, "it is not built", "", 0, 0 },
	{ OPT_TEXT, 0, "items", "N", "how often to compare", 0, OPT_REFUSED,
	    "it is not built", "", 0, 0 },
	{ OPT_FLAG, 0, "cross-host", "", "compare hosts", 0, OPT_REFUSED,
	    "it is not built", "", 0, 0 },
};
/* clang-format on */

static int
run(const void *given, struct args *args, struct err *e)
{
	struct launch_opts go = *(const struct launch_opts *)given;

	launch_screen(args->settings, &go);
	if (!go.worktree && (go.base || go.branch))
		return err_set(e, ERR_USAGE, "'--%s' needs '--worktree'",
		    go.base ? "base" : "branch");
	go.word = args->at[0];
	go.input = args->n > 1 ? args->at[1] : NULL;
	return launch(&go, args, e);
}

const struct cmd cmd_run = {
	.name = "run",
	.alias = "r",
	.usage = "[options] LOOP [INPUT]",
	.summary = "run a loop",
	.more = "INPUT becomes the context variable that the loop's "
		"input_key names; of a\nJSON object the keys that the loop "
		"knows become variables.  `-` reads INPUT\nfrom standard "
		"input.",
	.opts = opts,
	.nopts = COUNT(opts),
	.also = { &launch_rows_begins, &launch_rows_agents,
	    &launch_rows_shown },
	.opts_size = sizeof(struct launch_opts),
	.init = &launch_opts_none,
	.min = 1,
	.max = 2,
	.needs = NEEDS_SETTINGS,
	.lossy = true,
	.run = run,
};
