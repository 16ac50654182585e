/* The context at start: precedence, origins, JSON input, parameters. */
#include "loop/inputs.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

struct bed {
	struct arena a;
	struct loop l;
	struct inputs in;
	struct diags d;
	struct started s;
};

static const struct val *
json(struct bed *b, const char *text, enum origin o)
{
	struct err e = ERR_INIT;
	const struct val *v = json_read(&b->a, text, strlen(text), o, &e);

	cr_assert_not_null(v, "%s: %s", text, e.msg);
	return v;
}

/* A loop with this context and these parameters. */
static struct bed
bed(const char *context, const char *parameters)
{
	struct bed b = { .a = ARENA_INIT, .d = DIAGS_INIT };

	b.l.context = json(&b, context, ORIGIN_FILE);
	b.l.parameters = json(&b, parameters, ORIGIN_FILE);
	b.l.input_key = "goal";
	b.in.run_dir = "/r/";
	b.in.max_steps = 7;
	b.in.max_iterations = -1;
	return b;
}

static void
start(struct bed *b, const char *input, const char *const *pairs, size_t n)
{
	struct input_pair *pair = arena_new(&b->a, (n + 1) * sizeof(*pair));
	struct err e = ERR_INIT;

	for (size_t i = 0; i < n; i++)
		cr_assert_eq(inputs_pair(&b->a, pairs[i], &pair[i], &e), 0);
	if (input)
		b->in.input = sv(input);
	b->in.pair = pair;
	b->in.npairs = n;
	inputs_context(&b->a, &b->l, &b->in, &b->d, &b->s);
}

static void
done(struct bed *b)
{
	diags_release(&b->d);
	arena_release(&b->a);
}

/* The value of a key as JSON, or "". */
static const char *
value(struct bed *b, const struct val *map, const char *key)
{
	const struct val *v = val_get(map, key);
	auto_str text = STR_INIT;

	if (v)
		json_write(&text, v, JSON_COMPACT);
	return arena_dup(&b->a, text.buf, text.len);
}

#define EXPECT(b, key, want) \
	cr_expect_str_eq(value(b, (b)->s.context, key), want, "%s", key)
#define EXPECT_FROM(b, key, want) \
	cr_expect_str_eq(value(b, (b)->s.givers, key), want, "%s", key)

TEST(inputs, each_value_knows_who_wrote_it)
{
	static const char *const pairs[] = { "n=4", " k =a = b ",
		"goal=from option" };
	struct bed b = bed("{\"check\": \"make\", \"n\": 3}", "{}");
	const struct val *c;

	start(&b, "from argument", pairs, 3);
	c = b.s.context;
	cr_assert_eq(val_get(c, "check")->origin, ORIGIN_FILE);
	cr_assert_eq(val_get(c, "n")->origin, ORIGIN_OPERATOR);
	EXPECT(&b, "n", "\"4\"");
	EXPECT(&b, "k", "\"a = b \"");
	EXPECT(&b, "goal", "\"from option\"");
	EXPECT_FROM(&b, "goal", "[\"--context\",\"positional input\"]");
	EXPECT_FROM(&b, "n", "[\"--context\",\"loop file\"]");
	EXPECT_FROM(&b, "max_steps", "[\"runner\"]");
	cr_assert_eq(val_get(c, "run_dir")->origin, ORIGIN_RUNNER);
	EXPECT(&b, "max_steps", "7");
	EXPECT(&b, "max_iterations", "");
	done(&b);
}

TEST(inputs, the_argument_is_data)
{
	struct bed b = bed("{\"check\": \"make\"}", "{}");
	const struct val *o;

	start(&b, "x", NULL, 0);
	o = inputs_origins(&b.a, b.s.context);
	cr_assert_eq(val_get(b.s.context, "goal")->origin, ORIGIN_DATA);
	cr_assert_str_eq(val_str(o, "goal", ""), "data");
	cr_assert_str_eq(val_str(o, "run_dir", ""), "runner");
	cr_assert_null(val_get(o, "check"), "file is what is not said");
	done(&b);
}

