/* `evaluate` of judges, and `llm`. */
#include "load_rows.h"

#define FORM                                                    \
	"states:\n  a: {action: x, on_yes: done, on_no: done, " \
	"on_error: failed, evaluate: {@}}\n" REST
#define P "states.a.evaluate"

TEST(load_judge, faults)
{
	static const struct row rows[] = {
		{ "type: llm_structured", NULL, NULL },
		{ "type: llm_structured, schema: {type: object}",
		    "W302 " P ".schema", "always error" },
		{ "type: llm_structured, min_confidence: 2",
		    "E103 " P ".min_confidence", NULL },
		{ "type: llm_structured, prompt: '${nope.x}'",
		    "E402 " P ".prompt", NULL },
		{ "type: comparator", "E302 " P, "baseline_path" },
		{ "type: comparator, baseline_path: b, min_pairs: 5000",
		    "E103 " P ".min_pairs", NULL },
		{ "type: contract", "E302 " P, "pairs" },
		{ "type: contract, pairs: []", "E305 " P ".pairs", NULL },
		{ "type: contract, pairs: [{producer: p}]",
		    "E302 " P ".pairs[0]", "consumer" },
		{ "type: contract, pairs: [{producer: p, consumer: '', "
		  "contract: c}]",
		    "E302 " P ".pairs[0]", "consumer" },
		{ "type: contract, pairs: [{producer: p, consumer: c, "
		  "consumer_pattern: '('}]",
		    "E304 " P ".pairs[0].consumer_pattern", NULL },
	};

	CHECK_ROWS(FORM, rows);
}

TEST(load_judge, a_contract_state_needs_its_evaluator)
{
	static const struct row rows[] = {
		{ "a: {action_type: contract, on_yes: done}", "E302 states.a",
		    "contract" },
	};

	CHECK_ROWS("states:\n  @\n" REST, rows);
}

static struct loop *
made(const char *text)
{
	struct diags d = DIAGS_INIT;
	struct loop *l = load(text, false, &d);

	cr_assert_not_null(l, "%s", d.len ? d.at[0].msg : "");
	diags_release(&d);
	return l;
}

TEST(load_judge, values)
{
	struct loop *l = made(
	    "llm: {model: m, timeout: 2.5, effort: low}\n"
	    "states:\n"
	    "  a: {action: x, on_yes: done, evaluate: {type: llm_structured, "
	    "prompt: Q, uncertain_suffix: true, schema: {properties: "
	    "{verdict: {enum: [ship, hold]}}}}}\n"
	    "  b: {action: x, on_yes: done, evaluate: {type: comparator, "
	    "baseline_path: b, auto_promote: true, min_pairs: 3}}\n" REST);
	const struct judging *j = &l->states[0]->evaluate.judging;

	cr_expect_str_eq(l->llm.model, "m");
	cr_expect_str_eq(l->llm.effort, "low");
	cr_expect_eq(l->llm.timeout_ms, 2500);
	cr_expect_not(l->llm.off);
	cr_expect_str_eq(j->words, "ship, hold");
	cr_expect_str_eq(j->schema,
	    "{\"properties\":{\"verdict\":{\"enum\":[\"ship\",\"hold\"]}}}");
	cr_expect(j->prompt && j->uncertain_suffix);
	cr_expect_eq(j->min_confidence, 0.5);
	j = &l->states[1]->evaluate.judging;
	cr_expect_str_eq(j->baseline, "b");
	cr_expect(j->promotes && j->min_pairs == 3);
	loop_free(l);
}

TEST(load_judge, what_is_usual)
{
	struct loop *l = made("llm: {enabled: false}\nstates:\n"
			      "  a: {action: x, on_yes: done}\n" REST);
	const struct state *s = l->states[0];

	cr_expect(l->llm.off && !l->llm.model && !l->llm.effort);
	cr_expect_eq(l->llm.timeout_ms, 1800 * 1000);
	cr_expect_eq(s->evaluate.judging.min_confidence, 0.5);
	cr_expect_eq(eval_by_host(s), EVAL_DEFAULT);
	loop_free(l);
}
