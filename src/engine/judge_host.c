/*
 * Answers of judges become verdicts.  Whatever a judge does, there is a
 * verdict, and one that failed or cannot be understood is `error`, never
 * "no".
 */
#include "engine/judge_host.h"

#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "host/answer.h"
#include "text/json.h"

enum {
	START_MAX = 500,  /* of a prompt, and of what was printed */
	WORDS_MAX = 4000, /* of a reason, a quotation */
	SHORT_MAX = 300,  /* the same where there are many */
	RAW_MAX = 16384,  /* of an answer as JSON */
};

/* ---- details ---- */

static void
put(struct arena *a, struct val *d, const char *key, const char *s)
{
	if (s)
		val_set(a, d, key, val_text(a, s));
}

static void
put_true(struct arena *a, struct val *d, const char *key, bool is)
{
	if (is)
		val_set(a, d, key, val_bool(a, true));
}

/* The start of a text, whole characters. */
static void
put_start(
    struct arena *a, struct val *d, const char *key, struct sv s, size_t max)
{
	auto_str clean = STR_INIT;

	utf8_repair(&clean, s.p, utf8_floor(s.p, s.n, max));
	val_set(a, d, key, val_bytes(a, clean.buf, clean.len));
}

static void
put_real(struct arena *a, struct val *d, const char *key, double x)
{
	val_set(a, d, key, val_real(a, x));
}

static void
fail(struct judge_answer *out, struct arena *a, struct val *d, const char *kind,
    const char *error)
{
	put(a, d, "error", error);
	put(a, d, "kind", kind);
	*out = (struct judge_answer) { .verdict = "error", .details = d };
}

/* ---- a call that failed ---- */

static void
read_failure(const struct asked *x, struct arena *a, struct judge_answer *out)
{
	const struct failure *f = &x->failure;
	struct val *d = val_map(a);
	auto_str why = STR_INIT;
	bool late = x->outcome.kind == OUT_TIMEOUT;
	bool absent = x->outcome.kind == OUT_SPAWN_FAILED;

	str_addf(&why, "the judge failed (%s)", failure_class_name(f->class));
	if (f->text && *f->text)
		str_addf(&why, ": %s", f->text);
	if (f->hint)
		str_addf(&why, "; %s", f->hint);
	put_true(a, d, "timeout", late);
	put_true(a, d, "missing_dependency", absent);
	put_true(a, d, "api_error", !late && !absent);
	fail(out, a, d, late ? "timeout" : "host",
	    late ? "the judge took too long" : why.buf);
	/* One that did not come to an end did nothing else either. */
	out->again = f->class == CLASS_TRANSIENT || strcmp(f->by, "end") == 0;
}

/* ---- answers ---- */

static void
read_answer(const struct judge_heard *h, bool own_schema, struct arena *a,
    struct answer *out)
{
	struct answer_rules rules = { .own_schema = own_schema,
		.min_confidence = h->how->min_confidence,
		.uncertain_suffix = h->type == EVAL_LLM_STRUCTURED &&
		    h->how->uncertain_suffix };
	struct sv text = h->asked->seen->answer;

	if (h->nonce)
		answer_read_line(text, h->nonce, &rules, a, out);
	else
		answer_read(text, &rules, a, out);
}

static void
unreadable(const struct judge_heard *h, const struct answer *x, struct arena *a,
    struct judge_answer *out)
{
	struct val *d = val_map(a);

	put_true(a, d, "empty_output", !sv_trim(h->asked->seen->answer).n);
	put(a, d, "raw_preview", x->preview);
	put_true(a, d, "invalid_verdict", x->raw_verdict);
	if (x->raw_verdict)
		put_start(a, d, "raw_verdict", sv(x->raw_verdict), SHORT_MAX);
	fail(out, a, d, "answer", x->error);
}

/* The object, when it is short enough to be recorded. */
static void
put_raw(struct arena *a, struct val *d, const struct val *raw)
{
	auto_str json = STR_INIT;

	if (!raw)
		return;
	json_write(&json, raw, JSON_COMPACT);
	if (json.len <= RAW_MAX)
		val_set(a, d, "raw", raw);
}

static void
read_outcome(
    const struct judge_heard *h, struct arena *a, struct judge_answer *out)
{
	struct val *d = val_map(a);
	struct answer x;

	read_answer(h, h->how->schema != NULL, a, &x);
	if (x.error) {
		unreadable(h, &x, a, out);
		return;
	}
	put_real(a, d, "confidence", x.confidence);
	val_set(a, d, "confident", val_bool(a, x.confident));
	put_start(a, d, "reason", sv(x.reason), WORDS_MAX);
	put_start(a, d, "evidence", sv(x.evidence), WORDS_MAX);
	val_set(a, d, "evidence_coerced", val_bool(a, x.evidence_coerced));
	put_raw(a, d, x.raw);
	*out = (struct judge_answer) { x.verdict, d, false };
	if (strcmp(x.verdict, "error") == 0)
		fail(out, a, d, "answer", "the judge's verdict is error");
}

