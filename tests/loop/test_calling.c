/* What a loop starts with when another one calls it. */
#include "loop/calling.h"

#include <string.h>

#include "base/auto.h"
#include "loop/load.h"
#include "test.h"
#include "text/json.h"

#define HEAD                                                             \
	"name: kid\ndescription: d\nscope: ['.']\ninitial: a\nstates:\n" \
	"  a: {action: 'true', next: end}\n  end: {terminal: true}\n"

static const struct val *
json(struct arena *a, const char *text, enum origin o)
{
	struct err e = ERR_INIT;
	const struct val *v =
	    text ? json_read(a, text, strlen(text), o, &e) : NULL;

	cr_assert(!text || v, "%s: %s", text, e.msg);
	return v;
}

static struct loop *
child(const char *more)
{
	auto_str text = STR_INIT;
	struct diags d = DIAGS_INIT;
	struct loop *l;

	str_addf(&text, HEAD "%s", more);
	l = loop_load("kid.yaml", text.buf, text.len, NULL, NULL, &d);
	cr_assert_not_null(l, "%s", d.len ? d.at[0].msg : "");
	diags_release(&d);
	return l;
}

static const struct row {
	const char *what;
	const char *child;                     /* more of its file */
	const char *with, *context, *captures; /* JSON or NULL */
	const char *made; /* JSON, without what the runner adds; or NULL */
	const char *why;  /* a phrase of the refusal */
} rows[] = {
	{ "neither: its own", "context: {a: 1}\n", NULL, NULL, NULL,
	    "{\"a\":1}", NULL },
	{ "with wins over its own", "context: {a: 1, b: 2}\n",
	    "{\"a\":\"x\",\"c\":3}", NULL, NULL,
	    "{\"a\":\"x\",\"b\":2,\"c\":3}", NULL },
	{ "with: defaults of the rest, over its own context",
	    "context: {a: 1}\nparameters: {a: {type: integer, default: 7}, b: "
	    "{type: integer}}\n",
	    "{\"b\":\"3\"}", NULL, NULL, "{\"a\":7,\"b\":3}", NULL },
	{ "neither: its own context over defaults",
	    "context: {a: 1}\nparameters: {a: {type: integer, default: 7}, b: "
	    "{type: integer, default: 8}}\n",
	    NULL, NULL, NULL, "{\"a\":1,\"b\":8}", NULL },
	{ "passthrough: context, captures, its own", "context: {c: kid}\n",
	    NULL, "{\"a\":\"p\",\"b\":\"p\",\"c\":\"p\"}",
	    "{\"b\":\"cap\",\"c\":\"cap\"}",
	    "{\"a\":\"p\",\"b\":\"cap\",\"c\":\"kid\"}", NULL },
	{ "null in with is no value",
	    "parameters: {a: {type: integer, default: 7}}\n", "{\"a\":null}",
	    NULL, NULL, "{\"a\":7}", NULL },
	{ "the runner's keys can be written",
	    "context: {readiness_threshold: 1}\n", NULL, NULL, NULL,
	    "{\"readiness_threshold\":1}", NULL },

	{ "what does not fit", "parameters: {n: {type: integer}}\n",
	    "{\"n\":\"lots\"}", NULL, NULL, NULL,
	    "loop 'kid': the parameter 'n' takes a whole number, but 'with' "
	    "gives 'lots'" },
	{ "a capture that does not fit", "parameters: {n: {type: integer}}\n",
	    NULL, "{}", "{\"n\":\"lots\"}", NULL, "takes a whole number" },
	{ "a capture that does", "parameters: {n: {type: integer}}\n", NULL,
	    "{}", "{\"n\":\"3\\n\"}", "{\"n\":3}", NULL },
	{ "required", "parameters: {n: {type: integer, required: true}}\n",
	    "{\"x\":1}", NULL, NULL, NULL,
	    "loop 'kid' requires the parameter 'n'" },
	{ "required, by nobody",
	    "parameters: {n: {type: integer, required: true}}\n", NULL, NULL,
	    NULL, NULL, "requires the parameter 'n'" },
	{ "an empty text of its own is no value",
	    "context: {n: ''}\nparameters: {n: {type: string, required: "
	    "true}}\n",
	    NULL, NULL, NULL, NULL, "requires the parameter 'n'" },
	{ "an empty text that is given is one",
	    "parameters: {n: {type: string, required: true}}\n", "{\"n\":\"\"}",
	    NULL, NULL, "{\"n\":\"\"}", NULL },
	{ "data is no shell text", "parameters: {c: {type: command}}\n",
	    "{\"c\":\"ls\"}", NULL, NULL, NULL, "never becomes code" },
};

/* Those that the runner adds, where they are what it adds. */
static bool
is_added(const struct member *m)
{
	return calling_gives(sv(m->key)) &&
		!sv_eq(sv("readiness_threshold"), m->key)
	    ? true
	    : sv_eq(sv("readiness_threshold"), m->key) &&
		m->v->kind == VAL_INT && m->v->i == 85;
}

