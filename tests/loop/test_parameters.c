/* Types of parameters: what fits, and what it becomes. */
#include "loop/parameters.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

static const struct val *
read_json(struct arena *a, const char *text)
{
	struct err e = ERR_INIT;
	const struct val *v = json_read(a, text, strlen(text), ORIGIN_DATA, &e);

	cr_assert_not_null(v, "%s: %s", text, e.msg);
	return v;
}

TEST(parameters, each_type_takes_what_fits)
{
	static const struct {
		const char *type, *given;
		const char *want; /* NULL: refused */
	} rows[] = {
		{ "string", "\"a b\"", "\"a b\"" },
		{ "string", "5", "\"5\"" },
		{ "string", "1.0", "\"1.0\"" },
		{ "string", "true", "\"true\"" },
		{ "string", "\"\"", "\"\"" },
		{ "string", "[1]", NULL },
		{ "string", "{}", NULL },
		{ "string", "null", NULL },
		{ "path", "\"a\\n\"", "\"a\"" },
		{ "path", "\" a \"", "\" a \"" },
		{ "path", "[]", NULL },
		{ "command", "\"a && b\"", "\"a && b\"" },
		{ "integer", "7", "7" },
		{ "integer", "7.0", "7" },
		{ "integer", "7.5", NULL },
		{ "integer", "1e300", NULL },
		{ "integer", "\" -7\\n\"", "-7" },
		{ "integer", "\"7.0\"", NULL },
		{ "integer", "\"0x7\"", NULL },
		{ "integer", "\"1e3\"", NULL },
		{ "integer", "\"\"", NULL },
		{ "integer", "\"9223372036854775808\"", NULL },
		{ "integer", "\"7; rm\"", NULL },
		{ "integer", "true", NULL },
		{ "number", "7", "7" },
		{ "number", "\"7\"", "7" },
		{ "number", "\"1e3\"", "1000.0" },
		{ "number", "\"-.5\"", "-0.5" },
		{ "number", "\"nan\"", NULL },
		{ "number", "\"inf\"", NULL },
		{ "number", "\"1 2\"", NULL },
		{ "boolean", "false", "false" },
		{ "boolean", "\"True\"", "true" },
		{ "boolean", "\"FALSE\"", "false" },
		{ "boolean", "\"yes\"", NULL },
		{ "boolean", "1", NULL },
		{ "enum", "\"a b\"", "\"a b\"" },
		{ "enum", "\"a b\\n\"", "\"a b\"" },
		{ "enum", "\"2\"", "2" },
		{ "enum", "2.0", "2" },
		{ "enum", "\"true\"", "true" },
		{ "enum", "\"c\"", NULL },
		{ "enum", "\"\"", NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct val *spec = val_map(&a);
		auto_str got = STR_INIT;
		const struct val *v;

		val_set(&a, spec, "type", val_text(&a, rows[i].type));
		val_set(
		    &a, spec, "values", read_json(&a, "[\"a b\", 2, true]"));
		v = parameters_fit(&a, spec, read_json(&a, rows[i].given));
		if (v)
			json_write(&got, v, JSON_COMPACT);
		cr_expect_eq(!v, !rows[i].want, "%s: %s gives %s", rows[i].type,
		    rows[i].given, got.buf);
		if (!v || !rows[i].want)
			continue;
		cr_expect_str_eq(got.buf, rows[i].want);
		cr_expect_eq(v->origin, ORIGIN_DATA, "%s: the origin is kept",
		    rows[i].given);
	}
}

TEST(parameters, say_what_they_want)
{
	auto_arena a = ARENA_INIT;
	const struct val *spec =
	    read_json(&a, "{\"type\": \"enum\", \"values\": [\"a\", 2]}");

	cr_expect_str_eq(parameters_wants(&a, spec), "one of a, 2");
	spec = read_json(&a, "{\"type\": \"integer\"}");
	cr_expect_str_eq(parameters_wants(&a, spec), "a whole number");
}

TEST(parameters, tell_the_checker_what_to_expect)
{
	auto_arena a = ARENA_INIT;
	const struct loop l = { .parameters = read_json(&a,
				    "{\"c\": {\"type\": \"command\"},"
				    " \"i\": {\"type\": \"integer\"},"
				    " \"s\": {\"type\": \"string\"}}") };
	const struct loop none = { .parameters = NULL };

	cr_expect(parameters_take_command(&l, sv("c")));
	cr_expect_not(parameters_take_command(&l, sv("s")));
	cr_expect_not(parameters_take_command(&none, sv("c")));
	cr_expect_eq(
	    parameters_origin(&l, sv("c"), ORIGIN_DATA), ORIGIN_COMMAND);
	cr_expect_eq(parameters_origin(&l, sv("i"), ORIGIN_DATA), ORIGIN_FILE);
	cr_expect_eq(parameters_origin(&l, sv("s"), ORIGIN_DATA), ORIGIN_DATA);
	cr_expect_eq(parameters_origin(&l, sv("x"), ORIGIN_DATA), ORIGIN_DATA);
}
