/*
 * The list of commands, and of the words that are commands elsewhere or will
 * be here.  A loop whose name is one of them needs `run` before it.
 */
#include <string.h>

#include "base/auto.h"
#include "cmd/cmd.h"

const struct cmd *const cmd_table[] = {
	&cmd_run,
	&cmd_rerun,
	&cmd_resume,
	&cmd_queue,
	&cmd_validate,
	&cmd_list,
	&cmd_show,
	&cmd_status,
	&cmd_stop,
	&cmd_wait,
	&cmd_history,
	&cmd_cost,
	&cmd_config,
	&cmd_hosts,
	&cmd_fragments,
	&cmd_install,
	&cmd_logs,
	&cmd_prune,
	&cmd_fsck,
	&cmd_worktree,
	&cmd_mcp_call,
	&cmd_help,
	&cmd_version,
	NULL,
};

/* clang-format off */
const struct opt cmd_global_opts[] = {
	{ .type = OPT_TEXT, .name = "root", .arg = "DIR",
	  .help = "the project is DIR (default: nearest directory upward with .loops)",
	  .at = offsetof(struct globals, root) },
	{ .type = OPT_CHOICE, .name = "color", .arg = "WHEN",
	  .choices = "auto|always|never",
	  .help = "colours: auto (on a terminal), always, never",
	  .at = offsetof(struct globals, color) },
	{ .type = OPT_FLAG, .letter = 'h', .name = "help",
	  .help = "show help and leave",
	  .at = offsetof(struct globals, help) },
	{ .type = OPT_FLAG, .name = "version",
	  .help = "show the version and leave",
	  .at = offsetof(struct globals, version) },
};
const size_t cmd_global_count = COUNT(cmd_global_opts);

/* `why` NULL: not in this version yet. */
static const struct {
	const char *name, *alias, *why;
} absent[] = {
	{ "test", "t", NULL },
	{ "simulate", "sim", NULL },
	{ "monitor", NULL, NULL },
	{ "explain", NULL, NULL },
	{ "next-loop", NULL, "ll-loop does not choose loops; see 'list'" },
	{ "audit", NULL, "see 'history RUN --json'" },
	{ "audit-meta", NULL, "see 'history RUN --json'" },
	{ "edit-routes", NULL, "edit the loop file and 'validate' it" },
	{ "diagnose-evaluators", NULL, "see 'history RUN --json'" },
	{ "calibrate-budget", NULL, "set limits in the loop file" },
	{ "promote-baseline", NULL, "there are no baselines" },
	{ "scaffold-eval", NULL, "write the loop file by hand" },
	{ "scaffold-verify", NULL, "write the loop file by hand" },
};
/* clang-format on */

static bool
is_word(const char *word, const char *name, const char *alias)
{
	return strcmp(word, name) == 0 || (alias && strcmp(word, alias) == 0);
}

const struct cmd *
cmd_find(const char *word, struct err *e)
{
	for (size_t i = 0; cmd_table[i]; i++)
		if (is_word(word, cmd_table[i]->name, cmd_table[i]->alias))
			return cmd_table[i];
	for (size_t i = 0; i < COUNT(absent); i++) {
		if (!is_word(word, absent[i].name, absent[i].alias))
			continue;
		if (absent[i].why)
			err_set(e, ERR_USAGE, "there is no '%s': %s",
			    absent[i].name, absent[i].why);
		else
			err_set(e, ERR_USAGE,
			    "'%s' is not in this version yet; a loop of that "
			    "name starts with 'll-loop run %s'",
			    absent[i].name, word);
		break;
	}
	return NULL;
}
