/* The value tree: growth, lookups, copies, equality, rendering, places. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "test.h"
#include "text/render.h"
#include "text/scalar.h"
#include "text/val.h"

TEST(val, grows)
{
	auto_arena a = ARENA_INIT;
	struct val *list = val_list(&a), *map = val_map(&a);
	char key[24];

	for (int i = 0; i < 1000; i++) {
		val_push(&a, list, val_int(&a, i));
		snprintf(key, sizeof(key), "k%d", i);
		val_set(&a, map, key, val_int(&a, i));
	}
	cr_assert_eq(list->list.len, 1000);
	cr_assert_eq(map->map.len, 1000);
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		cr_assert_eq(list->list.at[i]->i, i);
		cr_assert_eq(val_num(map, key, -1), i);
	}
}

TEST(val, sets_and_replaces)
{
	auto_arena a = ARENA_INIT;
	struct val *map = val_map(&a);

	val_set(&a, map, "a", val_int(&a, 1));
	val_set(&a, map, "a", val_text(&a, "two"));
	val_set(&a, map, "b", NULL);
	cr_assert_eq(map->map.len, 1);
	cr_assert_str_eq(val_str(map, "a", "-"), "two");
	cr_assert_str_eq(val_str(map, "b", "-"), "-");
	cr_assert_eq(val_num(map, "a", 5), 5);
	cr_assert_null(val_get(map, "b"));
	cr_assert_null(val_get(NULL, "b"));
	cr_assert_null(val_get(val_int(&a, 1), "b"));
}

TEST(val, steps)
{
	auto_arena a = ARENA_INIT;
	struct val *list = val_list(&a), *map = val_map(&a);

	val_push(&a, list, val_int(&a, 10));
	val_push(&a, list, val_int(&a, 11));
	val_set(&a, map, "0", val_int(&a, 12));
	cr_assert_eq(val_step(list, sv("1"))->i, 11);
	cr_assert_eq(val_step(map, sv("0"))->i, 12);
	cr_assert_null(val_step(list, sv("2")));
	cr_assert_null(val_step(list, sv("-1")));
	cr_assert_null(val_step(list, sv("01")));
	cr_assert_null(val_step(list, sv("")));
	cr_assert_null(val_step(NULL, sv("0")));
	cr_assert_null(val_step(val_list(&a), sv("0")));
}

static struct val *
sample(struct arena *a)
{
	struct val *map = val_map(a), *list = val_list(a);

	val_push(a, list, val_bytes(a, "x\0y", 3));
	val_push(a, list, val_null(a));
	val_set(a, map, "l", list);
	val_set(a, map, "b", val_bool(a, true));
	val_set(a, map, "r", val_real(a, 2.0));
	map->at = (struct place) { "f", 3, 4 };
	return map;
}

TEST(val, copies_outlive_their_source)
{
	auto_arena a = ARENA_INIT, b = ARENA_INIT;
	struct val *v = sample(&a);
	const struct val *copy = val_copy(&b, v);
	const struct val *dirty = val_taint(&b, v, ORIGIN_DATA);

	cr_assert(val_equal(v, copy));
	cr_assert_eq(copy->at.line, 3);
	cr_assert_eq(val_origin(copy), ORIGIN_FILE);
	arena_release(&a);
	cr_assert_eq(val_get(copy, "l")->list.at[0]->t.n, 3);
	cr_assert_eq(val_get(dirty, "l")->list.at[0]->origin, ORIGIN_DATA);
	cr_assert_eq(val_taint(&b, dirty, ORIGIN_FILE)->origin, ORIGIN_DATA);
	cr_assert(val_equal(dirty, copy));
}

TEST(val, the_worst_origin_is_found_inside)
{
	auto_arena a = ARENA_INIT;
	struct val *v = sample(&a), *bad = val_text(&a, "x");

	bad->origin = ORIGIN_OPERATOR;
	val_set(&a, v, "z", bad);
	cr_assert_eq(val_origin(v), ORIGIN_OPERATOR);
	cr_assert_eq(origin_worse(ORIGIN_DATA, ORIGIN_FILE), ORIGIN_DATA);
	cr_assert_str_eq(origin_name(ORIGIN_DATA), "data");
	cr_assert_str_eq(val_kind_name(VAL_LIST), "a list");
}

TEST(val, equality)
{
	auto_arena a = ARENA_INIT;
	struct val *x = val_map(&a), *y = val_map(&a);

	val_set(&a, x, "a", val_int(&a, 1));
	val_set(&a, x, "b", val_null(&a));
	val_set(&a, y, "b", val_null(&a));
	cr_assert_not(val_equal(x, y));
	val_set(&a, y, "a", val_real(&a, 1.0));
	cr_assert(val_equal(x, y));
	cr_assert_not(val_equal(val_int(&a, 1), val_text(&a, "1")));
	cr_assert_not(val_equal(val_int(&a, 1), val_bool(&a, true)));
	cr_assert_not(val_equal(
	    val_int(&a, 9007199254740993LL), val_real(&a, 9007199254740992.0)));
	cr_assert_not(
	    val_equal(val_int(&a, 9223372036854775807LL), val_real(&a, 1e300)));
	cr_assert_not(val_equal(val_real(&a, NAN), val_real(&a, NAN)));
}

TEST(val, renders_reals)
{
	static const struct {
		double r;
		const char *want;
	} rows[] = {
		{ 0, "0.0" },
		{ -0.0, "-0.0" },
		{ 1, "1.0" },
		{ -1.5, "-1.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1e-7, "1e-07" },
		{ 0.0001, "0.0001" },
		{ 0.00001234, "1.234e-05" },
		{ 100, "100.0" },
		{ 123456.75, "123456.75" },
		{ 1e15, "1000000000000000.0" },
		{ 1e16, "1e+16" },
		{ 1e22, "1e+22" },
		{ 1.5e300, "1.5e+300" },
		{ 5e-324, "5e-324" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" },
		{ NAN, "nan" },
		{ -INFINITY, "-inf" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_str out = STR_INIT;

		scalar_real(&out, rows[i].r);
		cr_assert_str_eq(out.buf, rows[i].want);
	}
}

TEST(val, renders)
{
	auto_arena a = ARENA_INIT;
	auto_str out = STR_INIT;

	val_render(&out, val_null(&a));
	cr_assert_str_eq(out.buf, "");
	val_render(&out, val_bool(&a, false));
	val_render(&out, val_int(&a, -5));
	val_render(&out, sample(&a));
	cr_assert_str_eq(out.buf,
	    "false-5{\"l\":[\"x\\u0000y\",null],\"b\":true,\"r\":2.0}");
}

TEST(val, places)
{
	auto_arena a = ARENA_INIT;
	struct val *v = val_text(&a, "a\xc3\xa9z\n\nbc");
	struct place at;

	cr_assert_eq(val_place_at(v, 3).line, 0);
	v->at = (struct place) { "f", 5, 9 };
	v->style = STYLE_BLOCK;
	v->indent = 2;
	at = val_place_at(v, 3);
	cr_assert(at.line == 6 && at.col == 5);
	at = val_place_at(v, 7);
	cr_assert(at.line == 8 && at.col == 4);
	at = val_place_at(v, 1000);
	cr_assert(at.line == 8 && at.col == 5);
	v->style = STYLE_QUOTED;
	cr_assert_eq(val_place_at(v, 3).col, 12);
	v->style = STYLE_PLAIN;
	cr_assert_eq(val_place_at(v, 3).col, 11);
	v->style = STYLE_FOLDED;
	cr_assert_eq(val_place_at(v, 3).col, 9);
}
