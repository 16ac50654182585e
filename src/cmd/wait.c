/*
 * wait: leave as a run did, once it has.  A signal ends the waiting and
 * nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "cmd/await.h"
#include "cmd/report.h"
#include "gate/ticket.h"

struct wait_opts {
	double timeout; /* seconds; -1: as long as it takes */
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_REAL, .name = "timeout", .arg = "SECONDS",
	  .help = "wait this long at most, then leave with 75",
	  .min = 0, .max = 1e9, .at = offsetof(struct wait_opts, timeout) },
};
/* clang-format on */

static const struct wait_opts initial = { .timeout = -1 };

/* Would it wait for somebody that waits for it?  An action may wait for any
 * run but those it is part of. */
static bool
is_inside(struct args *a, const char *root, const char *run)
{
	const char *outer = getenv("LL_RUN_ID");
	struct ticket_seen *seen;
	struct err ignored = ERR_INIT;
	size_t n;

	if (!outer || ticket_list(a->mem, root, &seen, &n, &ignored) < 0)
		return false;
	/* Each ticket is at most once on the way up. */
	for (size_t up = 0; up <= n && outer; up++) {
		const char *inner = outer;

		if (strcmp(outer, run) == 0)
			return true;
		outer = NULL;
		for (size_t i = 0; i < n; i++)
			if (seen[i].content && strcmp(seen[i].run, inner) == 0)
				outer =
				    val_str(seen[i].content, "parent", NULL);
	}
	return false;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct wait_opts *o = given;
	const char *root = cmd_root(a), *name;
	struct await w;
	struct sig sig;
	int rc;

	if (report_pick(a, root, a->at[0], &name, e) < 0)
		return -1;
	if (is_inside(a, root, name))
		return err_set(e, ERR_BUSY,
		    "this is part of '%s', which would wait for itself", name);
	if (sig_init(&sig, e) < 0)
		return -1;
	await_init(&w, a, root, name, &sig);
	if (o->timeout >= 0)
		w.until = w.began + (long long)(o->timeout * 1000 + 0.5);
	rc = await_end(&w, e);
	await_release(&w);
	sig_release(&sig);
	return rc;
}

const struct cmd cmd_wait = {
	.name = "wait",
	.usage = "[--timeout SECONDS] RUN | LOOP",
	.summary = "wait for the end of a run, and leave as it did",
	.more = "LOOP means its newest run.  The exit status is the run's; 1 "
		"for one that died\nwithout an end, 75 when the time is up.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct wait_opts),
	.init = &initial,
	.min = 1,
	.max = 1,
	.run = run,
};
