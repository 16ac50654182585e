/*
 * One action.  The text was compiled at load; here its values are put in,
 * the child runs, and what it printed goes to the vault and to whoever
 * listens.  An action is announced before it starts and its output is kept
 * before the record that names it.
 */
#include "engine/act.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "engine/vars.h"
#include "os/spawn.h"

enum {
	TEXT_AS_FILE = 100 * 1024, /* longer text is run as a file */
	TIMEOUT_EXIT = 124,
	DEFAULT_TIMEOUT_MS = 3600 * 1000,
	MESSAGES_MAX = 100000,
	MESSAGE_BYTES_MAX = 16 << 20,
};

static const char *
spill(void *self, int n, struct sv value, struct err *e)
{
	struct run *run = self;
	struct kept kept;
	char what[32];

	snprintf(what, sizeof(what), "value%d", n);
	if (run->vault.keep(
		run->vault.self, what, value, &run->step, &kept, e) < 0)
		return NULL;
	return kept.file;
}

static int
announce(struct run *run, const struct state *s, const struct command *c,
    struct err *e)
{
	struct val *f = val_map(&run->step);

	if (run_put(run, f, "action", val_text(&run->step, c->text), e) < 0)
		return -1;
	val_set(&run->step, f, "is_prompt", val_bool(&run->step, false));
	val_set(&run->step, f, "state", val_text(&run->step, s->name));
	if (c->vars && c->vars->list.len &&
	    run_put(run, f, "values", c->vars, e) < 0)
		return -1;
	return run_emit(run, EV_ACTION_START, f, e);
}

static void
tail_add(struct tail *t, const char *p, size_t n)
{
	size_t keep = t->len;

	if (n >= sizeof(t->buf)) {
		p += n - sizeof(t->buf);
		n = sizeof(t->buf);
	}
	if (keep > sizeof(t->buf) - n)
		keep = sizeof(t->buf) - n;
	memmove(t->buf, t->buf + t->len - keep, keep);
	memcpy(t->buf + keep, p, n);
	t->len = keep + n;
}

static int
hear_bytes(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct run *run = self;

	tail_add(&run->tail[stream - 1], p, n);
	if (run->vault.put(run->vault.self, stream, p, n, e) < 0)
		return -1;
	for (size_t i = 0; i < run->nsinks; i++)
		if (run->sinks[i].output)
			run->sinks[i].output(run->sinks[i].self, stream, p, n);
	return 0;
}

/* The environment of this step: the run's, the step's, the values. */
static char *const *
step_env(struct run *run, const struct state *s, const struct command *c)
{
	const struct frame *f = point_top(&run->point);
	size_t n = 0, k = 0;
	char **env;

	while (run->env[n])
		n++;
	env = arena_new(&run->step, (n + c->env.len + 3) * sizeof(*env));
	for (; k < n; k++)
		env[k] = run->env[k];
	env[k++] = arena_printf(&run->step, "LL_STATE=%s", s->name);
	env[k++] = arena_printf(&run->step, "LL_STEP=%lld", f->steps);
	for (size_t i = 0; i < c->env.len; i++)
		env[k++] = arena_strdup(&run->step, c->env.at[i]);
	return env;
}

/* The program and its words: the command itself when no shell is needed. */
static int
choose_argv(struct run *run, const struct command *c, struct child_spec *spec,
    struct err *e)
{
	const char **argv;
	struct kept kept;

	if (c->argv && run->direct) {
		spec->file = spawn_find(&run->step, c->argv[0], run->path);
		spec->argv = c->argv;
		if (spec->file)
			return 0;
	}
	argv = arena_new(&run->step, 4 * sizeof(*argv));
	argv[0] = "bash";
	argv[1] = "-c";
	argv[2] = c->run;
	if (strlen(c->run) > TEXT_AS_FILE) {
		if (run->vault.keep(run->vault.self, "action", sv(c->run),
			&run->step, &kept, e) < 0)
			return -1;
		argv[1] = kept.file;
		argv[2] = NULL;
	}
	spec->file = run->bash;
	spec->argv = (char *const *)argv;
	return 0;
}