TEST(inputs, the_order_of_precedence)
{
	static const char *const pairs[] = { "d=4", "d=5" };
	struct bed b = bed("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"max_steps\":9}",
	    "{\"a\": {\"type\": \"integer\", \"default\": 6},"
	    " \"e\": {\"type\": \"integer\", \"default\": \"6\"}}");

	b.in.program = json(&b, "{\"c\":3,\"d\":3}", ORIGIN_DATA);
	start(&b, "{\"b\":2,\"c\":2,\"d\":2}", pairs, 2);
	EXPECT(&b, "a", "1");
	EXPECT(&b, "b", "2");
	EXPECT(&b, "c", "3");
	EXPECT(&b, "d", "\"5\"");
	EXPECT(&b, "e", "6");
	EXPECT(&b, "max_steps", "9");
	EXPECT_FROM(
	    &b, "c", "[\"program.md\",\"positional input\",\"loop file\"]");
	EXPECT_FROM(&b, "e", "[\"parameter default\"]");
	cr_expect_eq(val_get(b.s.context, "e")->origin, ORIGIN_FILE);
	cr_expect_eq(b.d.errors, 0);
	done(&b);
}

TEST(inputs, refuses_what_is_no_pair)
{
	static const char *const bad[] = { "colour", "=x", "  =x", "" };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct err e = ERR_INIT;
		struct input_pair p;

		cr_expect_eq(inputs_pair(&a, bad[i], &p, &e), -1);
		cr_expect_eq(e.kind, ERR_USAGE);
	}
}

TEST(inputs, an_at_sign_names_a_file)
{
	static const struct {
		const char *pair, *value, *file;
	} rows[] = {
		{ "k=@a/b c", NULL, "a/b c" },
		{ "k=@", NULL, "" },
		{ "k=@@x", "@x", NULL },
		{ "k=@@@x", "@@x", NULL },
		{ "k= @x", " @x", NULL },
		{ "k=a@x", "a@x", NULL },
		{ "k=", "", NULL },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;
		struct input_pair p;

		cr_assert_eq(inputs_pair(&a, rows[i].pair, &p, &e), 0);
		cr_expect_str_eq(p.key, "k");
		cr_expect_eq(!p.file, !rows[i].file, "%s", rows[i].pair);
		if (rows[i].file)
			cr_expect_str_eq(p.file, rows[i].file);
		else
			cr_expect(
			    sv_eq(p.value, rows[i].value), "%s", rows[i].pair);
	}
}

