/*
 * Calls of judges.  What is drawn by lot and what was answered is recorded
 * before anything depends on it; the question and the files are read anew for
 * each call.  Whatever keeps a call from being made is the verdict `error`.
 */
#include "engine/judge_call.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "engine/judge_files.h"
#include "engine/judge_host.h"
#include "engine/judge_prompt.h"
#include "engine/vars.h"
#include "engine/verdict.h"
#include "host/answer.h"
#include "os/lot.h"

enum { START_MAX = 500 };

/* A judgement while it is thought about. */
struct bar {
	struct run *run;
	const struct state *s;
	const struct act *act;
	enum eval_type type;
	const struct judging *how;
	const struct val *answers, *last; /* in the point; or NULL */
	struct judged *out;
	struct err *e;
};

/* A call that is made. */
struct brief {
	const struct host *host;
	struct str prompt;
	const char *schema, *words;
	struct val *drawn; /* of judge_start */
};

static const struct val *
judging_of(const struct run *run, const char *key)
{
	const struct val *v = run_frame(run)->judging.v;

	return v ? val_get(v, key) : NULL;
}

static const char *
type_name(const struct state *s)
{
	return s->evaluate.set ? eval_type_name(s->evaluate.type) : "default";
}

/* It is over like this: 0. */
static int
rule(struct bar *b, struct judged judged)
{
	*b->out = judged;
	b->out->type = type_name(b->s);
	return 0;
}

static int
fail(struct bar *b, const char *kind, const char *why)
{
	struct arena *a = run_mem(b->run);
	struct val *d = val_map(a);

	val_set(a, d, "error", val_text(a, why));
	val_set(a, d, "kind", val_text(a, kind));
	return rule(b, judged_word("error", d));
}

/* A helper was ended by a signal to us: nothing is judged. */
static int
stopped_or(struct bar *b, const char *kind, const char *why)
{
	b->out->stopped = run_stop_asked(b->run);
	return b->out->stopped ? 0 : fail(b, kind, why);
}

/* ---- what is asked ---- */

/* The author's question: 1 and *out, NULL: there is none; 0: it is over. */
static int
question(struct bar *b, const char **out)
{
	struct lookup look = vars_lookup(b->run);
	auto_str text = STR_INIT;
	struct err why = ERR_INIT;

	*out = NULL;
	if (!b->how->prompt)
		return 1;
	if (tmpl_render(
		b->how->prompt, &look, run_mem(b->run), &text, NULL, &why) < 0)
		return fail(b, "interpolation", why.msg);
	*out = arena_dup(run_mem(b->run), text.buf, text.len);
	return 1;
}

static int
read_input(struct bar *b, struct judge_text *out)
{
	struct err why = ERR_INIT;

	if (verdict_text(b->run, b->s, b->act, &out->end, &why) < 0) {
		if (why.kind == ERR_IO) {
			*b->e = why;
			return -1;
		}
		return fail(b, "interpolation", why.msg);
	}
	out->bytes = out->end.n;
	return 1;
}

static int
brief_outcome(struct bar *b, struct brief *c)
{
	const char *asked;
	struct judge_text text;
	int rc = question(b, &asked);

	if (rc > 0)
		rc = read_input(b, &text);
	if (rc <= 0)
		return rc;
	judge_prompt_outcome(&c->prompt, asked, b->how->schema != NULL, text);
	c->schema = b->how->schema ? b->how->schema : answer_schema;
	c->words = !b->how->schema ? JUDGE_WORDS
	    : b->how->words        ? b->how->words
				   : "the verdict the question asks for";
	return 1;
}

/* A text becomes the baseline, and that is the end. */
static int
promote(struct bar *b, struct judged judged, bool first)
{
	struct arena *a = run_mem(b->run);
	struct val *d = val_map(a);
	struct judge_text text;
	const char *why = NULL;
	int rc = read_input(b, &text);

	if (rc > 0)
		rc = judge_promote(b->run, b->how, text.end, &why, b->e);
	if (rc < 0 || (rc == 0 && !why))
		return rc;
	if (rc == 0)
		return stopped_or(b, "baseline", why);
	for (size_t i = 0; judged.details && i < judged.details->map.len; i++)
		val_set(a, d, judged.details->map.at[i].key,
		    judged.details->map.at[i].v);
	val_set(a, d, first ? "bootstrapped" : "promoted", val_bool(a, true));
	return rule(b, judged_word("yes", d));
}

/* The same, which is said before it is done: a resume does it again and is
 * not taken in by what it finds. */
static int
announce_promote(struct bar *b, struct judged judged, bool first)
{
	struct arena *a = run_mem(b->run);
	struct val *f = val_map(a);

	val_set(a, f, "state", val_text(a, b->s->name));
	val_set(a, f, "type", val_text(a, type_name(b->s)));
	val_set(a, f, "promotes", val_bool(a, true));
	if (run_emit(b->run, EV_JUDGE_START, f, b->e) < 0)
		return -1;
	return promote(b, judged, first);
}

static int
no_baseline(struct bar *b, const char *why)
{
	struct arena *a = run_mem(b->run);
	struct val *d = val_map(a);

	if (why)
		return stopped_or(b, "baseline", why);
	if (b->how->promotes)
		return announce_promote(b, (struct judged) { 0 }, true);
	val_set(a, d, "baseline_path", val_text(a, b->how->baseline));
	return rule(b, judged_word("no_baseline", d));
}

