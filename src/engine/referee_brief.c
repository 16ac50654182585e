/*
 * What a call of a judge is about: the question, the text, the files, and
 * what is drawn by lot.  All of it is read anew for each call; what cannot be
 * had is the verdict `error` before anybody is paid.
 */
#include "engine/referee_brief.h"

#include "base/auto.h"
#include "engine/referee_files.h"
#include "engine/judge_host.h"
#include "engine/judge_prompt.h"
#include "engine/vars.h"
#include "engine/verdict.h"
#include "host/answer.h"
#include "os/lot.h"

const char *
referee_type(const struct state *s)
{
	return s->evaluate.set ? eval_type_name(s->evaluate.type) : "default";
}

int
referee_rule(struct bar *b, struct judged judged)
{
	*b->out = judged;
	b->out->type = referee_type(b->s);
	return 0;
}

int
referee_fail(struct bar *b, const char *kind, const char *why)
{
	struct arena *a = run_mem(b->run);
	struct val *d = val_map(a);

	val_set(a, d, "error", val_text(a, why));
	val_set(a, d, "kind", val_text(a, kind));
	return referee_rule(b, judged_word("error", d));
}

/* A helper was ended by a signal to us: nothing is judged. */
static int
stopped_or(struct bar *b, const char *kind, const char *why)
{
	b->out->stopped = run_stop_asked(b->run);
	return b->out->stopped ? 0 : referee_fail(b, kind, why);
}

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
		return referee_fail(b, "interpolation", why.msg);
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
		return referee_fail(b, "interpolation", why.msg);
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

int
referee_promotes_again(struct bar *b, const struct judged *all)
{
	struct arena *a = run_mem(b->run);
	struct val *d = val_map(a);
	struct judge_text text;
	const char *why = NULL;
	int rc = read_input(b, &text);

	if (rc > 0)
		rc = referee_promote(b->run, b->how, text.end, &why, b->e);
	if (rc < 0 || (rc == 0 && !why))
		return rc;
	if (rc == 0)
		return stopped_or(b, "baseline", why);
	for (size_t i = 0; all && i < all->details->map.len; i++)
		val_set(a, d, all->details->map.at[i].key,
		    all->details->map.at[i].v);
	val_set(a, d, all ? "promoted" : "bootstrapped", val_bool(a, true));
	return referee_rule(b, judged_word("yes", d));
}

int
referee_promotes(struct bar *b, const struct judged *all)
{
	struct arena *a = run_mem(b->run);
	struct val *f = val_map(a);

	val_set(a, f, "state", val_text(a, b->s->name));
	val_set(a, f, "type", val_text(a, referee_type(b->s)));
	val_set(a, f, "promotes", val_bool(a, true));
	if (run_emit(b->run, EV_JUDGE_START, f, b->e) < 0)
		return -1;
	return referee_promotes_again(b, all);
}

static int
no_baseline(struct bar *b, const char *why)
{
	struct arena *a = run_mem(b->run);
	struct val *d = val_map(a);

	if (why)
		return stopped_or(b, "baseline", why);
	if (b->how->promotes)
		return referee_promotes(b, NULL);
	val_set(a, d, "baseline_path", val_text(a, b->how->baseline));
	return referee_rule(b, judged_word("no_baseline", d));
}

static int
brief_blind(struct bar *b, struct brief *c)
{
	struct arena *a = run_mem(b->run);
	struct judge_text ours, theirs;
	const char *asked, *why = NULL;
	bool swap;
	int rc = referee_baseline(b->run, b->how, &theirs, &why, b->e);

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
	struct referee_sides sides;
	int rc = 1;

	if (at >= b->how->npairs)
		return referee_fail(b, "files", "there is no pair to judge");
	for (size_t i = at + 1; rc > 0 && !b->answers && i < b->how->npairs;
	     i++)
		if (!(rc = referee_pair(
			  b->run, &b->how->pair[i], &sides, &why, b->e)))
			return bad_pair(b, i, why);
	if (rc > 0)
		rc =
		    referee_pair(b->run, &b->how->pair[at], &sides, &why, b->e);
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

int
referee_brief(struct bar *b, struct brief *c)
{
	return briefs[b->type](b, c);
}
