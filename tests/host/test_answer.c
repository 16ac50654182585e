/* What judges say: JSON in every wrapping, tags, last lines. */
#include "host/answer.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

static const struct answer_rules plain = { .min_confidence = 0.5 };
static const struct answer_rules own = { .own_schema = true,
	.min_confidence = 0.5 };
static const struct answer_rules suffix = { .min_confidence = 0.5,
	.uncertain_suffix = true };

#define GOOD "\"confidence\":0.9,\"reason\":\"r\",\"evidence\":\"e\"}"

struct row {
	const struct answer_rules *rules;
	const char *text, *verdict;
	double confidence;
	bool coerced, error;
};

/* clang-format off */
static const struct row rows[] = {
	{ &plain, "{\"verdict\":\"yes\"," GOOD, "yes", 0.9, false, false },
	{ &plain, "{\"verdict\":\"Yes \"," GOOD, "yes", 0.9, false, false },
	{ &plain, "{\"verdict\":\"BLOCKED\"," GOOD, "blocked", 0.9, false,
	  false },
	{ &plain, "{\"verdict\":\"yes\",\"evidence\":\"\"}", "no", 1, true,
	  false },
	{ &plain, "{\"verdict\":\"yes\",\"evidence\":null}", "no", 1, true,
	  false },
	{ &plain, "{\"verdict\":\"no\",\"evidence\":\" \\n\"}", "no", 1, true,
	  false },
	{ &plain, "{\"verdict\":\"yes\",\"evidence\":[\"a\",\"b\"]}", "yes", 1,
	  false, false },
	{ &plain, "{\"verdict\":\"cannot_judge\",\"evidence\":\"\"}",
	  "cannot_judge", 1, false, false },
	{ &plain, "{\"verdict\":\"error\",\"evidence\":\"\"}", "error", 1,
	  false, false },
	{ &plain, "{\"verdict\":\"maybe\"," GOOD, "error", 0.9, false, true },
	{ &plain, "{\"verdict\":true," GOOD, "error", 0.9, false, true },
	{ &plain, "{\"verdict\":null," GOOD, "error", 0.9, false, true },
	{ &plain, "{\"verdict\":[\"yes\"]," GOOD, "error", 0.9, false, true },
	{ &plain, "{\"confidence\":1}", "error", 1, false, true },
	{ &plain, "[{\"verdict\":\"yes\"," GOOD "]", "error", 0, false, true },
	{ &plain, "42", "error", 0, false, true },
	{ &plain, "", "error", 0, false, true },
	{ &plain, " \n", "error", 0, false, true },
	{ &plain, "yes", "error", 0, false, true },
	{ &plain, "sorry, I cannot", "error", 0, false, true },
	{ &plain, "{\"verdict\":\"yes\",\"confidence\":\"high\","
	  "\"evidence\":\"e\"}", "yes", 0, false, false },
	{ &plain, "{\"verdict\":\"yes\",\"confidence\":\"0.7\","
	  "\"evidence\":\"e\"}", "yes", 0.7, false, false },
	{ &plain, "{\"verdict\":\"yes\",\"confidence\":7,\"evidence\":\"e\"}",
	  "yes", 1, false, false },
	{ &plain, "\"{\\\"verdict\\\":\\\"yes\\\","
	  "\\\"evidence\\\":\\\"e\\\"}\"", "yes", 1, false, false },
	{ &plain, "Here:\n```json\n{\"verdict\":\"yes\"," GOOD "\n```\nDone.",
	  "yes", 0.9, false, false },
	{ &plain, "I first said {\"verdict\":\"yes\"," GOOD " but it is {x} "
	  "{\"verdict\":\"no\"," GOOD, "no", 0.9, false, false },
	{ &plain, "a \"quoted { brace\" and {\"verdict\":\"yes\"," GOOD, "yes",
	  0.9, false, false },
	{ &plain, "{ not json } {\"verdict\":\"yes\"," GOOD, "yes", 0.9, false,
	  false },
	{ &plain, "```\n<verdict>YES</verdict>\n<confidence>0.8</confidence>"
	  "<evidence>q</evidence>\n```", "yes", 0.8, false, false },
	{ &plain, "<verdict>yes</verdict>", "no", 1, true, false },
	{ &plain, "<verdict>yes", "error", 0, false, true },
	{ &own, "{\"verdict\":\"Ship It\"}", "Ship It", 1, false, false },
	{ &own, "{\"verdict\":3}", "3", 1, false, false },
	{ &own, "{\"score\":3}", "error", 1, false, true },
	{ &suffix, "{\"verdict\":\"yes\",\"confidence\":0.4,"
	  "\"evidence\":\"e\"}", "yes_uncertain", 0.4, false, false },
	{ &suffix, "{\"verdict\":\"yes\",\"confidence\":0.5,"
	  "\"evidence\":\"e\"}", "yes", 0.5, false, false },
	{ &suffix, "{\"verdict\":\"odd\",\"confidence\":0.1}", "error", 0.1,
	  false, true },
	{ &suffix, "{\"verdict\":\"error\",\"confidence\":0.1}", "error", 0.1,
	  false, false },
};
/* clang-format on */

