/* The tables of keys: complete rows, look-ups, the nearest key. */
#include "loop/keys.h"

#include <string.h>

#include "base/auto.h"
#include "test.h"

TEST(keys, loop_is_first_and_tables_are_found_by_object)
{
	cr_assert_str_eq(key_tables[0]->object, "loop");
	for (size_t t = 0; key_tables[t]; t++)
		cr_expect_eq(
		    key_table_of(key_tables[t]->object), key_tables[t]);
	cr_expect_null(key_table_of("nonsense"));
}

/* A text that fills its place to the last byte has no end. */
static void
check_room(const struct key_table *t, const struct key *k)
{
	cr_expect(!k->name[sizeof(k->name) - 1] &&
		!k->words[sizeof(k->words) - 1] &&
		!k->otherwise[sizeof(k->otherwise) - 1] &&
		!k->doc[sizeof(k->doc) - 1],
	    "%s.%s is too long", t->object, k->name);
}

static void
check_row(const struct key_table *t, const struct key *k)
{
	bool deep = k->type == KT_OBJECT || k->type == KT_OBJECTS ||
	    k->type == KT_NAMED;

	check_room(t, k);
	cr_expect_eq(
	    key_of(t, k->name), k, "%s.%s is there twice", t->object, k->name);
	cr_expect(k->doc[0] && k->doc[strlen(k->doc) - 1] == '.',
	    "%s.%s needs a sentence", t->object, k->name);
	if (deep)
		cr_expect_not_null(
		    key_table_of(k->words), "%s.%s", t->object, k->name);
	else
		cr_expect_eq(*k->words != 0, k->type == KT_ENUM, "%s.%s",
		    t->object, k->name);
}

TEST(keys, rows_are_complete)
{
	for (size_t t = 0; key_tables[t]; t++)
		for (size_t i = 0; i < key_tables[t]->len; i++)
			check_row(key_tables[t], &key_tables[t]->at[i]);
}

TEST(keys, nearest)
{
	static const struct {
		const char *object, *wrong, *near;
	} rows[] = {
		{ "loop", "max_step", "max_steps" },
		{ "loop", "nmae", "name" },
		{ "state", "timout", "timeout" },
		{ "state", "capure", "capture" },
		{ "state", "with_", "with" },
		{ "evaluate", "patern", "pattern" },
		{ "state", "notes", NULL },
		{ "state", "output", NULL },
		{ "loop", "zzzzzz", NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *near =
		    key_nearest(key_table_of(rows[i].object), rows[i].wrong);

		if (rows[i].near)
			cr_expect_str_eq(near ? near : "", rows[i].near);
		else
			cr_expect_null(
			    near, "%s is near %s", near, rows[i].wrong);
	}
}

TEST(keys, words)
{
	cr_expect(key_has_word("a|bc|d", "bc"));
	cr_expect_not(key_has_word("a|bc|d", "b"));
	cr_expect_not(key_has_word("a|bc|d", ""));
}