TEST(inputs, an_object_sets_what_the_loop_knows)
{
	static const struct {
		const char *input, *colour, *goal, *unknown;
		bool as_text, broken;
	} rows[] = {
		{ "{\"colour\":\"teal\",\"zzz\":1}", "\"teal\"", "",
		    "[\"zzz\"]", false, false },
		{ " {\"colour\": {\"a\": [1]}}\n", "{\"a\":[1]}", "", "[]",
		    false, false },
		{ "{\"colour\":null}", "null", "", "[]", false, false },
		{ "{\"zzz\":1}", "1", "\"{\\\"zzz\\\":1}\"", "[\"zzz\"]", true,
		    false },
		{ "{}", "1", "\"{}\"", "[]", false, false },
		{ "[1,2]", "1", "\"[1,2]\"", "[]", false, false },
		{ "42", "1", "\"42\"", "[]", false, false },
		{ "{bad", "1", "\"{bad\"", "[]", false, false },
		{ "{\"colour\":1", "1", "\"{\\\"colour\\\":1\"", "[]", false,
		    true },
		{ "{\"colour\":1,\"colour\":2}", "1",
		    "\"{\\\"colour\\\":1,\\\"colour\\\":2}\"", "[]", false,
		    true },
		{ "", "1", "\"\"", "[]", false, false },
		{ "{\"must\":2}", "1", "", "[]", false, false },
		{ "{\"goal\":2}", "1", "\"{\\\"goal\\\":2}\"", "[\"goal\"]",
		    true, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b = bed("{\"colour\": 1}", "{}");

		b.l.required_inputs = json(&b, "[\"must\"]", ORIGIN_FILE);
		start(&b, rows[i].input, NULL, 0);
		EXPECT(&b, "colour", rows[i].colour);
		EXPECT(&b, "goal", rows[i].goal);
		cr_expect(val_equal(b.s.unknown,
			      json(&b, rows[i].unknown, ORIGIN_FILE)),
		    "%s", rows[i].input);
		cr_expect_eq(b.s.as_text, rows[i].as_text, "%s", rows[i].input);
		cr_expect_eq(!!b.s.broken, rows[i].broken, "%s", rows[i].input);
		done(&b);
	}
}

TEST(inputs, what_is_inside_an_object_is_data)
{
	struct bed b = bed("{\"colour\": 1}", "{}");
	const struct val *v;

	start(&b, "{\"colour\": {\"a\": [\"x\"]}}", NULL, 0);
	v = val_get(val_get(b.s.context, "colour"), "a");
	cr_expect_eq(v->origin, ORIGIN_DATA);
	cr_expect_eq(v->list.at[0]->origin, ORIGIN_DATA);
	done(&b);
}

TEST(inputs, the_hash_is_that_of_input)
{
	static const char *const pairs[] = { "input=hash me" };
	static const char *const own[] = { "input=x", "input_hash=mine" };
	struct bed b = bed("{}", "{}");

	start(&b, "other", pairs, 1);
	EXPECT(&b, "input_hash", "\"eb201af5aaf0\"");
	cr_expect_eq(
	    val_get(b.s.context, "input_hash")->origin, ORIGIN_OPERATOR);
	done(&b);
	b = bed("{}", "{}");
	start(&b, "no key of that name", NULL, 0);
	EXPECT(&b, "input_hash", "");
	done(&b);
	b = bed("{}", "{}");
	start(&b, NULL, own, 2);
	EXPECT(&b, "input_hash", "\"mine\"");
	done(&b);
}

static const char typed[] =
    "{\"n\": {\"type\": \"integer\"},"
    " \"c\": {\"type\": \"command\", \"default\": \"true\"},"
    " \"e\": {\"type\": \"enum\", \"values\": [\"a\"], \"default\": \"a\"}}";

TEST(inputs, parameters_convert)
{
	static const char *const pairs[] = { "n=5", "c=a && b" };
	struct bed b = bed("{}", typed);
	const struct val *o;

	start(&b, NULL, pairs, 2);
	EXPECT(&b, "n", "5");
	EXPECT(&b, "e", "\"a\"");
	cr_expect_eq(val_get(b.s.context, "n")->origin, ORIGIN_OPERATOR);
	cr_expect_eq(val_get(b.s.context, "c")->origin, ORIGIN_COMMAND);
	o = inputs_origins(&b.a, b.s.context);
	cr_expect_str_eq(val_str(o, "c", ""), "command");
	cr_expect_eq(origin_of("command"), ORIGIN_COMMAND);
	done(&b);
}

TEST(inputs, parameters_refuse)
{
	static const char *const bad[] = { "n=x", "e=b" };
	struct bed b = bed("{}", typed);

	start(&b, "{\"c\": \"id\"}", bad, 2);
	cr_assert_eq(b.d.len, 3);
	for (size_t i = 0; i < b.d.len; i++)
		cr_expect_str_eq(b.d.at[i].id, "E434");
	cr_expect_str_eq(b.d.at[0].msg,
	    "the parameter 'n' takes a whole number, but --context gives 'x'");
	cr_expect(strstr(b.d.at[1].msg, "is data"), "%s", b.d.at[1].msg);
	done(&b);
}

/* The author's own context is the author's business, and null is nothing. */
TEST(inputs, parameters_leave_the_file_alone)
{
	struct bed b = bed("{\"n\": \"\"}", typed);

	start(&b, "{\"e\": null}", NULL, 0);
	cr_expect_eq(b.d.errors, 0);
	EXPECT(&b, "n", "\"\"");
	EXPECT(&b, "e", "\"a\"");
	EXPECT_FROM(&b, "e", "[\"parameter default\",\"positional input\"]");
	done(&b);
}
