/* Ways into JSON. */
#include "host/pick.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/json.h"

static const char doc[] =
    "{\"a\":{\"b\":\"x\",\"n\":3,\"m\":4},"
    "\"list\":[{\"k\":\"t\",\"v\":\"one\"},{\"k\":\"u\",\"v\":\"no\"},"
    "{\"k\":\"t\",\"v\":\"two\"},7],"
    "\"by\":{\"x.y\":{\"n\":1},\"z\":{\"n\":2}},"
    "\"big\":9000000000000000,\"neg\":-1,\"real\":1.5,\"usd\":\"0.25\"}";

static const struct val *
read_doc(struct arena *a)
{
	struct err e = ERR_INIT;

	return json_read(a, doc, strlen(doc), ORIGIN_DATA, &e);
}

TEST(pick, finds_texts)
{
	static const char *const rows[][2] = {
		{ "a.b", "x" },
		{ "list.[k=t].v", "one\n\ntwo" },
		{ "list.*.v", "one\n\nno\n\ntwo" },
		{ "list.1.v", "no" },
		{ "a.n", "" },
		{ "a.b.c", "" },
		{ "nothing", "" },
		{ "list.[k=none].v", "" },
	};
	auto_arena a = ARENA_INIT;
	const struct val *v = read_doc(&a);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct picks ways;
		struct err e = ERR_INIT;
		auto_str out = STR_INIT;

		cr_assert_eq(
		    picks_compile(&a, val_text(&a, rows[i][0]), &ways, &e), 0,
		    "%s: %s", rows[i][0], e.msg);
		cr_expect_eq(picks_text(&ways, v, &out), *rows[i][1] != '\0');
		cr_expect_str_eq(out.buf, rows[i][1], "%s", rows[i][0]);
	}
}

TEST(pick, adds_counts_and_takes_the_first_way)
{
	static const struct {
		const char *one, *two;
		long long n; /* -1: none */
	} rows[] = {
		{ "a.n", NULL, 3 },
		{ "a.n+m", NULL, 7 },
		{ "by.*.n", NULL, 3 },
		{ "no", "a.m", 4 },
		{ "a.n", "a.m", 3 },
		{ "big", NULL, -1 },
		{ "neg", NULL, -1 },
		{ "real", NULL, -1 },
		{ "a.b", NULL, -1 },
	};
	auto_arena a = ARENA_INIT;
	const struct val *v = read_doc(&a);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct val *list = val_list(&a);
		struct picks ways;
		struct err e = ERR_INIT;
		long long n = -1;

		val_push(&a, list, val_text(&a, rows[i].one));
		if (rows[i].two)
			val_push(&a, list, val_text(&a, rows[i].two));
		cr_assert_eq(picks_compile(&a, list, &ways, &e), 0);
		cr_expect_eq(picks_count(&ways, v, &n), rows[i].n >= 0);
		cr_expect_eq(n, rows[i].n, "%s", rows[i].one);
	}
}

TEST(pick, reads_money)
{
	auto_arena a = ARENA_INIT;
	const struct val *v = read_doc(&a);
	struct picks ways;
	struct err e = ERR_INIT;
	long long micro = 0;

	cr_assert_eq(picks_compile(&a, val_text(&a, "usd"), &ways, &e), 0);
	cr_expect(picks_usd(&ways, v, &micro));
	cr_expect_eq(micro, 250000);
	cr_assert_eq(picks_compile(&a, val_text(&a, "a.n"), &ways, &e), 0);
	cr_expect(picks_usd(&ways, v, &micro));
	cr_expect_eq(micro, 3000000);
	cr_assert_eq(picks_compile(&a, val_text(&a, "real"), &ways, &e), 0);
	cr_expect_not(picks_usd(&ways, v, &micro), "a double is no money");
}

TEST(pick, refuses_what_is_no_way)
{
	static const char *const rows[] = { "", ".", "a.", ".a", "a..b", "[",
		"[k]", "[=v]", "[k=v", "a.[k=v]x", "]", "+a", "a+",
		"1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17" };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pick p;
		struct err e = ERR_INIT;

		cr_expect_eq(
		    pick_compile(&a, sv(rows[i]), &p, &e), -1, "%s", rows[i]);
		cr_expect(e.msg[0]);
	}
}
