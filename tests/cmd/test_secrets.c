/* Names to values: where they are looked for and what is refused. */
#include "cmd/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

/* Everything as JSON; NULL: not given. */
static int
gather(struct secrets *s, struct arena *a, const char *names,
    const char *context, struct err *e)
{
	static const char *const pairs[] = { "given = from a pair", "no pair" };
	const struct val *lists[] = { NULL, NULL };
	const struct val *contexts[] = { NULL };
	const struct secrets_from from = { lists, COUNT(lists), contexts,
		COUNT(contexts), pairs, COUNT(pairs) };
	struct err bad = ERR_INIT;

	lists[1] = json_read(a, names, strlen(names), ORIGIN_FILE, &bad);
	if (context)
		contexts[0] =
		    json_read(a, context, strlen(context), ORIGIN_FILE, &bad);
	cr_assert_not_null(lists[1], "%s", bad.msg);
	return secrets_add(s, &from, e);
}

TEST(secrets, are_looked_for_everywhere)
{
	static const struct {
		const char *names, *context, *text;
		bool hit;
	} rows[] = {
		{ "[\"k\"]", "{\"k\":\"hunter2\"}", "hunter2", true },
		{ "[\"k\"]", "{\"j\":\"hunter2\"}", "hunter2", false },
		{ "[\"k\"]", "{\"k\":123456}", "123456", true },
		{ "[\"k\"]", "{\"k\":{\"a\":[\"deep in it\"]}}", "deep in it",
		    true },
		{ "[\"k\"]", "{\"k\":{\"a\":[true,null,\"four\"]}}", "true",
		    false },
		{ "[\"k\"]", "{\"k\":null}", "null", false },
		{ "[\"k\"]", "{\"k\":\"\"}", "", false },
		{ "[\"LL_TEST_KEY\"]", NULL, "of the environment", true },
		{ "[\"LL_TEST_KEY\"]", "{\"LL_TEST_KEY\":\"both\"}", "both",
		    true },
		{ "[\"given\"]", NULL, " from a pair", true },
		{ "[1,{},\"\",\"a=b\"]", "{\"a=b\":\"hunter2\"}", "hunter2",
		    false },
	};

	setenv("LL_TEST_KEY", "of the environment", 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct secrets s = { 0 };
		struct err e = ERR_INIT;

		cr_assert_eq(gather(&s, &a, rows[i].names, rows[i].context, &e),
		    0, "row %zu: %s", i, e.msg);
		cr_assert_eq(s.mask && mask_hits(s.mask, sv(rows[i].text)),
		    rows[i].hit, "row %zu", i);
		secrets_release(&s);
	}
}

TEST(secrets, that_cannot_be_hidden_are_refused)
{
	static const struct {
		const char *context, *why;
	} rows[] = {
		{ "{\"k\":\"abc\"}", "a value of 3 bytes" },
		{ "{\"k\":\"a\"}", "a value of 1 byte " },
		{ "{\"k\":7}", "a value of 1 byte " },
		{ "{\"k\":\"a\\nb\\nc\\nd\"}", "a line of at least 4" },
		{ "{\"k\":[\"long enough\",\"b\"]}", "a value of 1 byte " },
		{ "{\"k\":false}", "true or false" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;
		struct secrets s = { 0 };
		struct err e = ERR_INIT;

		cr_assert_eq(
		    gather(&s, &a, "[\"k\"]", rows[i].context, &e), -1);
		cr_assert_eq(e.kind, ERR_INPUT);
		cr_assert_not_null(strstr(e.msg, rows[i].why), "%s", e.msg);
		secrets_release(&s);
	}
}

TEST(secrets, are_bounded_in_all)
{
	auto_arena a = ARENA_INIT;
	auto_str doc = STR_INIT;
	struct secrets s = { 0 };
	struct err e = ERR_INIT;

	str_adds(&doc, "{\"k\":\"");
	for (int i = 0; i <= SECRETS_MAX / 8; i++)
		str_adds(&doc, "aaaaaaab");
	str_adds(&doc, "\"}");
	cr_assert_eq(gather(&s, &a, "[\"k\"]", doc.buf, &e), -1);
	cr_assert_not_null(strstr(e.msg, "512 KiB"), "%s", e.msg);
	secrets_release(&s);
}

TEST(secrets, are_named_with_and_without_value)
{
	auto_arena a = ARENA_INIT;
	auto_str got = STR_INIT;
	struct err e = ERR_INIT;
	static const char doc[] = "[\"a\",\"b\",\"a\",\"given\",\"c\"]";
	static const char ctx[] = "{\"a\":\"\",\"c\":1}";
	static const char *const pairs[] = { "given=x" };
	const struct val *lists[] = { json_read(
	    &a, doc, strlen(doc), ORIGIN_FILE, &e) };
	const struct val *contexts[] = { json_read(
	    &a, ctx, strlen(ctx), ORIGIN_FILE, &e) };
	const struct secrets_from from = { lists, 1, contexts, 1, pairs, 1 };

	json_write(&got, secrets_names(&a, &from, true), JSON_COMPACT);
	json_write(&got, secrets_names(&a, &from, false), JSON_COMPACT);
	cr_assert_str_eq(got.buf, "[\"given\",\"c\"][\"a\",\"b\"]");
}

TEST(secrets, are_hidden_in_messages_and_tails)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	struct secrets s = { 0 };
	struct err e = ERR_INIT;

	cr_assert_eq(gather(&s, &a, "[\"k\"]", "{\"k\":\"hunter2\"}", &e), 0);
	err_set(&e, ERR_IO, "open /x/hunter2/y");
	secrets_hide_err(&s, &e);
	cr_assert_str_eq(e.msg, "open /x/***/y");
	cr_assert_eq(e.kind, ERR_IO);
	cr_assert_eq(
	    gather(&s, &a, "[\"k\"]", "{\"k\":\"long-enough-to-cut\"}", &e), 0);
	err_set(&e, ERR_INPUT, "%0990d long-enough-to-cut", 1);
	secrets_hide_err(&s, &e);
	cr_assert_str_eq(e.msg + 985, "00001 long-...");
	err_set(&e, ERR_INPUT, "%0985d long-enough-to-cut", 1);
	secrets_hide_err(&s, &e);
	cr_assert_str_eq(e.msg + 980, "00001 ***...");
	str_adds(&text, "hunter2 hunter2");
	secrets_hide_tail(&s, &text, 8);
	cr_assert_str_eq(text.buf, "hunter2 ***");
	secrets_release(&s);
	secrets_hide_tail(&s, &text, 0);
	cr_assert_str_eq(text.buf, "hunter2 ***");
}
