/*
 * on_end: the last act of a run, when nothing of it is left: its end is on
 * the disk and its ticket is given back.  All that it is told is in its
 * environment; its text holds no values.
 */
#include "cmd/on_end.h"

#include <string.h>

#include "base/auto.h"
#include "os/child.h"
#include "show/feed.h"
#include "store/runs.h"

struct hearing {
	const struct on_end *o;
	struct args *args;
	struct feed feed;
};

static void
show_line(void *self, int stream, const char *p, size_t n)
{
	struct hearing *h = self;
	struct out *to =
	    stream == 1 && !h->o->aside ? h->args->out : h->args->said;
	auto_str line = STR_INIT;

	if (h->o->mask)
		mask_text(h->o->mask, sv_make(p, n), &line);
	else
		str_add(&line, p, n);
	out_text(to, line.buf, line.len, 0);
	str_addc(&to->buf, '\n');
	out_flush(to);
}

static int
bytes(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct hearing *h = self;

	(void)e;
	if (!h->o->silent)
		feed_bytes(&h->feed, stream, p, n);
	return 0;
}

/* The run's environment, and how it ended. */
static char *const *
env_of(const struct on_end *o, struct arena *a, const char *cause)
{
	size_t n = 0, k = 0;
	char **env;

	while (o->env[n])
		n++;
	env = arena_new(a, (n + 3) * sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (!sv_starts(sv(o->env[i]), "LL_END=") &&
		    !sv_starts(sv(o->env[i]), "LL_STATUS="))
			env[k++] = o->env[i];
	env[k++] = arena_printf(a, "LL_END=%s", cause);
	env[k++] = arena_printf(a, "LL_STATUS=%d", o->status);
	return env;
}

/* What ended it; of a run whose record is gone, as far as its status tells. */
static const char *
cause_of(const struct on_end *o, const struct run_brief *b)
{
	if (b->end)
		return val_str(b->end, "terminated_by", "error");
	if (!b->start && (o->status == 0 || o->status == 2))
		return "terminal";
	return o->status > 128 ? "interrupted" : "io_error";
}

/* Without a record the run had begun all the same unless its status says that
 * nothing ran (decisions.md, 5). */
static bool
had_begun(const struct on_end *o, const struct run_brief *b)
{
	return b->start || o->status < 64 || o->status > 78;
}

static void
judge(struct args *a, const struct outcome *out)
{
	const char *name = sigabbrev_np(out->code);

	if (out->stopped)
		cmd_complain(a, "on_end was interrupted");
	else if (out->kind == OUT_TIMEOUT)
		cmd_complain(
		    a, "on_end was killed after %d s", ON_END_MS / 1000);
	else if (out->kind == OUT_SIGNALED)
		cmd_complain(
		    a, "on_end was killed by SIG%s", name ? name : "?");
	else if (out->kind == OUT_SPAWN_FAILED)
		cmd_complain(
		    a, "on_end cannot be started: %s", strerror(out->code));
	else if (out->kind != OUT_EXITED || out->code)
		cmd_complain(a, "on_end failed with status %d", out->code);
}

void
on_end(const struct on_end *o, struct args *a)
{
	struct hearing h = { .o = o,
		.args = a,
		.feed = { .part = { STR_INIT, STR_INIT }, .line = show_line } };
	char *const argv[] = { (char *)"bash", (char *)"-c", (char *)o->command,
		NULL };
	struct child_spec spec = { .file = o->bash,
		.argv = argv,
		.cwd = o->cwd,
		.timeout_ms = ON_END_MS,
		.grace_ms = -1,
		.ends_left = true,
		.bytes = bytes,
		.self = &h };
	struct err e = ERR_INIT;
	struct run_brief b;
	struct outcome out;

	if (!o->command || !*o->command)
		return;
	runs_brief(a->mem, o->root, o->run, &b);
	if (!had_begun(o, &b))
		return;
	spec.env = env_of(o, a->mem, cause_of(o, &b));
	h.feed.self = &h;
	sig_forget(o->sig);
	out_flush(a->out);
	if (child_run(&spec, o->sig, &out, &e) < 0)
		cmd_complain(a, "on_end: %s", e.msg);
	else
		judge(a, &out);
	feed_end(&h.feed);
	feed_release(&h.feed);
}