static void
expect(const struct answer *got, const struct row *r)
{
	cr_expect_str_eq(
	    got->verdict, r->verdict, "%s: %s", r->text, got->verdict);
	cr_expect_float_eq(got->confidence, r->confidence, 1e-9, "%s: %g",
	    r->text, got->confidence);
	cr_expect_eq(got->evidence_coerced, r->coerced, "%s", r->text);
	cr_expect_eq(got->error != NULL, r->error, "%s: %s", r->text,
	    got->error ? got->error : "no error");
	cr_expect(got->reason && got->evidence);
}

TEST(answer, in_the_form_of_a_schema)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct answer got;

		answer_read(sv(rows[i].text), rows[i].rules, &a, &got);
		expect(&got, &rows[i]);
	}
}

TEST(answer, the_schema_is_json)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const struct val *v = json_read(
	    &a, answer_schema, strlen(answer_schema), ORIGIN_FILE, &e);

	cr_assert(v, "%s", e.msg);
	cr_expect(val_get(val_get(v, "properties"), "verdict"));
}

#define V "LL-VERDICT-n7: "
#define E "LL-EVIDENCE-n7: q\n"
/* clang-format off */
static const struct row lines[] = {
	{ &plain, "long talk\n" E "LL-REASON-n7: r\n" V "yes 0.9\n", "yes",
	  0.9, false, false },
	{ &plain, E V "Yes\n\n \n", "yes", 1, false, false },
	{ &plain, "LL-REASON-n7: r\r\n" E V "no 1\r\n", "no", 1, false,
	  false },
	{ &plain, V "yes 0.9", "no", 0.9, true, false },
	{ &plain, V "cannot_judge", "cannot_judge", 1, false, false },
	{ &plain, E V "yes\nbye", "error", 0, false, true },
	{ &plain, E "LL-VERDICT-n8: yes", "error", 0, false, true },
	{ &plain, E "`" V "yes`", "error", 0, false, true },
	{ &plain, E "ll-verdict-n7: yes", "error", 0, false, true },
	{ &plain, E V "yes and no", "error", 0, false, true },
	{ &plain, E V "maybe", "error", 1, false, true },
	{ &plain, E "x " V "yes", "error", 0, false, true },
	{ &plain, E "LL-VERDICT-n7: ", "error", 0, false, true },
	{ &plain, "", "error", 0, false, true },
	{ &own, V "PASS 0.7", "PASS", 0.7, false, false },
	{ &suffix, E V "yes 0.1", "yes_uncertain", 0.1, false, false },
};
/* clang-format on */

TEST(answer, as_a_last_line)
{
	for (size_t i = 0; i < COUNT(lines); i++) {
		auto_arena a = ARENA_INIT;
		struct answer got;

		answer_read_line(
		    sv(lines[i].text), "n7", lines[i].rules, &a, &got);
		expect(&got, &lines[i]);
	}
}

TEST(answer, asks_for_what_it_reads)
{
	auto_str prompt = STR_INIT;

	answer_ask_line(&prompt, "n7", "yes, no");
	cr_expect(strstr(prompt.buf, V));
	cr_expect(strstr(prompt.buf, "LL-EVIDENCE-n7: "));
	cr_expect(strstr(prompt.buf, "yes, no"));
}

TEST(answer, a_preview_is_short_and_whole)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct answer got;

	for (int i = 0; i < 200; i++)
		str_adds(&text, "é");
	answer_read(str_sv(&text), &plain, &a, &got);
	cr_expect_eq(strlen(got.preview), ANSWER_PREVIEW_MAX);
}
