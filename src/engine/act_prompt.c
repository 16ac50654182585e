/*
 * A prompt as an action.  Its values are pasted as text: an agent reads it,
 * no shell.  What the host said counts: a call that was good has exited with
 * 0 for everybody behind this, and one that was not never has.
 */
#include "engine/act_child.h"

#include "base/auto.h"
#include "engine/berth.h"
#include "engine/marks.h"
#include "engine/vars.h"

bool
act_is_prompt(const struct state *s)
{
	return s->type == ACTION_PROMPT || s->type == ACTION_SLASH;
}

static const char *
first(const char *a, const char *b)
{
	return a ? a : b;
}

static struct ask
ask_of(const struct run *run, const struct state *s, struct sv prompt)
{
	const struct prompting *p = &s->prompting;

	return (struct ask) {
		.call = CALL_ACTION,
		.prompt = prompt,
		.host = loop_host(run_loop(run), s),
		.model = first(p->model, run->hosting.model),
		.effort = first(p->effort, run->hosting.effort),
		.agent = p->agent,
		.tools = p->tools,
		.timeout_ms = berth_timeout_ms(run, s),
		.idle_ms = berth_idle_ms(run, s),
		.heard = true,
	};
}

static int
announce(struct run *run, const struct state *s, const struct ask *ask,
    struct err *e)
{
	struct arena *a = run_mem(run);
	struct val *f = val_map(a);

	if (marks_size(run, s, ask->prompt, e) < 0)
		return -1;
	if (run_put(run, f, "action",
		val_bytes(a, ask->prompt.p, ask->prompt.n), e) < 0)
		return -1;
	val_set(a, f, "is_prompt", val_bool(a, true));
	val_set(a, f, "state", val_text(a, s->name));
	ask_put_start(run, ask, f);
	if (act_fingerprint(run, s, f, e) < 0)
		return -1;
	return run_emit(run, EV_ACTION_START, f, e);
}

int
act_prompt_start(struct run *run, const struct state *s, struct err *e)
{
	struct lookup look = vars_of_child(run);
	struct act *act = &run->worker->act;
	struct err why = ERR_INIT;
	auto_str text = STR_INIT;
	struct ask ask;

	if (tmpl_render(s->action, &look, run_mem(run), &text, NULL, &why) <
	    0) {
		act->end = ACT_RAISED;
		act->kind = "interpolation";
		act->error = arena_strdup(run_mem(run), why.msg);
		return 0;
	}
	if (marks_continuation(run))
		str_addf(&text, "\n\n%s", marks_continuation(run));
	ask = ask_of(run, s,
	    sv_make(arena_dup(run_mem(run), text.buf, text.len), text.len));
	ask_ready(run, &ask);
	if (act->end == ACT_RUNS && ask_reserve(run, &ask, e) < 0)
		return -1;
	if (act->end != ACT_RUNS)
		return 0;
	if (announce(run, s, &ask, e) < 0)
		return -1;
	return ask_go(run, &ask, e);
}

int
act_prompt_end(struct run *run, struct asked *out, struct err *e)
{
	struct act *act = &run->worker->act;

	if (ask_end(run, &act->outcome, out, e) < 0)
		return -1;
	act->failure = out->failure;
	if (act->failure.class == CLASS_NONE) {
		/* Nor is it paid for again when we were stopped meanwhile. */
		act->outcome = (struct outcome) { .kind = OUT_EXITED,
			.duration_ms = act->outcome.duration_ms,
			.left_ended = act->outcome.left_ended,
			.lingered = act->outcome.lingered,
			.peak_kb = act->outcome.peak_kb };
	} else if (act->outcome.kind == OUT_EXITED && !act->outcome.code) {
		act->outcome.code = 1;
	}
	return 0;
}
