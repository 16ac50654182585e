/* The dialect of loop files: types, places, limits and what is refused. */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "test.h"
#include "text/render.h"
#include "text/json.h"
#include "text/yml.h"

static const struct val *
read_text(struct arena *a, const char *text, struct diags *d)
{
	return yml_read(a, "f.yaml", text, strlen(text), d);
}

TEST(yml, scalars)
{
	static const struct {
		const char *text;
		enum val_kind kind;
		const char *want;
	} rows[] = {
		{ "", VAL_NULL, "" },
		{ "~", VAL_NULL, "" },
		{ "null", VAL_NULL, "" },
		{ "Null", VAL_NULL, "" },
		{ "NULL", VAL_NULL, "" },
		{ "nULL", VAL_TEXT, "nULL" },
		{ "true", VAL_BOOL, "true" },
		{ "True", VAL_BOOL, "true" },
		{ "FALSE", VAL_BOOL, "false" },
		{ "tRue", VAL_TEXT, "tRue" },
		{ "yes", VAL_TEXT, "yes" },
		{ "no", VAL_TEXT, "no" },
		{ "on", VAL_TEXT, "on" },
		{ "off", VAL_TEXT, "off" },
		{ "0", VAL_INT, "0" },
		{ "-12", VAL_INT, "-12" },
		{ "+1", VAL_INT, "1" },
		{ "+-1", VAL_TEXT, "+-1" },
		{ "017", VAL_TEXT, "017" },
		{ "0o17", VAL_TEXT, "0o17" },
		{ "08", VAL_TEXT, "08" },
		{ "0x1F", VAL_INT, "31" },
		{ "0x", VAL_TEXT, "0x" },
		{ "0xg", VAL_TEXT, "0xg" },
		{ "0b11", VAL_INT, "3" },
		{ "1_000", VAL_TEXT, "1_000" },
		{ "1:30", VAL_TEXT, "1:30" },
		{ "2024-01-02", VAL_TEXT, "2024-01-02" },
		{ "9223372036854775807", VAL_INT, "9223372036854775807" },
		{ "-9223372036854775808", VAL_INT, "-9223372036854775808" },
		{ "9223372036854775808", VAL_TEXT, "9223372036854775808" },
		{ "0xffffffffffffffffff", VAL_TEXT, "0xffffffffffffffffff" },
		{ "1.0", VAL_REAL, "1.0" },
		{ "1.", VAL_REAL, "1.0" },
		{ ".5", VAL_REAL, "0.5" },
		{ "1e3", VAL_REAL, "1000.0" },
		{ "1e-7", VAL_REAL, "1e-07" },
		{ "1.5E+2", VAL_REAL, "150.0" },
		{ "1e", VAL_TEXT, "1e" },
		{ "1e+", VAL_TEXT, "1e+" },
		{ "01e3", VAL_TEXT, "01e3" },
		{ "1e999", VAL_TEXT, "1e999" },
		{ ".", VAL_TEXT, "." },
		{ "-", VAL_TEXT, "-" },
		{ "1.2.3", VAL_TEXT, "1.2.3" },
		{ ".inf", VAL_REAL, "inf" },
		{ "-.inf", VAL_REAL, "-inf" },
		{ ".nan", VAL_REAL, "nan" },
		{ "inf", VAL_TEXT, "inf" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		auto_str out = STR_INIT;
		struct val *v = yml_scalar(&a, sv(rows[i].text));

		cr_assert_eq(v->kind, rows[i].kind, "%s", rows[i].text);
		val_render(&out, v);
		cr_assert_str_eq(out.buf, rows[i].want, "%s", rows[i].text);
	}
}

TEST(yml, documents_as_json)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "null" },
		{ "# nothing\n", "null" },
		{ "---\n", "null" },
		{ "a: 1\nb: [x, 'y', \"z\"]\n",
		    "{\"a\":1,\"b\":[\"x\",\"y\",\"z\"]}" },
		{ "yes: no\nnull: ~\n1: x\n",
		    "{\"yes\":\"no\",\"null\":null,\"1\":\"x\"}" },
		{ "a: '1'\nb: \"true\"\nc: ''\n",
		    "{\"a\":\"1\",\"b\":\"true\",\"c\":\"\"}" },
		{ "a: |\n  x\n   y\n\n  z\n", "{\"a\":\"x\\n y\\n\\nz\\n\"}" },
		{ "a: |-\n  x\n", "{\"a\":\"x\"}" },
		{ "a: >\n  x\n  y\n", "{\"a\":\"x y\\n\"}" },
		{ "a: 1\r\nb: |\r\n  x\r\n  y\r\n",
		    "{\"a\":1,\"b\":\"x\\ny\\n\"}" },
		{ "\xef\xbb\xbf"
		  "a: \xc3\xa9\n",
		    "{\"a\":\"\xc3\xa9\"}" },
		{ "a: &x [1, 2]\nb: *x\n", "{\"a\":[1,2],\"b\":[1,2]}" },
		{ "d: &d {a: 1, b: 2}\ne:\n  <<: *d\n  b: 3\n",
		    "{\"d\":{\"a\":1,\"b\":2},\"e\":{\"b\":3,\"a\":1}}" },
		{ "x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y]}\n",
		    "{\"x\":{\"a\":1},\"y\":{\"a\":2,\"b\":2},"
		    "\"z\":{\"a\":1,\"b\":2}}" },
		{ "'<<': 1\n", "{\"<<\":1}" },
		{ "a: !!str 5\nb: !!int \"7\"\nc: !!float 1\nd: ! 5\n",
		    "{\"a\":\"5\",\"b\":7,\"c\":1.0,\"d\":\"5\"}" },
		{ "a: !!seq [!!null ~]\nb: !!map {c: !!bool true}\n",
		    "{\"a\":[null],\"b\":{\"c\":true}}" },
		{ "a: [1]\n...\n", "{\"a\":[1]}" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct diags d = DIAGS_INIT;
		auto_str out = STR_INIT;
		const struct val *v = read_text(&a, rows[i].text, &d);

		cr_assert(v, "%s: %s", rows[i].text, d.len ? d.at[0].msg : "");
		cr_assert_eq(d.len, 0);
		json_write(&out, v, JSON_COMPACT);
		cr_assert_str_eq(out.buf, rows[i].want, "%s", rows[i].text);
		diags_release(&d);
	}
}

