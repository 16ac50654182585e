/*
 * What a judge is asked: its question, the form of its answer, the pairs of
 * a contract; and who judges.  A state that a prompt acts in has a judge
 * without saying so, so this is filled in for every state.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"
#include "text/json.h"

enum { PAIRS_MAX = 64, LLM_TIMEOUT_MS = 1800 * 1000 };

struct reader {
	struct loader *l;
	struct evaluate *e;
	const struct val *src; /* `evaluate`; NULL: not written */
	const char *path;      /* "states.S.evaluate" */
};

/* The words of a schema's verdict, or NULL: any. */
static const char *
words_of(const struct reader *r, const struct val *verdict)
{
	const struct val *list = load_kind(verdict, "enum", VAL_LIST);
	auto_str out = STR_INIT;

	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *v = list->list.at[i];

		if (v->kind != VAL_TEXT || !v->t.n || strpbrk(v->t.p, " ,\n"))
			return NULL;
		str_addf(&out, "%s%s", out.len ? ", " : "", v->t.p);
	}
	return out.len ? arena_dup(r->l->mem, out.buf, out.len) : NULL;
}

static void
read_schema(const struct reader *r)
{
	const struct val *schema = load_kind(r->src, "schema", VAL_MAP);
	const struct val *properties, *verdict;
	auto_str text = STR_INIT;

	if (!schema)
		return;
	json_write(&text, schema, JSON_COMPACT);
	r->e->judging.schema = arena_dup(r->l->mem, text.buf, text.len);
	properties = load_kind(schema, "properties", VAL_MAP);
	verdict = load_get(properties, "verdict");
	if (verdict)
		r->e->judging.words = words_of(r, verdict);
	else if (r->e->type == EVAL_LLM_STRUCTURED)
		diag_add(r->l->diags, schema->at, "W302",
		    load_path(r->l, "%s.schema", r->path),
		    "the schema has no property 'verdict', so the verdict is "
		    "always error");
}

/* A match may span lines. */
static const struct rx *
read_pattern(const struct reader *r, const struct val *pair, const char *key,
    const char *path)
{
	const struct val *v = load_kind(pair, key, VAL_TEXT);
	auto_str text = STR_INIT;
	struct err why = ERR_INIT;
	struct rx *rx;

	if (!v)
		return NULL;
	str_adds(&text, "(?s)");
	str_addsv(&text, v->t);
	rx = rx_new(text.buf, text.len, &why);
	if (rx)
		vec_push(&r->l->rx, rx);
	else
		diag_add(r->l->diags, v->at, "E304",
		    load_path(r->l, "%s.%s", path, key),
		    "'%s' is no regular expression (%s)", key, why.msg);
	return rx;
}

static const char *
needed(const struct reader *r, const struct val *pair, const char *key,
    const char *path)
{
	const char *text = load_text(pair, key);

	if (!load_get(pair, key) || (text && !*text))
		diag_add(r->l->diags, pair->at, "E302", path,
		    "a pair needs a '%s'", key);
	return text;
}

static void
read_pairs(const struct reader *r)
{
	const struct val *list = load_kind(r->src, "pairs", VAL_LIST);
	const char *path = load_path(r->l, "%s.pairs", r->path);
	size_t n = list ? list->list.len : 0;
	struct contract_pair *at;

	if (list && (n < 1 || n > PAIRS_MAX))
		diag_add(r->l->diags, list->at, "E305", path,
		    "'pairs' must have 1 to %d pairs", PAIRS_MAX);
	at = arena_new(r->l->mem, (n + 1) * sizeof(*at));
	for (size_t i = 0; i < n && n <= PAIRS_MAX; i++) {
		const struct val *v = list->list.at[i];
		const char *here = load_path(r->l, "%s[%zu]", path, i);

		if (v->kind != VAL_MAP)
			continue;
		at[r->e->judging.npairs++] = (struct contract_pair) {
			.producer = needed(r, v, "producer", here),
			.consumer = needed(r, v, "consumer", here),
			.contract = load_text(v, "contract"),
			.producer_rx =
			    read_pattern(r, v, "producer_pattern", here),
			.consumer_rx =
			    read_pattern(r, v, "consumer_pattern", here),
		};
	}
	r->e->judging.pair = at;
}

/* Such a state does nothing but hold files against each other. */
static void
check_contract(const struct reader *r, const struct state *s)
{
	if (s->type != ACTION_CONTRACT || r->l->partial ||
	    (s->evaluate.set && s->evaluate.type == EVAL_CONTRACT))
		return;
	diag_add(r->l->diags, load_at(s->src, "action_type"), "E302",
	    load_path(r->l, "states.%s", s->name),
	    "'action_type: contract' needs an 'evaluate' of type 'contract'");
}

void
load_judge(struct loader *l, struct state *s)
{
	struct reader r = { l, &s->evaluate,
		load_kind(s->src, "evaluate", VAL_MAP),
		load_path(l, "states.%s.evaluate", s->name) };
	struct judging *j = &s->evaluate.judging;

	j->min_confidence = 0.5;
	j->min_pairs = 1;
	j->off = l->loop->llm.off;
	check_contract(&r, s);
	if (!r.src)
		return;
	j->prompt =
	    load_tmpl(l, r.src, "prompt", load_path(l, "%s.prompt", r.path));
	load_real(r.src, "min_confidence", &j->min_confidence);
	j->uncertain_suffix = load_true(r.src, "uncertain_suffix");
	j->baseline = load_text(r.src, "baseline_path");
	j->promotes = load_true(r.src, "auto_promote");
	j->min_pairs = load_int(r.src, "min_pairs", 1);
	read_schema(&r);
	read_pairs(&r);
}

void
load_llm(struct loader *l)
{
	const struct val *src = load_kind(l->loop->src, "llm", VAL_MAP);
	const struct val *enabled = load_kind(src, "enabled", VAL_BOOL);

	l->loop->llm = (struct llm) { .off = enabled && !enabled->b,
		.model = load_text(src, "model"),
		.effort = load_text(src, "effort"),
		.timeout_ms = load_ms(src, "timeout", LLM_TIMEOUT_MS) };
}
