#include "base/round.h"

#include "test.h"

TEST(round, halves_go_away_from_zero)
{
	static const struct {
		double x;
		long long near, up;
	} rows[] = { { 0, 0, 0 }, { 0.4, 0, 1 }, { 0.5, 1, 1 }, { 1.5, 2, 2 },
		{ 2.000001, 2, 3 },
		{ 1e15, 1000000000000000, 1000000000000000 },
		{ 123456789.5, 123456790, 123456790 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_assert_eq(round_near(rows[i].x), rows[i].near, "%zu", i);
		cr_assert_eq(round_near(-rows[i].x), -rows[i].near, "%zu", i);
		cr_assert_eq(round_up(rows[i].x), rows[i].up, "%zu", i);
	}
}
