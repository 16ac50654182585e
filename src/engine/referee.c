/*
 * Calls of judges.  What is drawn by lot and what was answered is recorded
 * before anything depends on it.  Whatever keeps a call from being made is the
 * verdict `error`.
 */
#include "engine/referee.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "engine/circuit.h"
#include "engine/referee_brief.h"
#include "engine/judge_host.h"
#include "engine/verdict.h"
#include "host/answer.h"
#include "os/lot.h"

enum { START_MAX = 500 };

/* A part of where it stands in the point, which every record may change. */
static const struct val *
judging_of(const struct run *run, const char *key)
{
	const struct val *v = run_frame(run)->judging.v;

	v = v ? val_get(v, key) : NULL;
	return v ? val_copy(run_mem(run), v) : NULL;
}

static const char *
first(const char *a, const char *b)
{
	return a ? a : b;
}

static struct ask
ask_of(const struct bar *b, const struct brief *c)
{
	const struct loop *l = run_loop(b->run);
	bool structured = c->host->call[CALL_JUDGE].structured;

	return (struct ask) {
		.call = CALL_JUDGE,
		.prompt = str_sv(&c->prompt),
		.host = loop_host(l, b->s),
		.model = first(first(b->run->hosting.judge_model, l->llm.model),
		    c->host->call[CALL_JUDGE].model),
		.effort = l->llm.effort,
		.schema = structured ? c->schema : NULL,
		.timeout_ms = l->llm.timeout_ms,
	};
}

/* 1: *out may be asked; 0: nobody can be. */
static int
take_host(struct bar *b, const struct host **out)
{
	const struct hosting *h = &b->run->hosting;
	struct err why = ERR_INIT;
	const char *program;

	if (b->how->off)
		return referee_fail(b, "no_llm", "'llm.enabled' is false");
	if (h->none)
		return referee_fail(b, "no_llm",
		    "a judge needs an agent, and '--no-llm' was said");
	if (!h->take)
		return referee_fail(b, "host", "there is nobody to ask");
	if (h->take(h->self, loop_host(run_loop(b->run), b->s), out, &program,
		&why) < 0)
		return referee_fail(b, "host", why.msg);
	return 1;
}

/* A host that does not answer in a schema is told how to end. */
static void
ask_last_line(struct bar *b, struct brief *c)
{
	struct arena *a = run_mem(b->run);
	char nonce[LOT_HEX];

	if (c->host->call[CALL_JUDGE].structured)
		return;
	val_set(a, c->drawn, "nonce", val_text(a, lot_hex(nonce)));
	answer_ask_line(&c->prompt, nonce, c->words);
}

static int
record_start(struct bar *b, const struct brief *c, const struct ask *ask)
{
	struct arena *a = run_mem(b->run);
	struct val *f = val_map(a);
	size_t n = utf8_floor(c->prompt.buf, c->prompt.len, START_MAX);
	long long calls = b->answers ? (long long)b->answers->list.len : 0;

	val_set(a, f, "state", val_text(a, b->s->name));
	val_set(a, f, "type", val_text(a, referee_type(b->s)));
	val_set(a, f, "call", val_int(a, calls + 1));
	for (size_t i = 0; i < c->drawn->map.len; i++)
		val_set(a, f, c->drawn->map.at[i].key, c->drawn->map.at[i].v);
	val_set(a, f, "llm_prompt", val_bytes(a, c->prompt.buf, n));
	val_set(a, f, "prompt_bytes", val_int(a, (long long)c->prompt.len));
	ask_put_start(b->run, ask, f);
	return run_emit(b->run, EV_JUDGE_START, f, b->e);
}

static int
put_to(struct bar *b, const struct brief *c)
{
	struct worker *w = b->run->worker;
	struct ask ask = ask_of(b, c);

	ask_ready(b->run, &ask);
	if (w->act.end == ACT_RUNS && ask_reserve(b->run, &ask, b->e) < 0)
		return -1;
	if (w->act.end == ACT_HELD)
		return 0;
	if (w->act.end == ACT_RAISED) {
		w->act.end = ACT_DONE;
		return referee_fail(b, w->act.kind, w->act.error);
	}
	if (record_start(b, c, &ask) < 0)
		return -1;
	w->phase = PHASE_JUDGE;
	return ask_go(b->run, &ask, b->e) < 0 ? -1 : 1;
}

