/*
 * wait: leave as a run did, once it has.  Whether it lives is the word of
 * its ticket's lock; the kernel says when somebody closed that file, also by
 * dying.  A signal ends the waiting and nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/report.h"
#include "gate/ticket.h"
#include "os/sig.h"
#include "os/watch.h"

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

/* The file is told to be closed before its lock is given up, and some file
 * systems tell nothing: soon after anything, and now and then, ask again. */
enum { NAP_MIN = 2, NAP_MAX = 10000, BIRTH_MS = 1000 };

struct waiting {
	struct args *args;
	const char *root, *run;
	long long began, until; /* boot ms; until -1: no end */
	struct watch watch;     /* fd -1: the system has no more */
	struct sig sig;
};

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

/* How long to sleep at most; -1: the time is up. */
static long long
rest_of(const struct waiting *w, long long nap)
{
	long long left = w->until - clock_boot_ms();

	if (w->until < 0 || left > nap)
		return nap;
	return left > 0 ? left : -1;
}

/* Sleep until the run may have ended.  0; 128+n for a signal; -1 and *e. */
static int
sleep_once(struct waiting *w, long long *nap, struct err *e)
{
	long long ms = rest_of(w, *nap);
	int got;

	if (ms < 0)
		return err_set(
		    e, ERR_BUSY, "run '%s' is still running", w->run);
	got = watch_nap(&w->watch, sig_fd(&w->sig), ms, e);
	while (sig_next(&w->sig))
		;
	if (w->sig.stop)
		return 128 + w->sig.stop;
	*nap = got > 0 ? NAP_MIN : *nap * 2 < NAP_MAX ? *nap * 2 : NAP_MAX;
	return got < 0 ? -1 : 0;
}

/* Until nobody holds its ticket. 0; 128+n; -1 and *e. */
static int
until_free(struct waiting *w, struct err *e)
{
	const char *ticket;
	long long nap = NAP_MIN;
	bool watched = false;
	int rc = 0;

	while (
	    rc == 0 && (ticket = ticket_path(w->args->mem, w->root, w->run))) {
		/* Asked once more when it is watched: it may be over. */
		if (!watched && w->watch.fd >= 0 &&
		    watch_add(&w->watch, ticket)) {
			watched = true;
			continue;
		}
		rc = sleep_once(w, &nap, e);
	}
	return rc;
}

/* How it ended, as an exit status; or -1 and *e. */
static int
judge(struct waiting *w, const struct run_info *info, struct err *e)
{
	const char *status = report_status(info);
	const struct frame *f = point_bottom(&info->point);

	if (info->unreadable && !info->blank)
		return err_set(e, ERR_IO, "run '%s' cannot be read: %s", w->run,
		    info->why);
	if (strcmp(status, "unknown") == 0)
		return err_set(e, ERR_IO, "the journal of '%s' is corrupt: %s",
		    w->run, info->end.why);
	if (info->point.ended)
		return (int)val_num(info->point.end.v, "exit", 1);
	if (f && f->state[0])
		cmd_complain(w->args,
		    "run '%s' died in the state '%s' and has not said how it "
		    "ended",
		    w->run, f->state);
	else
		cmd_complain(w->args,
		    "run '%s' died before its first state and has not said "
		    "how it ended",
		    w->run);
	return 1;
}

/* A run that just begins has no journal and no ticket for a moment. */
static bool
is_unborn(const struct waiting *w, const struct run_info *info)
{
	return info->blank && clock_boot_ms() - w->began < BIRTH_MS;
}

static int
wait_run(struct waiting *w, struct err *e)
{
	for (;;) {
		struct run_info info;
		long long nap = NAP_MIN * 8;
		bool unborn;
		int rc = until_free(w, e);

		if (rc != 0)
			return rc;
		if (report_open(w->args, w->root, w->run, &info, e) < 0)
			return -1;
		/* One that was resumed meanwhile has not ended. */
		unborn = is_unborn(w, &info);
		rc = unborn || info.alive ? -2 : judge(w, &info, e);
		run_info_release(&info);
		if (rc != -2)
			return rc;
		rc = unborn ? sleep_once(w, &nap, e) : 0;
		if (rc != 0)
			return rc;
	}
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct wait_opts *o = given;
	struct waiting w = {
		.args = a,
		.root = cmd_root(a),
		.began = clock_boot_ms(),
		.until = -1,
		.watch = { -1 },
	};
	struct err ignored = ERR_INIT;
	int rc;

	if (report_pick(a, w.root, a->at[0], &w.run, e) < 0)
		return -1;
	if (is_inside(a, w.root, w.run))
		return err_set(e, ERR_BUSY,
		    "this is part of '%s', which would wait for itself", w.run);
	if (o->timeout >= 0)
		w.until = w.began + (long long)(o->timeout * 1000 + 0.5);
	if (sig_init(&w.sig, e) < 0)
		return -1;
	/* Without it the lock is asked now and then. */
	watch_init(&w.watch, &ignored);
	rc = wait_run(&w, e);
	watch_release(&w.watch);
	sig_release(&w.sig);
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
