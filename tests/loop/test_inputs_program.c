/* program.md: sections, lists, pairs, and files that are not one. */
#include "loop/inputs_program.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

TEST(inputs_program, reads_its_sections)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "{}" },
		{ "# Program\nwords\n", "{}" },
		{ "## Directive\nGo.\n### sub\nfast\n\n## Other\nno\n",
		    "{\"directive\":\"Go.\\n### sub\\nfast\"}" },
		{ "##   DIRECTIVE  \r\nGo.\r\n", "{\"directive\":\"Go.\"}" },
		{ "##Directive\nno\n", "{}" },
		{ "## Directive now\nno\n", "{}" },
		{ "## Directive", "{}" },
		{ "## Directive\n \n## Budget\n3", "{\"budget\":\"3\"}" },
		{ "## Budget\n1\n## Budget\n2\n", "{\"budget\":\"1\"}" },
		{ "## Targets\n- a\n* b\ntext\n  + c\n-d\n",
		    "{\"targets\":\"a b c d\"}" },
		{ "## Targets\nonly words\n", "{\"targets\":\"only words\"}" },
		{ "## Targets\n- \n--\n", "{\"targets\":\"- \\n--\"}" },
		{ "## Benchmark\ncommand: a: b\n- metric : s\nnone\n: x\n"
		  "empty:\ncommand: second\n",
		    "{\"command\":\"a: b\",\"metric\":\"s\"}" },
		{ "## Constraints\n$(id) `id` \"${context.x}\"\n",
		    "{\"constraints\":\"$(id) `id` \\\"${context.x}\\\"\"}" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		auto_str got = STR_INIT;
		const struct val *v = inputs_program(&a, sv(rows[i].text));

		json_write(&got, v, JSON_COMPACT);
		cr_expect_str_eq(
		    got.buf, rows[i].want, "%s: %s", rows[i].text, got.buf);
		for (size_t k = 0; k < v->map.len; k++)
			cr_expect_eq(v->map.at[k].v->origin, ORIGIN_DATA);
	}
}

/* Every beginning of a file is read within its bounds. */
TEST(inputs_program, any_cut_of_a_file_is_read)
{
	static const char text[] =
	    "## Targets\n- a\n* b\n## Benchmark\n- k: v\n"
	    "x:y\n## Directive\n\xff\xfe\n##\n## \n";

	for (size_t n = 0; n < sizeof(text); n++) {
		auto_arena a = ARENA_INIT;
		auto_free char *exact = malloc(n + 1);

		cr_assert_not_null(exact);
		memcpy(exact, text, n);
		cr_expect_not_null(
		    inputs_program(&a, sv_make(exact, n)), "%zu", n);
	}
}