static long long
limit_of(long long own, long long general, long long otherwise)
{
	if (own >= 0)
		return own;
	return general >= 0 ? general : otherwise;
}

static int
perform(struct run *run, const struct state *s, const struct command *c,
    struct act *out, struct err *e)
{
	const struct loop *l = run->loop;
	struct child_spec spec = {
		.env = step_env(run, s, c),
		.cwd = run->cwd,
		.timeout_ms = limit_of(
		    s->timeout_ms, l->default_timeout_ms, DEFAULT_TIMEOUT_MS),
		.idle_ms =
		    limit_of(s->idle_timeout_ms, l->default_idle_timeout_ms, 0),
		.grace_ms = run->grace_ms,
		.bytes = hear_bytes,
		.tick = run->vault.settle,
		.due_ms = run->vault.due_ms,
		.tick_self = run->vault.self,
		.self = run,
	};

	if (l->timeout_ms >= 0)
		spec.loop_deadline_boot_ms = run->began_boot_ms + l->timeout_ms;
	run->tail[0].len = run->tail[1].len = 0;
	if (choose_argv(run, c, &spec, e) < 0 ||
	    run->vault.open(run->vault.self, run->seq, e) < 0)
		return -1;
	if (run->actor.perform(run->actor.self, &spec, &out->outcome, e) < 0)
		return -1;
	return run->vault.close(run->vault.self, out->out, e);
}

static const char *
outcome_name(enum outcome_kind k)
{
	static const char *const names[] = {
		[OUT_EXITED] = "exited",
		[OUT_SIGNALED] = "signaled",
		[OUT_TIMEOUT] = "timeout",
		[OUT_SPAWN_FAILED] = "spawn_failed",
		[OUT_LOST] = "lost",
	};

	return names[k];
}

static const char *
limit_name(int k)
{
	static const char *const names[] = { "wall", "idle", "loop" };

	return names[k];
}

static long long
exit_code(const struct outcome *o)
{
	switch (o->kind) {
	case OUT_EXITED:
		return o->code;
	case OUT_SIGNALED:
		return -o->code;
	case OUT_TIMEOUT:
		return TIMEOUT_EXIT;
	default:
		return -1;
	}
}

/* The end of what was printed, trimmed; null when nothing was. */
static const struct val *
preview(struct arena *a, const struct tail *tail)
{
	auto_str text = STR_INIT;
	struct sv t;

	if (!tail->len)
		return val_null(a);
	utf8_repair(&text, tail->buf, tail->len);
	t = sv_trim(str_sv(&text));
	return val_bytes(a, t.p, t.n);
}

static void
set_stream(
    struct arena *a, struct val *f, const char *name, const struct stream *s)
{
	if (!s->file) {
		val_set(a, f, name, val_bytes(a, s->text, s->len));
	} else {
		val_set(a, f, arena_printf(a, "%s_file", name),
		    val_text(a, s->file));
		val_set(a, f, arena_printf(a, "%s_bytes", name),
		    val_int(a, (long long)s->len));
		val_set(
		    a, f, arena_printf(a, "%s_sum", name), val_text(a, s->sum));
	}
	if (s->truncated) {
		val_set(a, f, arena_printf(a, "%s_truncated", name),
		    val_bool(a, true));
		val_set(a, f, arena_printf(a, "%s_came", name),
		    val_int(a, s->bytes));
	}
}

static int
record(struct run *run, const struct state *s, const struct act *act,
    struct err *e)
{
	const struct outcome *o = &act->outcome;
	struct arena *a = &run->step;
	struct val *f = val_map(a);

