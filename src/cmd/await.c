/*
 * Waiting for the end of a run.  Whether it lives is the word of its ticket's
 * lock; the kernel says when somebody closed that file, also by dying.
 */
#include "cmd/await.h"

#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/report.h"
#include "gate/ticket.h"

/* The file is told to be closed before its lock is given up, and some file
 * systems tell nothing: soon after anything, and now and then, ask again. */
enum { NAP_MIN = 2, NAP_MAX = 10000 };

void
await_init(struct await *w, struct args *a, const char *root, const char *run,
    struct sig *sig)
{
	struct err ignored = ERR_INIT;

	*w = (struct await) { .args = a,
		.root = root,
		.run = run,
		.sig = sig,
		.began = clock_boot_ms(),
		.until = -1,
		.watch = { -1 } };
	/* Without it the lock is asked now and then. */
	watch_init(&w->watch, &ignored);
}

void
await_release(struct await *w)
{
	watch_release(&w->watch);
}

/* How long to sleep at most; -1: the time is up. */
static long long
rest_of(const struct await *w, long long nap)
{
	long long left = w->until - clock_boot_ms();

	if (w->until < 0 || left > nap)
		return nap;
	return left > 0 ? left : -1;
}

/* Sleep until the run may have ended.  0; 128+n for a signal; -1 and *e. */
static int
sleep_once(struct await *w, long long *nap, struct err *e)
{
	long long ms = rest_of(w, *nap);
	int got;

	if (ms < 0)
		return err_set(
		    e, ERR_BUSY, "run '%s' is still running", w->run);
	got = watch_nap(&w->watch, sig_fd(w->sig), ms, e);
	while (sig_next(w->sig))
		;
	if (w->sig->stop)
		return 128 + w->sig->stop;
	*nap = got > 0 ? NAP_MIN : *nap * 2 < NAP_MAX ? *nap * 2 : NAP_MAX;
	return got < 0 ? -1 : 0;
}

int
await_free(struct await *w, struct err *e)
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
judge(struct await *w, const struct run_info *info, struct err *e)
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

int
await_end(struct await *w, struct err *e)
{
	for (;;) {
		struct run_info info;
		int rc = await_free(w, e);

		if (rc != 0)
			return rc;
		if (report_open(w->args, w->root, w->run, &info, e) < 0)
			return -1;
		/* One that was resumed meanwhile has not ended. */
		rc = info.alive ? -2 : judge(w, &info, e);
		run_info_release(&info);
		if (rc != -2)
			return rc;
	}
}