TEST(yml, refuses)
{
	static const struct {
		const char *text, *id;
		int line, col;
		const char *part;
	} rows[] = {
		{ "a: [1, 2\nb: 3\n", "E001", 2, 2, "not YAML" },
		{ "a: 1\n\tb: 2\n", "E001", 2, 1, "not YAML" },
		{ "a: 'x\n", "E001", 2, 1, "not YAML" },
		{ "a: b: c\n", "E001", 1, 5,
		    "a text with ': ' in it needs quotes" },
		{ "a: {b: $"
		  "{c}, d: e}\n",
		    "E001", 1, 9, "inside braces" },
		{ "a: @b\n", "E001", 1, 4, "begins with '@'" },
		{ "a: *.txt\n", "E001", 1, 5, "begins with '*'" },
		{ "a: 1\n\xc3\xa9: \x01\n", "E001", 2, 4, "control" },
		{ "\xff\xfe"
		  "a",
		    "E002", 1, 1, "UTF-16" },
		{ "\xfe\xff"
		  "a",
		    "E002", 1, 1, "UTF-16" },
		{ "a: 1\nb: caf\xe9\n", "E002", 2, 7, "0xe9" },
		{ "a: \"x\\0y\"\n", "E002", 1, 4, "NUL" },
		{ "\"x\\0y\": 1\n", "E002", 1, 1, "NUL" },
		{ "a: 1\n---\nb: 2\n", "E007", 2, 1, "second document" },
		{ "a: !foo 1\n", "E008", 1, 4, "'!foo'" },
		{ "a: !!python/none 1\n", "E008", 1, 4, "'python/none'" },
		{ "a: !!int x\n", "E008", 1, 4, "'!!int'" },
		{ "a: !!str [1]\n", "E008", 1, 4, "'str'" },
		{ "a: *b\n", "E009", 1, 4, "no anchor" },
		{ "a: &x [*x]\n", "E009", 1, 8, "inside its own" },
		{ "[1]: 2\n", "E010", 1, 1, "key" },
		{ "a: &x k\n*x : 2\n", "E010", 2, 1, "key" },
		{ "<<: 1\n", "E011", 1, 1, "a whole number" },
		{ "a:\n  <<: [1]\n", "E011", 2, 3, "a whole number" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct diags d = DIAGS_INIT;

		cr_assert_null(
		    read_text(&a, rows[i].text, &d), "%s", rows[i].text);
		cr_assert_eq(d.len, 1, "%s", rows[i].text);
		cr_assert_str_eq(d.at[0].id, rows[i].id, "%s: %s", rows[i].text,
		    d.at[0].msg);
		cr_assert(strstr(d.at[0].msg, rows[i].part), "%s: %s",
		    rows[i].text, d.at[0].msg);
		cr_assert_eq(d.at[0].at.line, rows[i].line, "%s: %d:%d",
		    rows[i].text, d.at[0].at.line, d.at[0].at.col);
		cr_assert_eq(d.at[0].at.col, rows[i].col, "%s: %d:%d",
		    rows[i].text, d.at[0].at.line, d.at[0].at.col);
		diags_release(&d);
	}
}

TEST(yml, refuses_a_nul_byte)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;

	cr_assert_null(yml_read(&a, "f", "a: x\0y", 6, &d));
	cr_assert_str_eq(d.at[0].id, "E002");
	cr_assert_eq(d.at[0].at.col, 5);
	diags_release(&d);
}