static void
write_made(struct arena *a, const struct val *context, struct str *out)
{
	struct val *own = val_map(a);

	for (size_t i = 0; i < context->map.len; i++)
		if (!is_added(&context->map.at[i]))
			val_set(a, own, context->map.at[i].key,
			    context->map.at[i].v);
	json_write(out, own, JSON_COMPACT);
}

static void
check_row(const struct row *r)
{
	auto_arena a = ARENA_INIT;
	auto_str got = STR_INIT;
	struct loop *l = child(r->child);
	const struct calling in = {
		.with = json(&a, r->with, ORIGIN_DATA),
		.context = json(&a, r->context, ORIGIN_FILE),
		.captures = json(&a, r->captures, ORIGIN_DATA),
		.run_dir = val_text(&a, "/r/"),
	};
	const struct val *context = NULL;
	struct err e = ERR_INIT;
	int rc = calling_context(&a, l, &in, &context, &e);

	cr_expect_eq(rc, r->made ? 0 : -1, "%s: %s", r->what, e.msg);
	if (rc == 0)
		write_made(&a, context, &got);
	if (rc == 0 && r->made)
		cr_expect_str_eq(got.buf, r->made, "%s", r->what);
	if (rc < 0 && r->why) {
		cr_expect(strstr(e.msg, r->why), "%s: %s", r->what, e.msg);
		cr_expect_eq(e.kind, ERR_INPUT);
		cr_expect_null(context);
	}
	loop_free(l);
}

TEST(calling, rows)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		check_row(&rows[i]);
}

TEST(calling, origins)
{
	static const struct {
		enum origin given, kept;
		bool code;
	} of[] = {
		{ ORIGIN_FILE, ORIGIN_FILE, true },
		{ ORIGIN_COMMAND, ORIGIN_COMMAND, true },
		{ ORIGIN_OPERATOR, ORIGIN_COMMAND, true },
		{ ORIGIN_DATA, ORIGIN_DATA, false },
		{ ORIGIN_RUNNER, ORIGIN_RUNNER, false },
	};
	struct loop *text = child("parameters: {c: {type: string}}\n");
	struct loop *code = child("parameters: {c: {type: command}}\n");

	for (size_t i = 0; i < COUNT(of); i++) {
		auto_arena a = ARENA_INIT;
		struct val *with = val_map(&a), *v = val_text(&a, "ls");
		struct calling in = { .with = with };
		const struct val *context = NULL;
		struct err e = ERR_INIT;

		v->origin = (unsigned char)of[i].given;
		val_set(&a, with, "c", v);
		cr_assert_eq(calling_context(&a, text, &in, &context, &e), 0);
		cr_expect_eq(val_get(context, "c")->origin, of[i].given);
		cr_expect_eq(calling_context(&a, code, &in, &context, &e),
		    of[i].code ? 0 : -1, "%zu", i);
		if (of[i].code)
			cr_expect_eq(val_get(context, "c")->origin, of[i].kept);
	}
	loop_free(text);
	loop_free(code);
}

static bool
has_word(void *self, struct sv text)
{
	return memmem(text.p, text.n, self, strlen(self)) != NULL;
}

TEST(calling, the_runner_adds)
{
	auto_arena a = ARENA_INIT;
	struct loop *l = child("");
	struct val *dir = val_text(&a, "/r/"), *names = val_list(&a);
	struct calling in = { .with =
				  json(&a, "{\"input\":\"hi\"}", ORIGIN_DATA) };
	const struct val *context = NULL, *hash;
	struct err e = ERR_INIT;

	dir->origin = ORIGIN_RUNNER;
	in.run_dir = dir;
	cr_assert_eq(calling_context(&a, l, &in, &context, &e), 0);
	cr_expect_eq(val_get(context, "run_dir"), dir);
	cr_expect_eq(val_num(context, "outcome_threshold", 0), 65);
	cr_expect_str_eq(val_str(context, "design_tokens_context", "?"), "");
	cr_expect_null(val_get(context, "max_steps"));
	hash = val_get(context, "input_hash");
	cr_assert_not_null(hash);
	cr_expect(hash->t.n == 12 && hash->origin == ORIGIN_DATA);

	/* not of what a secret could be guessed by */
	in.is_secret = has_word;
	in.self = (void *)"hi";
	cr_assert_eq(calling_context(&a, l, &in, &context, &e), 0);
	cr_expect_null(val_get(context, "input_hash"));
	in.is_secret = NULL;
	val_push(&a, names, val_text(&a, "input"));
	in.secrets = names;
	cr_assert_eq(calling_context(&a, l, &in, &context, &e), 0);
	cr_expect_null(val_get(context, "input_hash"));
	loop_free(l);
}