static int
call(struct bar *b)
{
	struct brief c = { .prompt = STR_INIT,
		.drawn = val_map(run_mem(b->run)) };
	int rc;

	/* What there is to compare with is known without a host. */
	rc = referee_brief(b, &c);
	if (rc > 0)
		rc = take_host(b, &c.host);
	if (rc > 0) {
		ask_last_line(b, &c);
		rc = put_to(b, &c);
	}
	str_release(&c.prompt);
	return rc;
}

static bool
is_true(const struct val *map, const char *key)
{
	const struct val *v = map ? val_get(map, key) : NULL;

	return v && v->kind == VAL_BOOL && v->b;
}

static struct bar
bar_of(struct run *run, const struct state *s, const struct act *act,
    struct judged *out, struct err *e)
{
	struct bar b = { run, s, act, eval_by_host(s), &s->evaluate.judging,
		judging_of(run, "answers"), judging_of(run, "last"), out, e };

	if (b.answers && !b.answers->list.len)
		b.answers = NULL;
	return b;
}

bool
referee_asks(struct run *run, const struct state *s, const struct act *act)
{
	struct judged plain;
	struct bar b = bar_of(run, s, act, &plain, NULL);

	if (is_true(judging_of(run, "start"), "promotes") || b.how->off ||
	    run->hosting.none)
		return false;
	return (b.answers || !verdict_is_plain(run, s, act, &plain)) &&
	    !judge_host_next(s, b.answers).over;
}

int
referee_go(struct run *run, const struct state *s, const struct act *act,
    struct judged *out, struct err *e)
{
	struct bar b = bar_of(run, s, act, out, e);
	bool promotes = is_true(judging_of(run, "start"), "promotes");
	struct judged all;

	*out = (struct judged) { .type = referee_type(s) };
	if (!b.answers && verdict_is_plain(run, s, act, out))
		return 0;
	if (promotes && !b.answers)
		return referee_promotes_again(&b, NULL);
	if (!judge_host_next(s, b.answers).over)
		return call(&b);
	all = judge_host_verdict(s, b.answers, b.last, run_mem(run));
	if (promotes)
		return referee_promotes_again(&b, &all);
	if (b.type == EVAL_COMPARATOR && b.how->promotes &&
	    strcmp(all.verdict, "yes") == 0)
		return referee_promotes(&b, &all);
	return referee_rule(&b, all);
}

static int
record_end(struct run *run, const struct state *s, const struct asked *x,
    const struct judge_answer *got, struct err *e)
{
	struct arena *a = run_mem(run);
	struct val *f = val_map(a);
	const struct val *start = judging_of(run, "start");

	val_set(a, f, "state", val_text(a, s->name));
	val_set(a, f, "type", val_text(a, referee_type(s)));
	val_set(a, f, "call", val_int(a, val_num(start, "call", 1)));
	act_put_outcome(run, &x->outcome, f);
	ask_put(run, x, f);
	val_set(a, f, "verdict", val_text(a, got->verdict));
	if (got->again)
		val_set(a, f, "again", val_bool(a, true));
	val_set(a, f, "answer", got->details);
	return run_emit(run, EV_JUDGE_COMPLETE, f, e);
}

/* A verdict is a name, and names are recorded as they are. */
static void
refuse_secret(struct run *run, struct judge_answer *got)
{
	struct arena *a = run_mem(run);
	struct val *d;

	if (!run->mask || !mask_hits(run->mask, sv(got->verdict)))
		return;
	d = val_map(a);
	val_set(a, d, "error",
	    val_text(a, "the judge's verdict holds what must stay secret"));
	val_set(a, d, "kind", val_text(a, "answer"));
	*got = (struct judge_answer) { .verdict = "error", .details = d };
}

int
referee_hear(struct run *run, const struct state *s,
    const struct outcome *outcome, struct err *e)
{
	const struct val *start = judging_of(run, "start");
	struct judge_answer got;
	struct asked asked;
	struct judge_heard heard = { .type = eval_by_host(s),
		.how = &s->evaluate.judging,
		.asked = &asked,
		.nonce = val_str(start, "nonce", NULL),
		.prompt = sv(val_str(start, "llm_prompt", "")),
		.ours_is_b = strcmp(val_str(start, "harness", "a"), "b") == 0,
		.pair = (size_t)val_num(start, "pair", 0) };

	if (ask_end(run, outcome, &asked, e) < 0)
		return -1;
	if (asked.failure.class == CLASS_NONE)
		circuit_open(run, asked.host->name);
	/* An answer is not paid for again when we were stopped meanwhile. */
	if (outcome->stopped && asked.failure.class != CLASS_NONE)
		return 0;
	judge_host_read(&heard, run_mem(run), &got);
	refuse_secret(run, &got);
	return record_end(run, s, &asked, &got, e);
}