/* yes and no, in whatever case; else NULL. */
static const char *
yes_or_no(const char *word)
{
	if (word && strcasecmp(word, "yes") == 0)
		return "yes";
	return word && strcasecmp(word, "no") == 0 ? "no" : NULL;
}

static void
read_pair(
    const struct judge_heard *h, struct arena *a, struct judge_answer *out)
{
	const struct contract_pair *pair = &h->how->pair[h->pair];
	struct val *d = val_map(a);
	struct answer x;

	read_answer(h, true, a, &x);
	if (!x.error && !yes_or_no(x.verdict)) {
		x.error = "the judge's word is no verdict";
		x.raw_verdict = x.verdict;
	}
	if (x.error) {
		unreadable(h, &x, a, out);
		return;
	}
	put(a, d, "producer", pair->producer);
	put(a, d, "consumer", pair->consumer);
	put(a, d, "verdict", yes_or_no(x.verdict));
	put_real(a, d, "confidence", x.confidence);
	put_start(a, d, "reason", sv(x.reason), SHORT_MAX);
	*out = (struct judge_answer) { yes_or_no(x.verdict), d, false };
}

/* Which of the two passed; false when the answer does not say it. */
static bool
read_sides(
    const struct judge_heard *h, const struct answer *x, bool *a, bool *b)
{
	const char *left = yes_or_no(val_str(x->raw, "verdict_a", NULL));
	const char *right = yes_or_no(val_str(x->raw, "verdict_b", NULL));
	bool both = strcasecmp(x->verdict, "both") == 0;

	if (!h->nonce) {
		*a = left && !strcmp(left, "yes");
		*b = right && !strcmp(right, "yes");
		return left && right;
	}
	*a = both || strcasecmp(x->verdict, "a") == 0;
	*b = both || strcasecmp(x->verdict, "b") == 0;
	return *a || *b || strcasecmp(x->verdict, "neither") == 0;
}

static void
read_blind(
    const struct judge_heard *h, struct arena *a, struct judge_answer *out)
{
	struct val *d = val_map(a);
	bool left, right, ours, theirs;
	struct answer x;

	read_answer(h, true, a, &x);
	if (!read_sides(h, &x, &left, &right)) {
		if (!x.error || x.raw)
			x.error = "the judge did not say yes or no to both";
		unreadable(h, &x, a, out);
		return;
	}
	ours = h->ours_is_b ? right : left;
	theirs = h->ours_is_b ? left : right;
	val_set(a, d, "harness_pass", val_bool(a, ours));
	val_set(a, d, "baseline_pass", val_bool(a, theirs));
	put(a, d, "harness", h->ours_is_b ? "b" : "a");
	put_real(a, d, "confidence", x.confidence);
	put_start(a, d, "reason", sv(x.reason), SHORT_MAX);
	*out = (struct judge_answer) { ours == theirs ? "tie"
		    : ours                            ? "yes"
						      : "no",
		d, false };
}

static void (*const readers[EVAL_TYPES])(
    const struct judge_heard *, struct arena *, struct judge_answer *) = {
	[EVAL_LLM_STRUCTURED] = read_outcome,
	[EVAL_COMPARATOR] = read_blind,
	[EVAL_CONTRACT] = read_pair,
};

/* What was asked and answered, for people. */
static const struct val *
with_call(
    const struct judge_heard *h, const struct val *details, struct arena *a)
{
	const struct host_seen *seen = h->asked->seen;
	struct val *d = val_map(a);

	for (size_t i = 0; i < details->map.len; i++)
		val_set(a, d, details->map.at[i].key, details->map.at[i].v);
	put(a, d, "llm_model", seen->model);
	val_set(
	    a, d, "llm_latency_ms", val_int(a, h->asked->outcome.duration_ms));
	put_start(a, d, "llm_prompt", h->prompt, START_MAX);
	put_start(a, d, "llm_raw_output", seen->answer, START_MAX);
	return d;
}

void
judge_host_read(
    const struct judge_heard *h, struct arena *a, struct judge_answer *out)
{
	if (h->asked->failure.class != CLASS_NONE)
		read_failure(h->asked, a, out);
	else
		readers[h->type](h, a, out);
	if (h->type == EVAL_LLM_STRUCTURED)
		out->details = with_call(h, out->details, a);
}
