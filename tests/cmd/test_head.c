/* The head of a loop file. */
#include "test.h"

#include <string.h>

#include "base/auto.h"
#include "cmd/head.h"
#include "text/json.h"

TEST(head, reads_what_a_listing_shows)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "name: a\ninitial: x\nstates:\n  x: [broken\n",
		    "{\"name\":\"a\",\"initial\":\"x\",\"states\":\"x\"}" },
		{ "name: a\ndescription: |\n  one\n\n  two\nmax_steps: 3\n"
		  "labels:\n- p\n- q\n# c\n",
		    "{\"name\":\"a\",\"description\":\"one\\n\\ntwo\\n\","
		    "\"labels\":[\"p\",\"q\"]}" },
		{ "{name: a, max_steps: 1}\n",
		    "{\"name\":\"a\",\"max_steps\":1}" },
		{ "- a\n- b\n", "[\"a\",\"b\"]" },
		{ "fragments:\n  f: {}\n", "{\"fragments\":{\"f\":{}}}" },
		{ "x: &d hi\nname: a\ndescription: *d\n",
		    "{\"x\":\"hi\",\"name\":\"a\",\"description\":\"hi\"}" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		auto_arena mem = ARENA_INIT;
		struct diags d = DIAGS_INIT;
		auto_str json = STR_INIT;
		const struct val *v = head_read(
		    &mem, "f", cases[i].text, strlen(cases[i].text), &d);

		cr_assert_not_null(v, "%s", cases[i].text);
		json_write(&json, v, JSON_COMPACT);
		cr_assert_str_eq(json.buf, cases[i].want);
		cr_assert_eq(d.len, 0);
		diags_release(&d);
	}
}

TEST(head, tells_what_does_not_parse)
{
	auto_arena mem = ARENA_INIT;
	struct diags d = DIAGS_INIT;

	cr_assert_null(head_read(&mem, "f", "name: [a\n", 9, &d));
	cr_assert_gt(d.len, 0);
	diags_release(&d);
}