	val_set(a, f, "exit_code", val_int(a, act->exit_code));
	val_set(a, f, "duration_ms", val_int(a, o->duration_ms));
	val_set(a, f, "output_preview", preview(a, &run->tail[0]));
	val_set(a, f, "stderr_preview", preview(a, &run->tail[1]));
	val_set(a, f, "is_prompt", val_bool(a, false));
	val_set(a, f, "state", val_text(a, s->name));
	val_set(a, f, "outcome", val_text(a, outcome_name(o->kind)));
	if (o->kind == OUT_TIMEOUT)
		val_set(a, f, "timeout_kind", val_text(a, limit_name(o->code)));
	if (act->exit_code != 0)
		val_set(a, f, "failure_type", val_text(a, "real"));
	set_stream(a, f, "output", &act->out[0]);
	set_stream(a, f, "stderr", &act->out[1]);
	if (s->capture)
		val_set(a, f, "capture", val_text(a, s->capture));
	return run_emit(run, EV_ACTION_COMPLETE, f, e);
}

static int
raised(struct run *run, struct act *out, const char *kind, const char *error)
{
	out->end = ACT_RAISED;
	out->kind = kind;
	out->error = arena_strdup(&run->step, error);
	return 0;
}

static int
append_message(
    struct run *run, const struct state *s, struct act *out, struct err *e)
{
	struct lookup look = vars_lookup(run);
	struct frame *f = point_top(&run->point);
	struct val *fields = val_map(&run->step);
	auto_str text = STR_INIT;
	struct err why = ERR_INIT;

	if (tmpl_render(s->append_to_messages, &look, &run->step, &text, NULL,
		&why) < 0)
		return raised(run, out, "interpolation", why.msg);
	if (f->messages.len >= MESSAGES_MAX ||
	    !run_fits(val_bytes(&run->step, text.buf, text.len)) ||
	    f->message_bytes + text.len > MESSAGE_BYTES_MAX)
		return raised(run, out, "limit",
		    "append_to_messages: over 100,000 messages, 32 KiB in "
		    "one or 16 MiB in all");
	val_set(&run->step, fields, "message",
	    val_bytes(&run->step, text.buf, text.len));
	val_set(&run->step, fields, "state", val_text(&run->step, s->name));
	return run_emit(run, EV_MESSAGES_APPEND, fields, e);
}

static int
act_with(struct run *run, const struct state *s, struct command *c,
    struct act *out, struct err *e)
{
	struct lookup look = vars_lookup(run);
	struct err why = ERR_INIT;

	if (script_render(s->script, &look, spill, run, &run->step, c, &why) <
	    0) {
		if (why.kind == ERR_IO) {
			*e = why;
			return -1;
		}
		return raised(run, out, "interpolation", why.msg);
	}
	if (announce(run, s, c, e) < 0 || perform(run, s, c, out, e) < 0)
		return -1;
	if (out->outcome.stopped) {
		out->end = ACT_STOPPED;
		return 0;
	}
	if (out->outcome.kind == OUT_SPAWN_FAILED)
		return raised(run, out, "spawn",
		    arena_printf(&run->step, "cannot start in '%s': %s",
			run->cwd ? run->cwd : ".",
			strerror(out->outcome.code)));
	out->exit_code = exit_code(&out->outcome);
	if (record(run, s, out, e) < 0)
		return -1;
	return s->append_to_messages ? append_message(run, s, out, e) : 0;
}

int
act_go(struct run *run, const struct state *s, struct act *out, struct err *e)
{
	struct command c = { 0 };
	int rc;

	*out = (struct act) { .end = ACT_DONE };
	rc = act_with(run, s, &c, out, e);
	command_release(&c);
	return rc;
}

int
act_text(struct run *run, const struct stream *s, struct sv *out, struct err *e)
{
	auto_str text = STR_INIT;

	if (!s->file) {
		*out = sv_make(s->text, s->len);
		return 0;
	}
	if (run->vault.load(run->vault.self, s->file, (long long)s->len, s->sum,
		&text, e) < 0)
		return -1;
	*out = sv_make(arena_dup(&run->step, text.buf, text.len), text.len);
	return 0;
}
