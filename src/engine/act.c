/*
 * One action.  The text was compiled at load; here its values are put in,
 * the child runs (act_child.c), and its end is recorded.  An action is
 * announced before it starts and its output is kept before the record that
 * names it.
 */
#include "engine/act.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "engine/act_child.h"
#include "engine/broken.h"
#include "engine/vars.h"
#include "os/print.h"

enum {
	TIMEOUT_EXIT = 124,
	MESSAGES_MAX = 100000,
	MESSAGE_BYTES_MAX = 16 << 20,
};

static const char *
spill(void *self, int n, struct sv value, struct err *e)
{
	struct run *run = self;
	struct kept kept;
	char what[32];

	if (run->secret.mask && mask_hits(run->secret.mask, value))
		return secret_lend(&run->secret, &run->step, value, e);
	snprintf(what, sizeof(what), "value%d", n);
	if (run->vault.keep(
		run->vault.self, what, value, &run->step, &kept, e) < 0)
		return NULL;
	return kept.file;
}

/* Of the action with its values, for action_stall: `text` in the record
 * has only their names. */
static int
put_fingerprint(
    struct run *run, const struct state *s, struct val *f, struct err *e)
{
	struct lookup look = vars_lookup(run);
	auto_str text = STR_INIT;
	char hex[PRINT_HEX];

	if (!run->loop->tracks_action)
		return 0;
	if (tmpl_render(s->action, &look, &run->step, &text, NULL, e) < 0)
		return -1;
	val_set(&run->step, f, "fingerprint",
	    val_text(&run->step, print_text(str_sv(&text), hex)));
	return 0;
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
	if (put_fingerprint(run, s, f, e) < 0)
		return -1;
	return run_emit(run, EV_ACTION_START, f, e);
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
	if (o->cut || (o->starved && o->kind == OUT_EXITED && !o->code))
		return TIMEOUT_EXIT;
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
	bool full = act->end == ACT_FULL;
	const char *kind = full ? "disk_limit" : broken_kind(o);
	const char *why = full ? act->error : broken_text(o);
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
	if (kind) {
		val_set(a, f, "kind", val_text(a, kind));
		val_set(a, f, "error", val_text(a, why));
	}
	if (o->left_ended)
		val_set(
		    a, f, "left_ended", val_int(a, (long long)o->left_ended));
	if (act->exit_code != 0)
		val_set(a, f, "failure_type", val_text(a, "real"));
	set_stream(a, f, "output", &act->out[0]);
	set_stream(a, f, "stderr", &act->out[1]);
	if (act->out[0].truncated || act->out[1].truncated)
		val_set(a, f, "truncated", val_bool(a, true));
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
	struct lookup look = vars_of_child(run);
	struct err why = ERR_INIT;

	if (script_render(s->script, &look, spill, run, &run->step, c, &why) <
	    0) {
		if (why.kind == ERR_IO) {
			*e = why;
			return -1;
		}
		return raised(run, out, "interpolation", why.msg);
	}
	if (announce(run, s, c, e) < 0 || act_child(run, s, c, out, e) < 0)
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
	if (out->end == ACT_FULL)
		return 0;
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
	secret_take_back(&run->secret);
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
