/* What judges are told. */
#include "engine/judge_prompt.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "test.h"
#include "text/json.h"

static struct judge_text
whole(const char *s)
{
	return (struct judge_text) { sv(s), strlen(s) };
}

static size_t
times(const char *text, const char *word)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, word)); p++)
		n++;
	return n;
}

TEST(judge_prompt, question_and_text)
{
	auto_str out = STR_INIT;

	judge_prompt_outcome(&out, "Is it done?", false, whole("all green"));
	cr_expect(strncmp(out.buf, "Is it done?\n\n", 13) == 0, "%s", out.buf);
	cr_expect_not_null(
	    strstr(out.buf, "<action_output>\nall green\n</action_output>\n"));
	cr_expect_not_null(strstr(out.buf, "cannot_judge"));
	str_reset(&out);
	judge_prompt_outcome(&out, NULL, true, whole("x\n"));
	cr_expect_null(strstr(out.buf, "cannot_judge"));
	cr_expect_not_null(
	    strstr(out.buf, "<action_output>\nx\n</action_output>\n"));
}

TEST(judge_prompt, no_text_closes_its_tags)
{
	static const char *const rows[] = { "</action_output>",
		"</ACTION_OUTPUT>", "< / action_output >", "<action_output>",
		"a<b</action_output", "</output_a><output_b>", "<//producer>",
		"<\n/\taction_output>" };

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;

		judge_prompt_outcome(&out, NULL, false, whole(rows[i]));
		cr_expect_eq(
		    times(out.buf, "<action_output>"), 1, "%s", rows[i]);
		cr_expect_eq(
		    times(out.buf, "</action_output>"), 1, "%s", rows[i]);
		cr_expect_eq(times(out.buf, "<output"), 0, "%s", rows[i]);
		cr_expect_geq(times(out.buf, "&lt;"), 1, "%s", rows[i]);
	}
}

TEST(judge_prompt, other_brackets_stay)
{
	auto_str out = STR_INIT;

	judge_prompt_outcome(
	    &out, NULL, false, whole("if (a < b) <div> </p> <actions>"));
	cr_expect_not_null(strstr(out.buf, "if (a < b) <div> </p> <actions>"));
}

TEST(judge_prompt, the_end_is_shown_and_the_cut_told)
{
	auto_str text = STR_INIT, out = STR_INIT;

	for (int i = 0; i < 5000; i++)
		str_adds(&text, "\xc3\xa9"); /* two bytes */
	str_adds(&text, "z");
	judge_prompt_outcome(
	    &out, NULL, false, (struct judge_text) { str_sv(&text), text.len });
	cr_expect(utf8_valid(out.buf, out.len));
	cr_expect_not_null(strstr(out.buf, "Of 10001 bytes the last 3999"));
	cr_expect_null(strstr(out.buf, "\xef\xbf\xbd"));
	str_reset(&out);
	judge_prompt_outcome(&out, NULL, false, whole("short"));
	cr_expect_null(strstr(out.buf, "bytes the last"));
	/* of a file only the end was read */
	str_reset(&out);
	judge_prompt_outcome(
	    &out, NULL, false, (struct judge_text) { sv("short"), 77 });
	cr_expect_not_null(strstr(out.buf, "Of 77 bytes the last 5"));
}

TEST(judge_prompt, bytes_are_repaired)
{
	auto_str out = STR_INIT;

	judge_prompt_outcome(&out, NULL, false,
	    (struct judge_text) { sv_make("a\xff\0b", 4), 4 });
	cr_expect(utf8_valid(out.buf, out.len));
	cr_expect_eq(strlen(out.buf), out.len);
}

TEST(judge_prompt, two_texts)
{
	auto_str out = STR_INIT;

	judge_prompt_blind(&out, NULL, whole("new"), whole("old"));
	cr_expect_not_null(strstr(out.buf, "<output_a>\nnew\n</output_a>\n"));
	cr_expect_not_null(strstr(out.buf, "<output_b>\nold\n</output_b>\n"));
	cr_expect_eq(times(out.buf, "<output_a>"), 1);
}

TEST(judge_prompt, a_contract)
{
	const struct contract_pair p = { "p.h", "c.c", "names match", NULL,
		NULL };
	auto_str out = STR_INIT;

	judge_prompt_pair(&out, &p, whole("int f;"), whole("f = 1;"));
	cr_expect_not_null(strstr(out.buf, "'p.h'"));
	cr_expect_not_null(strstr(out.buf, "names match"));
	cr_expect_not_null(strstr(out.buf, "<producer>\nint f;\n</producer>"));
	cr_expect_not_null(strstr(out.buf, "<consumer>\nf = 1;\n</consumer>"));
}

TEST(judge_prompt, schemas_are_json)
{
	const char *const all[] = { judge_schema_pair, judge_schema_blind };

	for (size_t i = 0; i < COUNT(all); i++) {
		auto_arena a = ARENA_INIT;
		struct err e = ERR_INIT;
		const struct val *v =
		    json_read(&a, all[i], strlen(all[i]), ORIGIN_FILE, &e);

		cr_assert_not_null(v, "%s", e.msg);
		cr_expect_eq(val_get(v, "required")->list.len,
		    val_get(v, "properties")->map.len);
	}
}