static int
brief_blind(struct bar *b, struct brief *c)
{
	struct arena *a = run_mem(b->run);
	struct judge_text ours, theirs;
	const char *asked, *why = NULL;
	bool swap;
	int rc = judge_baseline(b->run, b->how, &theirs, &why, b->e);

	if (rc == 0)
		return no_baseline(b, why);
	if (rc > 0)
		rc = question(b, &asked);
	if (rc > 0)
		rc = read_input(b, &ours);
	if (rc <= 0)
		return rc;
	swap = lot_flip();
	val_set(a, c->drawn, "harness", val_text(a, swap ? "b" : "a"));
	judge_prompt_blind(
	    &c->prompt, asked, swap ? theirs : ours, swap ? ours : theirs);
	c->schema = judge_schema_blind;
	c->words = JUDGE_WORDS_BLIND;
	return 1;
}

static int
bad_pair(struct bar *b, size_t i, const char *why)
{
	const struct contract_pair *p = &b->how->pair[i];
	struct arena *a = run_mem(b->run);

	return stopped_or(b, "files",
	    arena_printf(a, "pair %zu (%s, %s): %s", i + 1, p->producer,
		p->consumer, why));
}

/* Before anybody is paid all pairs must be there. */
static int
brief_pair(struct bar *b, struct brief *c)
{
	struct arena *a = run_mem(b->run);
	size_t at = judge_host_next(b->s, b->answers).pair;
	const char *why = NULL;
	struct judge_sides sides;
	int rc = 1;

	if (at >= b->how->npairs)
		return fail(b, "files", "there is no pair to judge");
	for (size_t i = at + 1; rc > 0 && !b->answers && i < b->how->npairs;
	     i++)
		if (!(rc = judge_pair(
			  b->run, &b->how->pair[i], &sides, &why, b->e)))
			return bad_pair(b, i, why);
	if (rc > 0)
		rc = judge_pair(b->run, &b->how->pair[at], &sides, &why, b->e);
	if (rc <= 0)
		return rc < 0 ? -1 : bad_pair(b, at, why);
	val_set(a, c->drawn, "pair", val_int(a, (long long)at));
	judge_prompt_pair(
	    &c->prompt, &b->how->pair[at], sides.producer, sides.consumer);
	c->schema = judge_schema_pair;
	c->words = JUDGE_WORDS_PAIR;
	return 1;
}

static int (*const briefs[EVAL_TYPES])(struct bar *, struct brief *) = {
	[EVAL_LLM_STRUCTURED] = brief_outcome,
	[EVAL_COMPARATOR] = brief_blind,
	[EVAL_CONTRACT] = brief_pair,
};

/* ---- who is asked ---- */

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
		return fail(b, "no_llm", "'llm.enabled' is false");
	if (h->none)
		return fail(b, "no_llm",
		    "a judge needs an agent, and '--no-llm' was said");
	if (!h->take)
		return fail(b, "host", "there is nobody to ask");
	if (h->take(h->self, loop_host(run_loop(b->run), b->s), out, &program,
		&why) < 0)
		return fail(b, "host", why.msg);
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
	val_set(a, f, "type", val_text(a, type_name(b->s)));
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
	if (w->act.end == ACT_RAISED) {
		w->act.end = ACT_DONE;
		return fail(b, w->act.kind, w->act.error);
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
	rc = briefs[b->type](b, &c);
	if (rc > 0)
		rc = take_host(b, &c.host);
	if (rc > 0) {
		ask_last_line(b, &c);
		rc = put_to(b, &c);
	}
	str_release(&c.prompt);
	return rc;
}

/* ---- */

static bool
is_true(const struct val *map, const char *key)
{
	const struct val *v = map ? val_get(map, key) : NULL;

	return v && v->kind == VAL_BOOL && v->b;
}

int
judge_call(struct run *run, const struct state *s, const struct act *act,
    struct judged *out, struct err *e)
{
	struct bar b = { run, s, act, eval_by_host(s), &s->evaluate.judging,
		judging_of(run, "answers"), judging_of(run, "last"), out, e };
	bool promotes = is_true(judging_of(run, "start"), "promotes");
	struct judged all;

	*out = (struct judged) { .type = type_name(s) };
	if (!b.answers && verdict_is_plain(run, s, act, out))
		return 0;
	if (b.answers && !b.answers->list.len)
		b.answers = NULL;
	if (promotes && !b.answers)
		return promote(&b, (struct judged) { 0 }, true);
	if (!judge_host_next(s, b.answers).over)
		return call(&b);
	all = judge_host_verdict(s, b.answers, b.last, run_mem(run));
	if (promotes)
		return promote(&b, all, false);
	if (b.type == EVAL_COMPARATOR && b.how->promotes &&
	    strcmp(all.verdict, "yes") == 0)
		return announce_promote(&b, all, false);
	return rule(&b, all);
}

static int
record_end(struct run *run, const struct state *s, const struct asked *x,
    const struct judge_answer *got, struct err *e)
{
	struct arena *a = run_mem(run);
	struct val *f = val_map(a);
	const struct val *start = judging_of(run, "start");

	val_set(a, f, "state", val_text(a, s->name));
	val_set(a, f, "type", val_text(a, type_name(s)));
	val_set(a, f, "call", val_int(a, val_num(start, "call", 1)));
	act_put_outcome(run, &x->outcome, f);
	ask_put(run, x, f);
	val_set(a, f, "verdict", val_text(a, got->verdict));
	if (got->again)
		val_set(a, f, "again", val_bool(a, true));
	val_set(a, f, "answer", got->details);
	return run_emit(run, EV_JUDGE_COMPLETE, f, e);
}

int
judge_call_end(struct run *run, const struct state *s,
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
	if (outcome->stopped)
		return 0;
	judge_host_read(&heard, run_mem(run), &got);
	return record_end(run, s, &asked, &got, e);
}
