/*
 * Answers of judges, and judgements of several calls.  T47 for hosts: no
 * failure of a judge is ever yes or no.
 */
#include "engine/judge_host.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "loop/load.h"
#include "test.h"
#include "text/json.h"

static struct loop *
load(const char *state)
{
	static const struct load_opts how = { 0 };
	struct diags d = DIAGS_INIT;
	auto_str text = STR_INIT;
	struct loop *l;

	str_addf(&text,
	    "name: t\ninitial: a\nstates:\n  a: %s\n"
	    "  z: {terminal: true}\n",
	    state);
	l = loop_load("t.yaml", text.buf, text.len, NULL, &how, &d);
	cr_assert_not_null(l, "%s: %s", state, d.len ? d.at[0].msg : "");
	diags_release(&d);
	return l;
}

static const char *
details(struct arena *a, const struct judge_answer *x)
{
	auto_str out = STR_INIT;

	json_write(&out, x->details, JSON_COMPACT);
	return arena_dup(a, out.buf, out.len);
}

struct row {
	const char *keys; /* of evaluate */
	const char *says, *nonce;
	const char *verdict, *has;
};

static void
check(const struct row *r, bool ours_is_b)
{
	static const struct host host = { .name = "h" };
	const struct host_seen seen = { .answer = sv(r->says) };
	const struct asked asked = { .host = &host, .seen = &seen };
	auto_arena a = ARENA_INIT;
	auto_str state = STR_INIT;
	struct judge_answer got;
	struct loop *l;

	str_addf(&state,
	    "{action: x, evaluate: {%s}, on_yes: z, on_no: z, "
	    "on_error: z}",
	    r->keys);
	l = load(state.buf);
	judge_host_read(&(struct judge_heard) { l->states[0]->evaluate.type,
			    &l->states[0]->evaluate.judging, &asked, r->nonce,
			    sv("Q"), ours_is_b, 0 },
	    &a, &got);
	cr_expect_str_eq(got.verdict, r->verdict, "%s", r->says);
	cr_expect_not_null(strstr(details(&a, &got), r->has), "%s: %s", r->says,
	    details(&a, &got));
	cr_expect_not(got.again);
	loop_free(l);
}

#define LLM "type: llm_structured"
#define OWN LLM ", schema: {properties: {verdict: {enum: [ship, hold]}}}"
#define SURE(v)                                                       \
	"{\"verdict\":\"" v "\",\"confidence\":0.9,\"reason\":\"r\"," \
	"\"evidence\":\"q\"}"

