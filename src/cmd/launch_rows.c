/*
 * The options that run, rerun and resume have in common: a row each, here and
 * nowhere else, so that one word means one thing.
 */
#include "cmd/launch_options.h"
#include "cmd/opt.h"

#include "base/auto.h"

#define AT(member) offsetof(struct launch_opts, member)

/* clang-format off */
static const struct opt shown[] = {
	{ .type = OPT_REAL, .name = "max-cost", .arg = "USD",
	  .help = "ask no agent any more when this much is spent",
	  .min = 0, .max = 1e9, .at = AT(max_cost) },
	{ .type = OPT_REAL, .name = "max-time", .arg = "SECONDS",
	  .help = "end when active for this long, as limits.wall",
	  .min = 0.001, .max = 1e9, .at = AT(max_time) },
	{ .type = OPT_TEXT, .name = "cost-output-json", .arg = "FILE",
	  .help = "write what each state cost to this file",
	  .at = AT(cost_file) },
	{ .type = OPT_FLAG, .name = "wait",
	  .help = "wait until a quota is filled again, instead of parking",
	  .at = AT(wait) },
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
	  .help = "leave the terminal when it has begun, and print its id",
	  .at = AT(background) },
	{ .type = OPT_FLAG, .letter = 'f', .name = "follow",
	  .help = "with --background: show the run, without holding it",
	  .at = AT(follow) },
};

static const struct opt begins[] = {
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
};

static const struct opt agents[] = {
	{ .type = OPT_TEXT, .name = "model", .arg = "MODEL",
	  .help = "the model of prompts whose state names none",
	  .at = AT(model) },
	{ .type = OPT_TEXT, .name = "effort", .arg = "LEVEL",
	  .help = "the effort of prompts whose state names none",
	  .at = AT(effort) },
	{ .type = OPT_TEXT, .name = "llm-model", .arg = "MODEL",
	  .help = "the model of judges whose state names none",
	  .at = AT(llm_model) },
	{ .type = OPT_FLAG, .name = "no-llm",
	  .help = "ask no agent: a state that needs one is an error",
	  .at = AT(no_llm) },
	{ .type = OPT_FLAG, .name = "no-host-guard",
	  .help = "ask agents however little memory there is",
	  .at = AT(no_host_guard) },
	{ .type = OPT_WHOLE, .name = "host-guard-budget-mb", .arg = "N",
	  .help = "how much memory all actions may use; 0 is no bound",
	  .min = 0, .max = 1e9, .at = AT(budget_mb) },
	{ .type = OPT_FLAG, .name = "no-prompt-size-guard",
	  .help = "tell nothing about long actions",
	  .at = AT(no_size_guard) },
	{ .type = OPT_WHOLE, .name = "prompt-size-warn-chars", .arg = "N",
	  .help = "tell of actions of at least so many characters; 0 is never",
	  .min = 0, .max = 1e9, .at = AT(warn_chars) },
	{ .type = OPT_WHOLE, .name = "handoff-threshold", .arg = "N",
	  .help = "tell actions at which per cent of a context to hand over",
	  .min = 1, .max = 100, .at = AT(handoff_threshold) },
	{ .type = OPT_WHOLE, .name = "context-limit", .arg = "N",
	  .help = "tell actions how many tokens a context has",
	  .min = 1, .max = 1e9, .at = AT(context_limit) },
};
/* clang-format on */

const struct cmd_opts launch_rows_shown = { shown, COUNT(shown) };
const struct cmd_opts launch_rows_begins = { begins, COUNT(begins) };
const struct cmd_opts launch_rows_agents = { agents, COUNT(agents) };

const struct launch_opts launch_opts_none = {
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
