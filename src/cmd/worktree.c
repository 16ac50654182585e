/*
 * worktree: what runs have left in the repository, brought back or cleared
 * away.  gc only prints unless it is told to act; who lives is not touched,
 * and what is not kept yet is kept first.
 */
#include <string.h>

#include "base/auto.h"
#include "cmd/report.h"
#include "cmd/worktree_gc.h"
#include "show/table.h"
#include "text/json.h"

struct worktree_opts {
	bool json, apply;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .name = "apply",
	  .help = "gc: do what it says",
	  .at = offsetof(struct worktree_opts, apply) },
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "list: print a JSON object",
	  .at = offsetof(struct worktree_opts, json) },
};
/* clang-format on */

static int
list(const struct worktree_opts *o, struct args *a, struct err *e)
{
	struct worktree_all all;

	if (a->n > 1)
		return err_set(
		    e, ERR_USAGE, "'worktree list' takes no more words");
	if (worktree_all_read(a, &all, e) < 0)
		return -1;
	if (o->json) {
		json_write(&a->out->buf, worktree_all_val(&all), JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else {
		worktree_all_say(&all);
	}
	return 0;
}

static bool
is_run(struct args *a, const char *word)
{
	struct run_info info;
	struct err unused = ERR_INIT;
	bool is = report_open(a, cmd_root(a), word, &info, &unused) == 0;

	if (is)
		run_info_release(&info);
	return is;
}

/* RUN@STEP; a RUN may have such a sign too. */
static int
split(struct args *a, const char *word, const char **name, const char **step,
    struct err *e)
{
	const char *at = strrchr(word, '@');
	bool digits =
	    at && at[1] && strspn(at + 1, "0123456789.") == strlen(at + 1);

	*step = NULL;
	*name = word;
	if (!at || (!digits && is_run(a, word)))
		return 0;
	*name = arena_dup(a->mem, word, (size_t)(at - word));
	*step = at + 1;
	if (!digits)
		return err_set(e, ERR_USAGE,
		    "'%s' is no step: RUN@3, or RUN@3.2 inside what it called",
		    word);
	return 0;
}

static int
restore(const struct worktree_opts *o, struct args *a, struct err *e)
{
	const char *name, *step;

	(void)o;
	if (a->n < 2)
		return err_set(
		    e, ERR_USAGE, "'worktree restore' needs RUN or RUN@STEP");
	if (split(a, a->at[1], &name, &step, e) < 0)
		return -1;
	return worktree_bring_back(
	    a, name, step, a->n > 2 ? a->at[2] : NULL, e);
}

static int
gc(const struct worktree_opts *o, struct args *a, struct err *e)
{
	if (a->n > 1)
		return err_set(
		    e, ERR_USAGE, "'worktree gc' takes no more words");
	return worktree_gc(a, o->apply, e);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	static const struct {
		const char *word;
		int (*act)(
		    const struct worktree_opts *, struct args *, struct err *);
	} verbs[] = {
		{ "list", list },
		{ "restore", restore },
		{ "gc", gc },
	};

	for (size_t i = 0; i < COUNT(verbs); i++)
		if (strcmp(verbs[i].word, a->at[0]) == 0)
			return verbs[i].act(given, a, e);
	return err_set(e, ERR_USAGE,
	    "'worktree %s' is nothing: list, restore or gc", a->at[0]);
}

const struct cmd cmd_worktree = {
	.name = "worktree",
	.usage = "list | restore RUN[@STEP] [DIR] | gc [--apply]",
	.summary = "show, bring back or clear away trees of runs",
	.more = "Without --apply gc only says what it would do.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct worktree_opts),
	.min = 1,
	.max = 3,
	.needs = NEEDS_SETTINGS,
	.run = run,
};
