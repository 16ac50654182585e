/* One record as JSON, there and back. */
#include <string.h>

#include "base/auto.h"
#include "loop/event.h"
#include "test.h"
#include "text/json.h"

TEST(event, every_kind_has_a_name_of_its_own)
{
	for (int k = 0; k < EV_KINDS; k++)
		cr_assert_eq(event_kind_of(event_name((enum event_kind)k)),
		    (enum event_kind)k);
	cr_assert_eq(event_kind_of("nonsense"), EV_KINDS);
	cr_assert_str_eq(event_name(EV_MAX_ITERATIONS_SUMMARY),
	    "max_iterations_reached_summary");
}

TEST(event, writes_members_in_order)
{
	auto_arena a = ARENA_INIT;
	auto_str out = STR_INIT;
	struct val *f = val_map(&a);
	struct event ev = { .kind = EV_ROUTE,
		.seq = 7,
		.wall_us = 1795228653000001LL,
		.fields = f,
		.item = 0,
		.depth = 2 };

	val_set(&a, f, "from", val_text(&a, "a\"b"));
	val_set(&a, f, "to", val_null(&a));
	val_set(&a, f, "n", val_int(&a, -9223372036854775807LL - 1));
	event_write(&out, &ev);
	cr_assert_str_eq(out.buf,
	    "{\"seq\":7,\"ts\":\"2026-11-21T02:37:33.000001+00:00\","
	    "\"event\":\"route\",\"from\":\"a\\\"b\",\"to\":null,"
	    "\"n\":-9223372036854775808,\"item\":0,\"depth\":2");
}

static void
there_and_back(struct arena *a, const struct event *ev, struct event *back)
{
	auto_str out = STR_INIT;
	struct err e = ERR_INIT;
	const struct val *v;

	event_write(&out, ev);
	str_addc(&out, '}');
	v = json_read(a, out.buf, out.len, ORIGIN_DATA, &e);
	cr_assert_not_null(v, "%s in %s", e.msg, out.buf);
	cr_assert(event_read(a, v, back), "%s", out.buf);
}

TEST(event, reads_what_it_wrote)
{
	auto_arena a = ARENA_INIT;
	struct val *f = val_map(&a);
	struct event back,
	    ev = { .kind = EV_EVALUATE,
		    .seq = 12345678901LL,
		    .wall_us = 951782400000000LL,
		    .fields = f,
		    .item = -1 };

	val_set(&a, f, "verdict", val_text(&a, "yes"));
	val_set(&a, f, "value", val_real(&a, 0.1));
	there_and_back(&a, &ev, &back);
	cr_assert_eq(back.kind, EV_EVALUATE);
	cr_assert_eq(back.seq, ev.seq);
	cr_assert_eq(back.wall_us, ev.wall_us);
	cr_assert_eq(back.item, -1);
	cr_assert_eq(back.depth, 0);
	cr_assert(val_equal(back.fields, f));
	ev.kind = EV_KINDS;
	ev.name = "of_tomorrow";
	ev.item = 3;
	ev.depth = 1;
	there_and_back(&a, &ev, &back);
	cr_assert_eq(back.kind, EV_KINDS);
	cr_assert_str_eq(back.name, "of_tomorrow");
	cr_assert_eq(back.item, 3);
	cr_assert_eq(back.depth, 1);
	cr_assert(val_equal(back.fields, f));
}

/* T24: any bytes, at any depth, under any key. */
TEST(event, bytes_survive)
{
	static const struct {
		const char *key;
		struct sv text;
	} rows[] = {
		{ "output", { "\xff\xfe", 2 } },
		{ "output", { "a\0b", 3 } },
		{ "output", { "\xed\xa0\x80", 3 } },
		{ "output", { "\xf0\x9f\x98", 3 } },
		{ "logo_b64", { "aGVsbG8=", 8 } },
		{ "logo_b64", { "\xff", 1 } },
		{ "_b64", { "aGVsbG8=", 8 } },
		{ "plain", { "\x1b[31m\r\n\xf0\x9f\x98\x80", 11 } },
		{ "plain", { "", 0 } },
	};
	auto_arena a = ARENA_INIT;
	struct event back, ev = { .kind = EV_LOOP_START, .seq = 1, .item = -1 };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct val *f = val_map(&a), *deep = val_map(&a);
		struct val *list = val_list(&a);
		const struct val *text =
		    val_bytes(&a, rows[i].text.p, rows[i].text.n);

		val_push(&a, list, text);
		val_push(&a, list, deep);
		val_set(&a, deep, rows[i].key, text);
		val_set(&a, f, rows[i].key, text);
		val_set(&a, f, "list", list);
		ev.fields = f;
		there_and_back(&a, &ev, &back);
		cr_assert(val_equal(back.fields, f), "row %zu", i);
	}
}

TEST(event, refuses_what_is_none)
{
	static const char *const rows[] = { "[]", "1", "{}",
		"{\"seq\":1,\"event\":\"route\"}",
		"{\"seq\":0,\"ts\":\"2026-11-21T02:37:33.000001+00:00\","
		"\"event\":\"route\"}",
		"{\"seq\":1,\"ts\":\"2026-11-21T02:37:33.000001Z\","
		"\"event\":\"route\"}",
		"{\"seq\":1,\"ts\":\"2026-11-21T02:37:3x.000001+00:00\","
		"\"event\":\"route\"}",
		"{\"seq\":1,\"ts\":\"2026-11-21T02:37:33.000001+00:00\","
		"\"event\":7}",
		"{\"seq\":1,\"ts\":\"2026-11-21T02:37:33.000001+00:00\","
		"\"event\":\"route\",\"depth\":-1}",
		"{\"seq\":1,\"ts\":\"2026-11-21T02:37:33.000001+00:00\","
		"\"event\":\"route\",\"depth\":4611686018427387905}" };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;
		struct event ev;
		const struct val *v =
		    json_read(&a, rows[i], strlen(rows[i]), ORIGIN_DATA, &e);

		cr_assert_not_null(v);
		cr_assert_not(event_read(&a, v, &ev), "row %zu", i);
	}
}
