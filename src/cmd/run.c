/* `run`: its options, one row each; the work is launch()'s. */
#include "cmd/launch.h"
#include "cmd/launch_settings.h"

#include "base/auto.h"

struct run_opts {
	struct launch_opts go;
	bool quiet_too;
};

#define AT(member) offsetof(struct run_opts, go.member)

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
	{ OPT_REAL, 0, "max-cost", "USD",
	    "ask no agent any more when this much is spent",
	    AT(max_cost), OPT_ACTED, "", "", 0, 1e9 },
	{ OPT_REAL, 0, "max-time", "SECONDS",
	    "the same as --timeout, as limits.wall of the loop",
	    AT(max_time), OPT_ACTED, "", "", 0.001, 1e9 },
	{ OPT_TEXT, 0, "cost-output-json", "FILE",
	    "write what each state cost to this file",
	    AT(cost_file), OPT_ACTED, "", "", 0, 0 },
	{ OPT_SIZE, 0, "output-limit", "SIZE",
	    "keep this much of each stream of an action, such as 64M",
	    AT(output_limit), OPT_ACTED, "", "", 1, 1LL << 40 },
	{ OPT_TEXT, 0, "model", "MODEL",
	    "the model of prompts whose state names none",
	    AT(model), OPT_ACTED, "", "", 0, 0 },
	{ OPT_TEXT, 0, "effort", "LEVEL",
	    "the effort of prompts whose state names none",
	    AT(effort), OPT_ACTED, "", "", 0, 0 },
	{ OPT_TEXT, 0, "llm-model", "MODEL",
	    "the model of judges whose state names none",
	    AT(llm_model), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "no-llm", "",
	    "ask no agent: a state that needs one is an error",
	    AT(no_llm), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "worktree", "",
	    "run in a git worktree of its own, on a branch of its own",
	    AT(worktree), OPT_ACTED, "", "", 0, 0 },
	{ OPT_TEXT, 0, "base", "REF",
	    "begin the worktree with this commit instead of HEAD",
	    AT(base), OPT_ACTED, "", "", 0, 0 },
	{ OPT_TEXT, 0, "branch", "NAME",
	    "name the worktree's branch; it must be new",
	    AT(branch), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 'q', "queue", "",
	    "wait until no earlier run has what this one claims",
	    AT(queue), OPT_ACTED, "", "", 0, 0 },
	{ OPT_REAL, 0, "queue-timeout", "SECONDS",
	    "the same, and give up after this long",
	    AT(queue_timeout), OPT_ACTED, "", "", 0, 1e9 },
	{ OPT_FLAG, 0, "no-lock", "",
	    "claim nothing, whatever others have",
	    AT(no_lock), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "wait", "",
	    "wait until a quota is filled again, instead of parking the run",
	    AT(wait), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "dry-run", "",
	    "show what would run, and run nothing",
	    AT(dry_run), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "quiet", "", "show nothing but complaints",
	    AT(quiet), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "qt", "", "the same as --quiet",
	    offsetof(struct run_opts, quiet_too), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 'v', "verbose", "", "show actions in full",
	    AT(verbose), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "json", "",
	    "print each event as a line of JSON instead",
	    AT(json), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 'b', "background", "",
	    "leave the terminal when the run has begun, and print its id",
	    AT(background), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 'f', "follow", "",
	    "with --background: show the run, without holding it",
	    AT(follow), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "builtin", "", "look only among the shipped loops",
	    AT(builtin), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "lenient", "", "unknown keys are only warned about",
	    AT(lenient), OPT_ACTED, "", "", 0, 0 },
	{ OPT_LIST, 0, "ignore", "KEY",
	    "run although this key is not acted on yet; may be given again",
	    AT(ignore), OPT_ACTED, "", "", 0, 0 },
	{ OPT_FLAG, 0, "no-host-guard", "",
	    "ask agents however little memory there is",
	    AT(no_host_guard), OPT_ACTED, "", "", 0, 0 },
	{ OPT_WHOLE, 0, "host-guard-budget-mb", "N",
	    "how much memory all actions may use; 0 is no bound",
	    AT(budget_mb), OPT_ACTED, "", "", 0, 1e9 },
	{ OPT_FLAG, 0, "no-prompt-size-guard", "",
	    "tell nothing about long actions",
	    AT(no_size_guard), OPT_ACTED, "", "", 0, 0 },
	{ OPT_WHOLE, 0, "prompt-size-warn-chars", "N",
	    "tell of actions of at least so many characters; 0 is never",
	    AT(warn_chars), OPT_ACTED, "", "", 0, 1e9 },
	{ OPT_WHOLE, 0, "handoff-threshold", "N",
	    "tell actions at which per cent of a context to hand over",
	    AT(handoff_threshold), OPT_ACTED, "", "", 1, 100 },
	{ OPT_WHOLE, 0, "context-limit", "N",
	    "tell actions how many tokens a context has",
	    AT(context_limit), OPT_ACTED, "", "", 1, 1e9 },

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

static const struct run_opts initial = {
	.go = { .max_steps = -1,
	    .max_iterations = -1,
	    .delay = -1,
	    .timeout = -1,
	    .max_cost = -1,
	    .max_time = -1,
	    .queue_timeout = -1,
	    .output_limit = -1,
	    .budget_mb = -1,
	    .warn_chars = -1 },
};

static int
run(const void *given, struct args *args, struct err *e)
{
	const struct run_opts *o = given;
	struct launch_opts go = o->go;

	go.quiet = o->go.quiet || o->quiet_too;
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
	.opts_size = sizeof(struct run_opts),
	.init = &initial,
	.min = 1,
	.max = 2,
	.needs = NEEDS_SETTINGS,
	.lossy = true,
	.run = run,
};
