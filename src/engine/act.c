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
#include "engine/act_mcp.h"
#include "engine/broken.h"
#include "engine/marks.h"
#include "engine/pressure.h"
#include "engine/vars.h"
#include "os/print.h"
#include "text/json.h"

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

	if (run->mask && mask_hits(run->mask, value))
		return secret_lend(
		    &run->worker->secret, run_mem(run), value, e);
	snprintf(what, sizeof(what), "value%d", n);
	if (run->vault.keep(
		run->vault.self, what, value, run_mem(run), &kept, e) < 0)
		return NULL;
	return kept.file;
}

/* Of the action with its values, for action_stall: `text` in the record
 * has only their names. */
int
act_fingerprint(
    struct run *run, const struct state *s, struct val *f, struct err *e)
{
	struct lookup look = vars_lookup(run);
	auto_str text = STR_INIT;
	char hex[PRINT_HEX];

	if (!run_loop(run)->tracks_action || worker_is_hand(run->worker))
		return 0;
	if (tmpl_render(s->action, &look, run_mem(run), &text, NULL, e) < 0)
		return -1;
	if (run->worker->tool.params)
		json_write(&text, run->worker->tool.params, JSON_COMPACT);
	val_set(run_mem(run), f, "fingerprint",
	    val_text(run_mem(run), print_text(str_sv(&text), hex)));
	return 0;
}

static int
announce(struct run *run, const struct state *s, const struct command *c,
    struct err *e)
{
	struct val *f = val_map(run_mem(run));