TEST(yml, duplicate_keys_name_both_places)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	const struct val *v = read_text(&a,
	    "states:\n  fix: {n: 1}\n  a: 1\n  fix:\n    n: 2\n"
	    "l:\n- k: 1\n  k: 2\n",
	    &d);

	cr_assert(v);
	cr_assert_eq(d.len, 2);
	cr_assert_str_eq(d.at[0].id, "E003");
	cr_assert_str_eq(d.at[0].path, "states.fix");
	cr_assert_eq(d.at[0].at.line, 4);
	cr_assert_eq(d.at[0].at.col, 3);
	cr_assert(strstr(d.at[0].msg, "'fix'"));
	cr_assert(strstr(d.at[0].msg, "line 2, column 3"));
	cr_assert_str_eq(d.at[1].path, "l.0.k");
	v = val_get(val_get(v, "states"), "fix");
	cr_assert_eq(val_num(v, "n", 0), 1);
	diags_release(&d);
}

/* `n` times `piece`, between `before` and `after`. */
static void
repeat(struct str *out, const char *before, const char *piece, size_t n,
    const char *after)
{
	str_adds(out, before);
	for (size_t i = 0; i < n; i++)
		str_adds(out, piece);
	str_adds(out, after);
}

static void
refused_fast(const struct str *text, const char *id)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	long long from = clock_ms();

	cr_assert_null(yml_read(&a, "f", text->buf, text->len, &d));
	cr_assert_eq(d.len, 1);
	cr_assert_str_eq(d.at[0].id, id, "%s", d.at[0].msg);
	cr_assert_lt(clock_ms() - from, 1000);
	diags_release(&d);
}

