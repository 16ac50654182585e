/*
 * stop: ask runs to end, and wait until they have.  Who is asked is the
 * guard, or the engine that outlived it: one process, by its number and start
 * time, whose ticket is locked; never a group.  The signal carries the word
 * that it was `stop`.  Nothing is written: how a run ended it says itself.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/await.h"
#include "cmd/report.h"
#include "gate/ticket.h"
#include "os/proc.h"

struct stop_opts {
	bool all;
	double wait; /* seconds */
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .name = "all",
	  .help = "all runs of LOOP, or of the project, that there are now",
	  .at = offsetof(struct stop_opts, all) },
	{ .type = OPT_REAL, .name = "wait", .arg = "SECONDS",
	  .help = "wait this long for the end instead of 30 seconds",
	  .min = 0, .max = 1e9, .at = offsetof(struct stop_opts, wait) },
};
/* clang-format on */

static const struct stop_opts initial = { .wait = 30 };

struct stopping {
	const struct stop_opts *o;
	struct args *args;
	const char *root, *word; /* word: NULL for any run */
	struct ticket_seen *at;
	size_t n;
};

static bool
is_meant(const struct stopping *s, const struct ticket_seen *t)
{
	return !s->word || strcmp(t->run, s->word) == 0 ||
	    strcmp(val_str(t->content, "loop", ""), s->word) == 0;
}

/* Of all tickets, those of living runs that are meant. */
static int
find(struct stopping *s, struct err *e)
{
	struct ticket_seen *all;
	size_t n;

	if (ticket_list(s->args->mem, s->root, &all, &n, e) < 0)
		return -1;
	s->at = all;
	s->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (all[i].alive && s->word && !strcmp(all[i].run, s->word)) {
			s->at[0] = all[i];
			s->n = 1;
			return 0;
		}
	}
	for (size_t i = 0; i < n; i++)
		if (all[i].alive && is_meant(s, &all[i]))
			s->at[s->n++] = all[i];
	return 0;
}

/* Nothing lives: say whether there ever was such a run. */
static int
nothing(struct stopping *s, struct err *e)
{
	struct run_info info;
	const char *run;

	if (!s->word)
		return err_set(e, ERR_ABSENT, "nothing runs in %s", s->root);
	if (report_pick(s->args, s->root, s->word, &run, e) < 0 ||
	    report_open(s->args, s->root, run, &info, e) < 0)
		return -1;
	err_set(e, ERR_ABSENT, "nothing to stop: run '%s' is over (%s)", run,
	    report_status(&info));
	run_info_release(&info);
	return -1;
}

static int
too_many(struct stopping *s, struct err *e)
{
	for (size_t i = 0; i < s->n; i++)
		cmd_complain(s->args, "'%s' is running", s->at[i].run);
	return err_set(e, ERR_USAGE,
	    "these are %zu runs: name one, or stop them with --all", s->n);
}

static bool
tell(const struct val *content, const char *who, int number, enum sig_why why)
{
	auto_str start = STR_INIT;

	str_addf(&start, "%s_start", who);
	return proc_tell((pid_t)val_num(content, who, 0),
	    (unsigned long long)val_num(content, start.buf, 0), number, why);
}

static bool
is_this_boot(const struct val *content)
{
	char boot[PROC_BOOT_ID];

	return proc_boot_id(boot) &&
	    strcmp(val_str(content, "boot_id", ""), boot) == 0;
}

/* A run that was stopped by Ctrl-Z hears it when it goes on. */
static int
ask(const struct stopping *s, const struct ticket_seen *t, struct err *e)
{
	static const char *const who[] = { "guard", "engine" };

	errno = ESRCH;
	for (size_t i = 0; is_this_boot(t->content) && i < COUNT(who); i++) {
		if (tell(t->content, who[i], SIGTERM, SIG_WHY_STOP)) {
			tell(t->content, who[i], SIGCONT, SIG_WHY_NONE);
			return 0;
		}
		if (errno == EPERM)
			return err_set(e, ERR_BUSY,
			    "run '%s' belongs to another user", t->run);
	}
	/* It may have ended just now. */
	if (!ticket_alive(s->root, t->run))
		return 0;
	return err_set(e, ERR_BUSY,
	    "run '%s' lives where its processes cannot be seen from here",
	    t->run);
}

static void
tell_end(const struct stopping *s, const char *run)
{
	struct run_brief b;
	struct out *o = s->args->out;
	const char *word = "ended before it began";

	runs_brief(s->args->mem, s->root, run, &b);
	if (b.start)
		word = val_str(b.end, "status", "died");
	str_addf(&o->buf, "%s: ", run);
	out_paint(o, b.start ? report_paint(word) : PAINT_NONE, word);
	str_addc(&o->buf, '\n');
	out_flush(o);
}

/* Until it has ended, or the time is up. */
static int
see_out(const struct stopping *s, const char *run, long long until,
    struct sig *sig, struct err *e)
{
	struct await w;
	int rc;

	await_init(&w, s->args, s->root, run, sig);
	w.until = until;
	rc = await_free(&w, e);
	await_release(&w);
	if (rc == 0)
		tell_end(s, run);
	return rc < 0 && e->kind == ERR_BUSY
	    ? err_set(e, ERR_BUSY,
		  "run '%s' was asked to stop and is still running", run)
	    : rc;
}

/* One of several: told now, and counted. */
static size_t
failed(const struct stopping *s, const struct err *e)
{
	if (s->n > 1)
		cmd_complain(s->args, "%s", e->msg);
	return 1;
}

/* All are asked first, so that they end side by side.  What cannot be done
 * for one is told, and the others are stopped all the same. */
static int
stop_all(const struct stopping *s, struct sig *sig, struct err *e)
{
	long long until =
	    clock_boot_ms() + (long long)(s->o->wait * 1000 + 0.5);
	bool *asked = arena_new(s->args->mem, s->n * sizeof(*asked));
	size_t bad = 0;

	for (size_t i = 0; i < s->n; i++) {
		asked[i] = ask(s, &s->at[i], e) == 0;
		bad += asked[i] ? 0 : failed(s, e);
	}
	for (size_t i = 0; i < s->n; i++) {
		int rc = asked[i] ? see_out(s, s->at[i].run, until, sig, e) : 0;

		if (rc > 0)
			return rc;
		bad += rc < 0 ? failed(s, e) : 0;
	}
	if (bad && s->n > 1)
		err_set(e, ERR_BUSY, "%zu of %zu runs may still be running",
		    bad, s->n);
	return bad ? -1 : 0;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	struct stopping s = {
		.o = given, .args = a, .root = cmd_root(a), .word = a->at[0]
	};
	struct sig sig;
	int rc;

	if (find(&s, e) < 0)
		return -1;
	if (s.n == 0)
		return nothing(&s, e);
	if (s.n > 1 && !s.o->all)
		return too_many(&s, e);
	if (sig_init(&sig, e) < 0)
		return -1;
	rc = stop_all(&s, &sig, e);
	sig_release(&sig);
	return rc;
}

const struct cmd cmd_stop = {
	.name = "stop",
	.usage = "[options] [RUN | LOOP]",
	.summary = "ask a run to end, and wait until it has",
	.more = "LOOP means its run, if there is one and no more; nothing the "
		"only one of the\nproject.  75 when it still runs after the "
		"wait, 66 when there is nothing to stop.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct stop_opts),
	.init = &initial,
	.max = 1,
	.run = run,
};