	if (marks_size(run, s, sv(c->text), e) < 0)
		return -1;
	if (run_put(run, f, "action", val_text(run_mem(run), c->text), e) < 0)
		return -1;
	val_set(run_mem(run), f, "is_prompt", val_bool(run_mem(run), false));
	val_set(run_mem(run), f, "state", val_text(run_mem(run), s->name));
	if (c->vars && c->vars->list.len &&
	    run_put(run, f, "values", c->vars, e) < 0)
		return -1;
	if (run->worker->tool.params &&
	    run_put(run, f, "params", run->worker->tool.params, e) < 0)
		return -1;
	if (act_fingerprint(run, s, f, e) < 0)
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

void
act_put_outcome(struct run *run, const struct outcome *o, struct val *f)
{
	struct arena *a = run_mem(run);

	val_set(a, f, "exit_code", val_int(a, exit_code(o)));
	val_set(a, f, "duration_ms", val_int(a, o->duration_ms));
	val_set(a, f, "outcome", val_text(a, outcome_name(o->kind)));
	if (o->kind == OUT_TIMEOUT)
		val_set(a, f, "timeout_kind", val_text(a, limit_name(o->code)));
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

/* `asked` NULL: it was no prompt. */
static int
record(struct run *run, const struct state *s, const struct asked *asked,
    struct err *e)
{
	const struct act *act = &run->worker->act;
	const struct outcome *o = &act->outcome;
	bool full = act->end == ACT_FULL;
	const char *kind = full ? "disk_limit" : broken_kind(o);
	const char *why = full ? act->error : broken_text(o);
	struct arena *a = run_mem(run);
	struct val *f = val_map(a);

	val_set(a, f, "exit_code", val_int(a, act->exit_code));
	val_set(a, f, "duration_ms", val_int(a, o->duration_ms));
	val_set(a, f, "output_preview", preview(a, &run->worker->tail[0]));
	val_set(a, f, "stderr_preview", preview(a, &run->worker->tail[1]));
	val_set(a, f, "is_prompt", val_bool(a, asked != NULL));
	val_set(a, f, "state", val_text(a, s->name));
	val_set(a, f, "outcome", val_text(a, outcome_name(o->kind)));
	if (o->kind == OUT_TIMEOUT)
		val_set(a, f, "timeout_kind", val_text(a, limit_name(o->code)));
	if (kind) {
		val_set(a, f, "kind", val_text(a, kind));
		val_set(a, f, "error", val_text(a, why));
	}
	if (o->lingered)
		val_set(a, f, "lingered", val_bool(a, true));
	if (o->left_ended)
		val_set(
		    a, f, "left_ended", val_int(a, (long long)o->left_ended));
	act_put_failure(run, s, f);
	if (asked)
		ask_put(run, asked, f);
	set_stream(a, f, "output", &act->out[0]);
	set_stream(a, f, "stderr", &act->out[1]);
	if (act->out[0].truncated || act->out[1].truncated)
		val_set(a, f, "truncated", val_bool(a, true));
	if (s->capture && !worker_is_hand(run->worker))
		val_set(a, f, "capture", val_text(a, s->capture));
	marks_put(run, f);
	return run_emit(run, EV_ACTION_COMPLETE, f, e);
}

static int
raised(struct run *run, const char *kind, const char *error)
{
	struct act *out = &run->worker->act;

	out->end = ACT_RAISED;
	out->kind = kind;
	out->error = arena_strdup(run_mem(run), error);
	return 0;
}

int
act_message(struct run *run, const struct state *s, struct err *e)
{
	struct lookup look = vars_lookup(run);
	struct frame *f = run_frame(run);
	struct val *fields = val_map(run_mem(run));
	auto_str text = STR_INIT;
	struct err why = ERR_INIT;

	if (!s->append_to_messages)
		return 0;
	if (tmpl_render(s->append_to_messages, &look, run_mem(run), &text, NULL,
		&why) < 0)
		return raised(run, "interpolation", why.msg);
	if (f->messages.len >= MESSAGES_MAX ||
	    !run_fits(val_bytes(run_mem(run), text.buf, text.len)) ||
	    f->message_bytes + text.len > MESSAGE_BYTES_MAX)
		return raised(run, "limit",
		    "append_to_messages: over 100,000 messages, 32 KiB in "
		    "one or 16 MiB in all");
	val_set(run_mem(run), fields, "message",
	    val_bytes(run_mem(run), text.buf, text.len));
	val_set(run_mem(run), fields, "state", val_text(run_mem(run), s->name));
	return run_emit(run, EV_MESSAGES_APPEND, fields, e);
}

/* What the action held is given back when it is over. */
static void
let_go(struct worker *l)
{
	command_release(&l->command);
	l->command = (struct command) { 0 };
	l->tool = (struct tool) { 0 };
	secret_take_back(&l->secret);
}

/* The values put in: what is to be started. */
static int
make_ready(struct run *run, const struct state *s, struct err *why)
{
	struct lookup look = vars_of_child(run);

	if (s->type == ACTION_MCP)
		return act_mcp_ready(run, s, why);
	return script_render(s->script, &look, spill, run, run_mem(run),
	    &run->worker->command, why);
}

static int
start(struct run *run, const struct state *s, struct err *e)
{
	struct worker *l = run->worker;
	struct err why = ERR_INIT;

	if (make_ready(run, s, &why) < 0) {
		if (why.kind == ERR_IO) {
			*e = why;
			return -1;
		}
		return raised(run, "interpolation", why.msg);
	}
	l->act.end = ACT_RUNS;
	if (announce(run, s, &l->command, e) < 0)
		return -1;
	/* A tool may act on the world: that is on the disk before. */
	if (s->type == ACTION_MCP && run->vault.settle(run->vault.self, e) < 0)
		return -1;
	return act_child_start(run, s, e);
}

int
act_start(struct run *run, const struct state *s, struct err *e)
{
	struct worker *l = run->worker;
	int rc;

	l->act = (struct act) { .end = ACT_DONE };
	l->phase = PHASE_ACT;
	rc = act_is_prompt(s) ? act_prompt_start(run, s, e) : start(run, s, e);
	if (rc < 0 || l->act.end != ACT_RUNS)
		let_go(l);
	return rc;
}

/* A tree of the run's own is kept as the action left it. */
static int
look_at_tree(struct run *run, struct err *e)
{
	const struct level *l = run_level_of(run->worker);

	if (run->worker->item >= 0 || !l->at.tree)
		return 0;
	return run->yard.acted(run->yard.self, run, &l->at, e);
}

static int
end(struct run *run, const struct state *s, const struct asked *asked,
    struct err *e)
{
	struct act *act = &run->worker->act;

	if (act->outcome.stopped) {
		act->end = ACT_STOPPED;
		return act->outcome.kind == OUT_SPAWN_FAILED
		    ? act_tell_unbegun(run, s, e)
		    : 0;
	}
	if (act->outcome.kind == OUT_SPAWN_FAILED)
		return raised(run, "spawn",
		    arena_printf(run_mem(run), "cannot start in '%s': %s",
			run_cwd(run), strerror(act->outcome.code)));
	act->exit_code = exit_code(&act->outcome);
	if (record(run, s, asked, e) < 0 || pressure_used(run, s, e) < 0 ||
	    look_at_tree(run, e) < 0)
		return -1;
	if (act->end == ACT_FULL || worker_is_hand(run->worker))
		return 0;
	return act_message(run, s, e);
}

int
act_end(struct run *run, const struct state *s, const struct outcome *outcome,
    struct err *e)
{
	struct worker *l = run->worker;
	bool prompt = act_is_prompt(s);
	struct asked asked;
	int rc;

	l->act.outcome = *outcome;
	if (s->type == ACTION_MCP)
		act_mcp_outcome(&l->act.outcome);
	l->act.end = ACT_DONE;
	rc = prompt ? act_prompt_end(run, &asked, e) : act_child_end(run, e);
	if (rc == 0)
		rc = end(run, s, prompt ? &asked : NULL, e);
	let_go(l);
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
	*out = sv_make(arena_dup(run_mem(run), text.buf, text.len), text.len);
	return 0;
}