TEST(judge_host, answers_to_a_question)
{
	static const struct row rows[] = {
		{ LLM, SURE("yes"), NULL, "yes", "\"confident\":true" },
		{ LLM, SURE(" No "), NULL, "no", "\"evidence\":\"q\"" },
		{ LLM, SURE("blocked"), NULL, "blocked", "\"raw\":{" },
		{ LLM, SURE("partial"), NULL, "partial",
		    "\"llm_prompt\":\"Q\"" },
		{ LLM, SURE("cannot_judge"), NULL, "cannot_judge", "" },
		{ LLM, SURE("maybe"), NULL, "error",
		    "\"raw_verdict\":\"maybe\"" },
		{ LLM, "{\"verdict\":\"yes\",\"confidence\":1}", NULL, "no",
		    "\"evidence_coerced\":true" },
		{ LLM, "I think so", NULL, "error",
		    "\"raw_preview\":\"I think" },
		{ LLM, " ", NULL, "error", "\"empty_output\":true" },
		{ LLM, "[1]", NULL, "error", "\"kind\":\"answer\"" },
		{ LLM, "```json\n" SURE("yes") "\n```", NULL, "yes", "" },
		{ LLM,
		    "{\"verdict\":\"yes\",\"confidence\":\"high\","
		    "\"evidence\":null}",
		    NULL, "no", "\"confidence\":0.0" },
		{ LLM, "{\"verdict\":\"error\"}", NULL, "error", "\"error\":" },
		{ LLM ", uncertain_suffix: true, min_confidence: 0.95",
		    SURE("yes"), NULL, "yes_uncertain", "\"confident\":false" },
		{ OWN, "{\"verdict\":\"ship\"}", NULL, "ship", "" },
		{ LLM,
		    "so\nLL-EVIDENCE-ab: q\nLL-REASON-ab: r\n"
		    "LL-VERDICT-ab: yes 0.8\n",
		    "ab", "yes", "\"confidence\":0.8" },
		{ LLM, "LL-VERDICT-cd: yes 0.8\n", "ab", "error",
		    "\"kind\":\"answer\"" },
		{ LLM, SURE("yes"), "ab", "error", "\"kind\":\"answer\"" },
		{ LLM, "LL-VERDICT-ab: yes 0.8\nbye", "ab", "error", "bye" },
		{ OWN, "LL-VERDICT-ab: hold", "ab", "hold", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
}

#define BLIND "type: comparator, baseline_path: b"
#define SIDES(a, b) \
	"{\"verdict_a\":\"" a "\",\"verdict_b\":\"" b "\",\"confidence\":1}"

TEST(judge_host, answers_about_two_texts)
{
	static const struct row rows[] = {
		{ BLIND, SIDES("yes", "no"), NULL, "yes",
		    "\"harness_pass\":true,\"baseline_pass\":false" },
		{ BLIND, SIDES("no", "yes"), NULL, "no", "\"harness\":\"a\"" },
		{ BLIND, SIDES("yes", "Yes"), NULL, "tie", "" },
		{ BLIND, SIDES("no", "no"), NULL, "tie", "" },
		{ BLIND, "so: " SIDES("yes", "no") " done", NULL, "yes", "" },
		{ BLIND, SIDES("yes", "perhaps"), NULL, "error", "error" },
		{ BLIND, "{\"verdict_a\":\"yes\"}", NULL, "error", "error" },
		{ BLIND, "nothing", NULL, "error", "raw_preview" },
		{ BLIND, "LL-VERDICT-ab: a 0.7", "ab", "yes", "" },
		{ BLIND, "LL-VERDICT-ab: b 0.7", "ab", "no", "" },
		{ BLIND, "LL-VERDICT-ab: both", "ab", "tie", "" },
		{ BLIND, "LL-VERDICT-ab: neither", "ab", "tie", "" },
		{ BLIND, "LL-VERDICT-ab: yes", "ab", "error", "" },
	};
	static const struct row swapped[] = {
		{ BLIND, SIDES("yes", "no"), NULL, "no", "\"harness\":\"b\"" },
		{ BLIND, SIDES("no", "yes"), NULL, "yes", "" },
		{ BLIND, "LL-VERDICT-ab: b", "ab", "yes", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
	for (size_t i = 0; i < COUNT(swapped); i++)
		check(&swapped[i], true);
}

#define PAIRS                                                  \
	"type: contract, pairs: [{producer: p, consumer: c}, " \
	"{producer: q, consumer: d}]"

TEST(judge_host, answers_about_a_contract)
{
	static const struct row rows[] = {
		{ PAIRS, "{\"verdict\":\"yes\",\"confidence\":1}", NULL, "yes",
		    "\"producer\":\"p\"" },
		{ PAIRS, "{\"verdict\":\"NO\",\"reason\":\"x\"}", NULL, "no",
		    "\"reason\":\"x\"" },
		{ PAIRS, "{\"verdict\":\"partial\"}", NULL, "error",
		    "\"invalid_verdict\":true" },
		{ PAIRS, "hm", NULL, "error", "raw_preview" },
		{ PAIRS, "LL-VERDICT-ab: no 1", "ab", "no", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
}

TEST(judge_host, no_failure_is_yes_or_no)
{
	static const struct outcome ends[] = { { .kind = OUT_EXITED },
		{ .kind = OUT_EXITED, .code = 7 }, { .kind = OUT_SIGNALED },
		{ .kind = OUT_TIMEOUT }, { .kind = OUT_SPAWN_FAILED },
		{ .kind = OUT_LOST } };
	static const char *const types[] = { LLM, BLIND, PAIRS };
	const struct host_seen seen = { .answer = sv(SURE("yes")) };
	struct judge_answer got;

	for (size_t t = 0; t < COUNT(types); t++) {
		auto_str state = STR_INIT;
		struct loop *l;

		str_addf(
		    &state, "{action: x, evaluate: {%s}, on_yes: z}", types[t]);
		l = load(state.buf);
		for (size_t i = 0; i < COUNT(ends); i++)
			for (int c = CLASS_TRANSIENT; c < CLASSES; c++) {
				auto_arena a = ARENA_INIT;
				const struct asked x = { .seen = &seen,
					.failure = { .class =
							 (enum failure_class)c,
					    .by = "exit",
					    .text = "no" },
					.outcome = ends[i] };

				judge_host_read(
				    &(struct judge_heard) {
					l->states[0]->evaluate.type,
					&l->states[0]->evaluate.judging, &x,
					NULL, sv(""), false, 0 },
				    &a, &got);
				cr_expect_str_eq(got.verdict, "error");
				cr_expect_eq(got.again, c == CLASS_TRANSIENT);
				cr_expect_not_null(
				    val_get(got.details, "error"));
				cr_expect_not_null(
				    val_get(got.details, "kind"));
			}
		loop_free(l);
	}
}

/* Words: a verdict, "!" an error that may pass, "x" one that does not. */
struct story {
	const char *keys, *words;
	bool over;
	const char *verdict; /* when it is over */
	const char *has;
};

static const struct val *
answers_of(struct arena *a, const char *words)
{
	struct val *list = val_list(a);
	struct sv rest = sv(words), word;

	while (*words && sv_cut(&rest, ' ', &word)) {
		struct val *v = val_map(a), *d = val_map(a);
		bool again = sv_eq(word, "!"), bad = again || sv_eq(word, "x");

		val_set(a, v, "verdict",
		    bad ? val_text(a, "error") : val_bytes(a, word.p, word.n));
		if (again)
			val_set(a, v, "again", val_bool(a, true));
		val_set(a, d, "harness_pass", val_bool(a, sv_eq(word, "yes")));
		val_set(a, d, "baseline_pass", val_bool(a, sv_eq(word, "no")));
		val_set(a, v, "details", d);
		val_push(a, list, v);
	}
	return list;
}

static void
tell(const struct story *t)
{
	auto_arena a = ARENA_INIT;
	auto_str state = STR_INIT, out = STR_INIT;
	const struct val *answers = answers_of(&a, t->words);
	struct val *last = val_map(&a);
	struct loop *l;
	struct judged j;

	str_addf(&state, "{action: x, on_yes: z, on_error: z, %s}", t->keys);
	l = load(state.buf);
	cr_expect_eq(judge_host_next(l->states[0], answers).over, t->over,
	    "%s: %s", t->keys, t->words);
	if (t->over) {
		val_set(&a, last, "error", val_text(&a, "the last"));
		j = judge_host_verdict(l->states[0], answers, last, &a);
		json_write(&out, j.details, JSON_COMPACT);
		cr_expect_str_eq(
		    j.verdict, t->verdict, "%s: %s", t->keys, t->words);
		cr_expect_not_null(
		    strstr(out.buf, t->has), "%s: %s", t->words, out.buf);
	}
	loop_free(l);
}

#define E(x) "evaluate: {" x "}"

TEST(judge_host, judgements_of_several_calls)
{
	static const struct story rows[] = {
		{ E(LLM), "", false, NULL, NULL },
		{ E(LLM), "yes", true, "yes", "" },
		{ E(LLM), "x", true, "error", "the last" },
		{ E(LLM), "!", false, NULL, NULL },
		{ E(LLM), "! yes", true, "yes", "" },
		{ E(LLM), "! !", true, "error", "the last" },
		{ E(LLM), "cannot_judge", false, NULL, NULL },
		{ E(LLM), "cannot_judge cannot_judge", false, NULL, NULL },
		{ E(LLM), "cannot_judge no", true, "no", "" },
		{ E(LLM), "cannot_judge ! cannot_judge_x", false, NULL, NULL },
		{ E(LLM), "cannot_judge cannot_judge cannot_judge", true,
		    "cannot_judge", "\"abstained\":3" },
		{ E(LLM) ", on_cannot_judge: z", "cannot_judge", true,
		    "cannot_judge", "" },
		{ E(PAIRS), "yes", false, NULL, NULL },
		{ E(PAIRS), "yes yes", true, "yes", "pair_results" },
		{ E(PAIRS), "no yes", true, "no", "pair_results" },
		{ E(PAIRS), "! yes", false, NULL, NULL },
		{ E(PAIRS), "! yes ! no", true, "no", "" },
		{ E(PAIRS), "yes x", true, "error", "the last" },
		{ E(PAIRS), "x", true, "error", "the last" },
		{ E(BLIND), "tie", true, "tie", "\"pairs\":1" },
		{ E(BLIND ", min_pairs: 3"), "yes no", false, NULL, NULL },
		{ E(BLIND ", min_pairs: 3"), "yes no yes", true, "yes",
		    "\"harness_passes\":2,\"baseline_passes\":1" },
		{ E(BLIND ", min_pairs: 3"), "no tie yes", true, "tie", "" },
		{ E(BLIND ", min_pairs: 3"), "yes x", true, "error", "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		tell(&rows[i]);
}

TEST(judge_host, which_pair_is_next)
{
	auto_arena a = ARENA_INIT;
	struct loop *l = load("{action: x, on_yes: z, " E(PAIRS) "}");

	cr_expect_eq(judge_host_next(l->states[0], NULL).pair, 0);
	cr_expect_eq(
	    judge_host_next(l->states[0], answers_of(&a, "!")).pair, 0);
	cr_expect_eq(
	    judge_host_next(l->states[0], answers_of(&a, "yes !")).pair, 1);
	loop_free(l);
}
