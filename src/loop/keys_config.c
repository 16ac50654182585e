/*
 * The keys of .loops/config.yaml and of the user's config.yaml, in the order
 * in which `config` shows them.
 */
#include "loop/keys_row.h"

#define DAY 86400

static const struct key keys_configuration_rows[] = {
	WORD("durability", KEY_ACTED, "sync|process", "sync",
	    "Whether records are forced to the disk."),
	NUM("queue_timeout", KT_SECONDS, KEY_ACTED, 0, MAX_COUNT, "86400",
	    "How long a run waits for those before it."),
	NUM("grace", KT_SECONDS, KEY_ACTED, 0, DAY, "5",
	    "How long processes have between the signals TERM and KILL."),
	NUM("output_limit", KT_SIZE, KEY_ACTED, 1, MAX_SIZE, "64 MiB",
	    "How much of each stream of an action is kept."),
	PART("limits", KT_OBJECT, KEY_ACTED, "configuration.limits",
	    "Bounds on what a run may spend."),
	ROW("host", KT_TEXT, KEY_ACTED, "", "The host that runs prompts."),
	PART("worktree", KT_OBJECT, KEY_ACTED, "worktree",
	    "Where and how worktrees are made."),
	PART("run_defaults", KT_OBJECT, KEY_ACTED, "run_defaults",
	    "Options of run that hold when they are not given."),
	WORD("color", KEY_ACTED, "auto|always|never", "auto",
	    "When colours are used."),
	ROW("secrets", KT_TEXTS, KEY_ACTED, "[]",
	    "Context variables and environment names whose values are never "
	    "shown."),
	ROW("on_end", KT_SHELL, KEY_ACTED, "",
	    "A command to run when a run has ended."),
};

TABLE(keys_configuration, "configuration");

static const struct key keys_spending_rows[] = {
	NUM("disk", KT_SIZE, KEY_ACTED, 1, MAX_SIZE, "1 GiB",
	    "Bytes in the files of a run."),
	NUM("steps", KT_INT, KEY_ACTED, 1, MAX_COUNT, "", "Steps."),
	NUM("wall", KT_SECONDS, KEY_ACTED, MIN_SECONDS, MAX_COUNT, "",
	    "Active time."),
	NUM("agent_calls", KT_INT, KEY_ACTED, 0, MAX_COUNT, "",
	    "Calls of agents."),
	NUM("tokens", KT_INT, KEY_ACTED, 0, 1e15, "", "Tokens."),
	NUM("usd", KT_NUMBER, KEY_ACTED, 0, MAX_COUNT, "",
	    "US dollars for a run."),
	NUM("usd_per_day", KT_NUMBER, KEY_ACTED, 0, MAX_COUNT, "",
	    "US dollars for a day."),
};

TABLE(keys_spending, "configuration.limits");

static const struct key keys_run_defaults_rows[] = {
	NUM("delay", KT_SECONDS, KEY_ACTED, 0, MAX_COUNT, "0",
	    "The rest between steps of loops that have no backoff."),
	ROW("quiet", KT_BOOL, KEY_ACTED, "false",
	    "Show nothing but complaints."),
	ROW("verbose", KT_BOOL, KEY_ACTED, "false", "Show actions in full."),
};

TABLE(keys_run_defaults, "run_defaults");

static const struct key keys_worktree_rows[] = {
	ROW("base", KT_TEXT, KEY_ACTED, ".worktrees",
	    "The directory that worktrees are made in."),
	ROW("copy_files", KT_TEXTS, KEY_ACTED, "[]",
	    "Files and directories that git does not know and a worktree "
	    "needs."),
	ROW("link_files", KT_TEXTS, KEY_ACTED, "[]",
	    "The same, but a worktree gets links to them."),
};

TABLE(keys_worktree, "worktree");
