/* The forms that programs give back, whole texts and trees. */
#include "text/mask.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

static struct mask *
mask_of(struct sv value)
{
	struct mask *m = mask_new();

	mask_add(m, value);
	mask_seal(m);
	return m;
}

TEST(mask, finds_the_forms_of_a_value)
{
	static const struct {
		const char *value, *text, *want;
	} rows[] = {
		{ "s3cret", "a s3cret b", "a *** b" },
		{ "it's \"x\"", "{\"k\":\"it's \\\"x\\\"\"}",
		    "{\"k\":\"***\"}" },
		{ "it's x", "+ echo 'it'\\''s x'", "+ echo '***'" },
		{ "it's x", "'it'\"'\"'s x'", "'***'" },
		{ "it's $x", "\"it's \\$x\"", "\"***\"" },
		{ "it's x", "it\\'s\\ x", "***" },
		{ "one\ntwo two", "two two", "***" },
		{ "one\ntwo two", "one", "one" },
		{ "one\ntwo two", "$'one\\ntwo two'", "$'***'" },
		{ "one\ntwo two", "\"one\\ntwo two\"", "\"***\"" },
		{ "  pass \n", "-pass-", "-***-" },
		{ "p w/d", "a=p%20w%2Fd&", "a=***&" },
		{ "p w/d", "p%20w/d", "***" },
		{ "p w/d", "p+w%2Fd", "***" },
		{ "gr\xc3\xbc\xc3\x9f"
		  "e",
		    "gr\\u00fc\\u00dfe", "***" },
		{ "\xf0\x9f\x94\x91key", "\\ud83d\\udd11key", "***" },
		{ "key-\xff\xfe", "key-\\377\\376", "***" },
		{ "key-\xff\xfe", "key-\xef\xbf\xbd\xef\xbf\xbd", "***" },
		{ "hunter2!", "aHVudGVyMiE=", "***" },
		{ "hunter2!", "aHVudGVyMiEK", "***" },
		/* base64 of "u:hunter2!" and "me:hunter2!" */
		{ "hunter2!", "dTpodW50ZXIyIQ==", "dTp***Q==" },
		{ "hunter2!", "bWU6aHVudGVyMiE=", "bWU6***" },
		{ "hunter2!", "eDpodW50ZXIyIQ", "eDp***Q" },
		{ "\?\?\?>>>~~", "Pz8_Pj4-fn4", "***" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mask *m = mask_of(sv(rows[i].value));
		auto_str got = STR_INIT;

		mask_text(m, sv(rows[i].text), &got);
		cr_assert_str_eq(
		    got.buf, rows[i].want, "row %zu: %s", i, got.buf);
		cr_assert_eq(mask_hits(m, sv(rows[i].text)),
		    strcmp(rows[i].text, rows[i].want) != 0);
		mask_free(m);
	}
}

TEST(mask, finds_wrapped_base64)
{
	char value[151];
	auto_str got = STR_INIT;
	struct mask *m;

	memset(value, 'x', 150);
	value[150] = '\0';
	m = mask_of(sv(value));
	/* base64 of 150 x, as base64(1) wraps it */
	for (int i = 0; i < 200; i++) {
		str_adds(&got, i % 76 == 75 ? "\n" : "");
		str_addc(&got, "eHh4"[i % 4]);
	}
	{
		auto_str out = STR_INIT;

		mask_text(m, str_sv(&got), &out);
		cr_assert_null(strstr(out.buf, "eHh4eHh4"), "%s", out.buf);
	}
	mask_free(m);
}

TEST(mask, refuses_what_is_everywhere)
{
	cr_assert_not(mask_can_hide(sv("")));
	cr_assert_not(mask_can_hide(sv("abc")));
	cr_assert_not(mask_can_hide(sv("  abc \n\n x")));
	cr_assert(mask_can_hide(sv("abcd")));
	cr_assert(mask_can_hide(sv("a\nabcd\n")));
}

TEST(mask, covers_in_place)
{
	struct mask *m = mask_of(sv("hunter2\nand more"));
	char text[] = "a: \"hunter2\"\nb: hunter2\nand more.\n";

	mask_cover(m, text, strlen(text));
	cr_assert_str_eq(text, "a: \"*******\"\nb: *******\n********.\n");
	mask_free(m);
}

TEST(mask, masks_texts_and_keys_of_a_tree)
{
	static const char doc[] =
	    "{\"n\":12,\"hunter2\":[1,\"x hunter2\",null],"
	    "\"hunter2!\":{\"k\":\"hunter2hunter2\"},\"***\":\"ok\"}";
	struct mask *m = mask_of(sv("hunter2"));
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	auto_str got = STR_INIT;
	const struct val *v =
	    json_read(&a, doc, strlen(doc), ORIGIN_OPERATOR, &e);
	const struct val *masked;

	cr_assert_not_null(v, "%s", e.msg);
	masked = mask_val(m, &a, v);
	json_write(&got, masked, JSON_COMPACT);
	cr_assert_str_eq(got.buf,
	    "{\"n\":12,\"***\":[1,\"x ***\",null],"
	    "\"***!\":{\"k\":\"***\"},\"***2\":\"ok\"}");
	cr_assert_eq(val_origin(masked), ORIGIN_OPERATOR);
	cr_assert_eq(mask_val(m, &a, masked), masked);
	mask_free(m);
}

TEST(mask, takes_more_after_it_was_sealed)
{
	struct mask *m = mask_of(sv("hunter2"));

	cr_assert_not(mask_hits(m, sv("ter2 and swordfish")));
	mask_add(m, sv("ter2 and"));
	mask_seal(m);
	cr_assert(mask_hits(m, sv("ter2 and swordfish")));
	cr_assert(mask_hits(m, sv("hunter2")));
	mask_free(m);
}

TEST(mask, is_empty_without_a_value)
{
	struct mask *m = mask_of(sv("abc"));

	cr_assert(mask_is_empty(m));
	cr_assert_not(mask_hits(m, sv("abc")));
	mask_free(m);
}
