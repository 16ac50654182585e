/* Order of first put, lookups, drops. */
#include <stdio.h>

#include "base/map.h"
#include "test.h"

TEST(map, keeps_order_and_finds)
{
	struct map m = MAP_INIT;
	char key[24];

	cr_assert_null(map_get(&m, "x"));
	for (int i = 0; i < 500; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		map_put(&m, key)->count = i;
	}
	cr_assert_eq(map_put(&m, "k7")->count, 7);
	cr_assert_eq(m.len, 500);
	for (int i = 0; i < 500; i++)
		cr_assert_eq(m.at[i].count, i);
	cr_assert(map_drop(&m, "k0"));
	cr_assert_not(map_drop(&m, "k0"));
	cr_assert_null(map_get(&m, "k0"));
	cr_assert_str_eq(m.at[0].key, "k1");
	for (int i = 1; i < 500; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		cr_assert_eq(map_get(&m, key)->count, i);
	}
	map_release(&m);
	cr_assert_null(map_get(&m, "k1"));
}
