/* JSON both ways, and what it cannot carry. */
#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

TEST(json, there_and_back)
{
	static const struct {
		const char *text, *want; /* NULL: the same */
	} rows[] = {
		{ "null", NULL },
		{ " true ", "true" },
		{ "-12", NULL },
		{ "1.0", NULL },
		{ "1e2", "100.0" },
		{ "\"\"", NULL },
		{ "\"a\\u0000b\"", NULL },
		{ "\"\\ud83d\\ude00 \\u00e9 \\/\"",
		    "\"\xf0\x9f\x98\x80 \xc3\xa9 /\"" },
		{ "[]", NULL },
		{ "{}", NULL },
		{ "{ \"z\": [1, 2], \"a\": {\"k\": null} }",
		    "{\"z\":[1,2],\"a\":{\"k\":null}}" },
		{ "9223372036854775807", NULL },
		{ "9223372036854775808", "\"9223372036854775808\"" },
		{ "{\"id\":12345678901234567890,\"n\":5,\"t\":"
		  "\"\\\"99999999999999"
		  "999999\",\"r\":1e30}",
		    "{\"id\":\"12345678901234567890\",\"n\":5,\"t\":"
		    "\"\\\"99999999"
		    "999999999999\",\"r\":1e+30}" },
		{ "[-9223372036854775809,-9223372036854775808,"
		  "0.99999999999999999999]",
		    "[\"-9223372036854775809\",-9223372036854775808,1.0]" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		auto_str out = STR_INIT;
		struct err e = ERR_INIT;
		const struct val *v = json_read(&a, rows[i].text,
		    strlen(rows[i].text), ORIGIN_OPERATOR, &e);

		cr_assert(v, "%s: %s", rows[i].text, e.msg);
		cr_assert_eq(v->origin, ORIGIN_OPERATOR);
		json_write(&out, v, JSON_COMPACT);
		cr_assert_str_eq(
		    out.buf, rows[i].want ? rows[i].want : rows[i].text);
	}
}

TEST(json, refuses)
{
	static const char *const rows[] = { "", "{", "[1,]",
		"{\"a\":1,\"a\":2}", "1 2", "nul", "'a'", "{\"a\\u0000b\":1}",
		"\"\xff\"", "\"\n\"", "NaN", "1e999" };

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct err e = ERR_INIT;

		cr_assert_null(
		    json_read(&a, rows[i], strlen(rows[i]), ORIGIN_DATA, &e));
		cr_assert_eq(e.kind, ERR_INPUT);
		cr_assert(strstr(e.msg, "line 1, column"), "%s", e.msg);
	}
}

TEST(json, depth)
{
	struct err e = ERR_INIT;

	for (size_t depth = 64; depth <= 65; depth++) {
		auto_arena a = ARENA_INIT;
		char text[200];

		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		cr_assert_eq(!json_read(&a, text, depth * 2, ORIGIN_DATA, &e),
		    depth == 65);
	}
	cr_assert(strstr(e.msg, "64 levels"), "%s", e.msg);
}

TEST(json, quotes)
{
	static const struct {
		const char *text;
		size_t n;
		const char *want;
		bool exact;
	} rows[] = {
		{ "", 0, "\"\"", true },
		{ "a\"\\\n\t\r\b\f\x01", 9,
		    "\"a\\\"\\\\\\n\\t\\r\\b\\f\\u0001\"", true },
		{ "x\0y", 3, "\"x\\u0000y\"", true },
		{ "\xc3\xa9\xf0\x9f\x98\x80/", 7,
		    "\"\xc3\xa9\xf0\x9f\x98\x80/\"", true },
		{ "a\xff"
		  "b",
		    3,
		    "\"a\xef\xbf\xbd"
		    "b\"",
		    false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;

		json_quote(&out, rows[i].text, rows[i].n);
		cr_assert_str_eq(out.buf, rows[i].want);
		cr_assert_eq(json_quoted_len(rows[i].text, rows[i].n), out.len);
		cr_assert_eq(
		    json_is_exact(rows[i].text, rows[i].n), rows[i].exact);
	}
}

TEST(json, pretty)
{
	static const char text[] = "{\"a\":[1,{}],\"b\":[]}";
	auto_arena a = ARENA_INIT;
	auto_str out = STR_INIT;
	struct err e = ERR_INIT;

	json_write(&out, json_read(&a, text, strlen(text), ORIGIN_DATA, &e),
	    JSON_PRETTY);
	cr_assert_str_eq(
	    out.buf, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}
