/* Forms: what they are filled with, what is refused, what stays. */
#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/form.h"
#include "text/json.h"

static int
get(void *self, const struct ref *r, struct arena *a, const struct val **out,
    struct err *why)
{
	const struct val *v = val_get(self, ref_ns_name(r->ns));

	(void)a;
	(void)why;
	for (size_t i = 0; v && i < r->nseg; i++)
		v = val_step(v, r->seg[i]);
	*out = v;
	return v != NULL;
}

static const char values[] = "{\"context\":{\"n\":7,\"s\":\"a b\",\"z\":null},"
			     "\"item\":{\"id\":3,\"name\":\"x\"}}";

/* What is written, filled, as JSON; "" when it is refused. */
static void
fill(const char *text, const char *item, struct str *out, struct err *e)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	const struct val *all =
	    json_read(&a, values, strlen(values), ORIGIN_DATA, e);
	const struct val *v = json_read(&a, text, strlen(text), ORIGIN_FILE, e),
			 *got;
	struct lookup look = { get, (void *)all };
	const struct form_source from = { v, "with", item };
	const struct form *f = form_compile(&a, &from, &d);

	if (d.len)
		str_addf(out, "%s %s", d.at[0].id, d.at[0].path);
	got = d.len ? NULL : form_fill(f, &look, &a, e);
	if (got)
		json_write(out, got, JSON_COMPACT);
	cr_expect(
	    !got || form_is_plain(f) == (got == v) || strstr(text, "$${"));
	diags_release(&d);
}

TEST(form, fills)
{
	static const struct {
		const char *text, *item, *want;
	} rows[] = {
		{ "{}", NULL, "{}" },
		{ "5", NULL, "5" },
		{ "{\"a\":[1,true,null,\"x\"]}", NULL,
		    "{\"a\":[1,true,null,\"x\"]}" },
		{ "{\"a\":\"${context.n}\",\"b\":2}", NULL,
		    "{\"a\":\"7\",\"b\":2}" },
		{ "[\"<${context.s}>\",[\"${context.z}\"]]", NULL,
		    "[\"<a b>\",[\"\"]]" },
		{ "{\"${context.n}\":\"$${x}\"}", NULL,
		    "{\"${context.n}\":\"${x}\"}" },
		{ "\"${context.none:default=d}\"", NULL, "\"d\"" },
		{ "\"${item.id}-${file.name}-${item.x?}\"", "file",
		    "\"3-x-\"" },
		{ "\"${item}\"", "item",
		    "\"{\\\"id\\\":3,\\\"name\\\":\\\"x\\\"}\"" },
		{ "\"${f:json}\"", "f",
		    "\"{\\\"id\\\":3,\\\"name\\\":\\\"x\\\"}\"" },
		{ "{\"a\":{\"b\":[0,\"${oops.x}\"]}}", NULL,
		    "E402 with.a.b[1]" },
		{ "\"${item}\"", NULL, "E405 with" },
		{ "\"${item.id}\"", NULL, "E402 with" },
		{ "\"${other}\"", "file", "E405 with" },
		{ "\"${item..x}\"", "item", "E401 with" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str got = STR_INIT;
		struct err e = ERR_INIT;

		fill(rows[i].text, rows[i].item, &got, &e);
		cr_expect_str_eq(
		    got.buf, rows[i].want, "%s %s", rows[i].text, e.msg);
	}
}

TEST(form, a_missing_value_is_named)
{
	auto_str got = STR_INIT;
	struct err e = ERR_INIT;

	fill("{\"a\":\"${context.none}\"}", NULL, &got, &e);
	cr_expect_eq(e.kind, ERR_INPUT);
	cr_expect(strstr(e.msg, "${context.none}"), "%s", e.msg);
	cr_expect_eq(got.len, 0);
}

TEST(form, origins)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	const struct val *all =
	    json_read(&a, values, strlen(values), ORIGIN_DATA, &e);
	struct lookup look = { get, (void *)all };
	struct val *v = val_map(&a);
	struct form_source from = { v, "with", NULL };
	const struct val *got;

	val_set(&a, v, "lit", val_text(&a, "x"));
	val_set(&a, v, "ref", val_text(&a, "${context.s}"));
	val_set(&a, v, "two", val_text(&a, "${context.none?}"));
	got = form_fill(form_compile(&a, &from, &d), &look, &a, &e);
	cr_assert_not_null(got);
	cr_expect_eq(val_get(got, "lit")->origin, ORIGIN_FILE);
	cr_expect_eq(val_get(got, "ref")->origin, ORIGIN_DATA);
	cr_expect_eq(val_get(got, "two")->origin, ORIGIN_FILE);
	diags_release(&d);
}

static void
count(void *self, const char *path, const struct tmpl *t)
{
	str_addf(self, "%s:%zu ", path, t->nrefs);
}

TEST(form, members_and_templates)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	static const char text[] = "{\"a\":\"x\",\"b\":[\"${context.n}\",1,"
				   "\"${context.s} ${context.n}\"]}";
	struct form_source from = {
		json_read(&a, text, strlen(text), ORIGIN_FILE, &e), "with", NULL
	};
	const struct form *f = form_compile(&a, &from, &d);
	auto_str seen = STR_INIT;

	form_each(f, count, &seen);
	cr_expect_str_eq(seen.buf, "with.b[0]:1 with.b[2]:2 ");
	cr_expect(form_is_plain(form_get(f, "a")));
	cr_expect(!form_is_plain(form_get(f, "b")));
	cr_expect_null(form_get(f, "c"));
	cr_expect_null(form_get(form_get(f, "a"), "a"));
	cr_expect_eq(form_src(f), from.v);
	diags_release(&d);
}

TEST(form, words_for_an_item)
{
	static const char *const good[] = { "item", "file", "_x", "a1" };
	static const char *const bad[] = { "", "1a", "a-b", "a.b", "context",
		"env", "param", "a b" };

	for (size_t i = 0; i < COUNT(good); i++)
		cr_expect(ref_item_word(good[i]), "%s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect(!ref_item_word(bad[i]), "%s", bad[i]);
}