TEST(yml, limits)
{
	auto_str deep = STR_INIT, bomb = STR_INIT, many = STR_INIT;
	auto_str big = STR_INIT, tall = STR_INIT, block = STR_INIT;
	auto_str maps = STR_INIT;

	repeat(&deep, "", "[", 100000, "");
	refused_fast(&deep, "E005");
	repeat(&maps, "", "{a: ", 100000, "");
	refused_fast(&maps, "E005");
	repeat(&block, "", "- ", 100000, "x");
	refused_fast(&block, "E005");
	str_adds(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 9; i++) {
		str_addf(&bomb, "a%d: &a%d [*a%d", i, i, i - 1);
		for (int k = 1; k < 10; k++)
			str_addf(&bomb, ", *a%d", i - 1);
		str_adds(&bomb, "]\n");
	}
	refused_fast(&bomb, "E006");
	repeat(&many, "[", "x,", YML_MAX_NODES, "]");
	refused_fast(&many, "E006");
	repeat(&big, "a: ", "x", YML_MAX_BYTES, "\n");
	refused_fast(&big, "E004");
	str_adds(&tall, "a0: &a0 [x]\n");
	for (int i = 1; i < 100; i++)
		str_addf(&tall, "a%d: &a%d [*a%d]\n", i, i, i - 1);
	refused_fast(&tall, "E005");
}

TEST(yml, inside_the_limits)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	auto_str deep = STR_INIT, many = STR_INIT, big = STR_INIT;

	repeat(&deep, "", "[", 64, "");
	repeat(&deep, "", "]", 64, "");
	cr_assert(yml_read(&a, "f", deep.buf, deep.len, &d));
	repeat(&many, "", "- x\n", YML_MAX_NODES - 1, "");
	cr_assert(yml_read(&a, "f", many.buf, many.len, &d));
	repeat(&big, "a: ", "x", YML_MAX_BYTES - 4, "\n");
	cr_assert(yml_read(&a, "f", big.buf, big.len, &d));
	cr_assert_eq(d.len, 0);
	diags_release(&d);
}

TEST(yml, places)
{
	static const char text[] = "k: plain\n"
				   "\xc3\xa9: \"q\xc3\xa9z\"\n"
				   "b: |\n"
				   "\n"
				   "    one\n"
				   "      \xc3\xa9two\n"
				   "f: >\n"
				   "  x\n"
				   "  y\n"
				   "e: 'it''s'\n"
				   "i: |2\n"
				   "    deep\n"
				   "s: [a, bc]\n";
	static const struct {
		const char *key;
		size_t off;
		int line, col;
	} rows[] = {
		{ "k", 0, 1, 4 },
		{ "k", 3, 1, 7 },
		{ "\xc3\xa9", 0, 2, 5 },
		{ "\xc3\xa9", 3, 2, 7 },
		{ "b", 1, 5, 5 },
		{ "b", 3, 5, 7 },
		{ "b", 5, 6, 5 },
		{ "b", 9, 6, 8 },
		{ "f", 2, 7, 4 },
		{ "e", 3, 10, 4 },
		{ "i", 0, 12, 3 },
		{ "i", 2, 12, 5 },
	};
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	const struct val *v = read_text(&a, text, &d), *list;

	cr_assert(v);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct place at =
		    val_place_at(val_get(v, rows[i].key), rows[i].off);

		cr_assert_eq(at.line, rows[i].line, "row %zu: %d:%d", i,
		    at.line, at.col);
		cr_assert_eq(
		    at.col, rows[i].col, "row %zu: %d:%d", i, at.line, at.col);
		cr_assert_str_eq(at.file, "f.yaml");
	}
	list = val_get(v, "s");
	cr_assert_eq(list->at.col, 4);
	cr_assert_eq(list->list.at[1]->at.col, 8);
	cr_assert_eq(val_member(v, "s")->at.line, 13);
	cr_assert_eq(val_member(v, "s")->at.col, 1);
	diags_release(&d);
}

TEST(yml, the_file_name_is_kept_in_the_arena)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	char name[] = "name.yaml";
	const struct val *v = yml_read(&a, name, "a: 1", 4, &d);

	name[0] = 'X';
	cr_assert_str_eq(v->at.file, "name.yaml");
	diags_release(&d);
}
