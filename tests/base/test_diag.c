/* Sorting, counting, and the end of patience. */
#include "base/diag.h"
#include "test.h"

TEST(diag, sorts_by_place_then_order)
{
	struct diags d = DIAGS_INIT;

	diag_add(&d, (struct place) { "b", 1, 1 }, "E1", "p", "4");
	diag_add(&d, (struct place) { "a", 9, 1 }, "E1", "p", "3");
	diag_add(&d, (struct place) { "a", 2, 5 }, "W1", "p", "1");
	diag_add(&d, (struct place) { "a", 2, 5 }, "E1", "p", "2");
	diag_add(&d, (struct place) { NULL, 0, 0 }, "E1", "p", "%d", 0);
	cr_assert_eq(d.errors, 4);
	cr_assert_eq(d.warnings, 1);
	diags_sort(&d);
	for (size_t i = 0; i < d.len; i++)
		cr_assert_eq(d.at[i].msg[0], '0' + (int)i);
	diags_release(&d);
	cr_assert_eq(d.len, 0);
}

TEST(diag, says_the_same_of_a_place_once)
{
	const struct place here = { "a", 2, 5 }, none = { "a", 0, 0 };
	struct diags d = DIAGS_INIT;

	diag_add(&d, here, "W1", "states.x", "odd");
	diag_add(&d, here, "E1", "states.x", "wrong");
	diag_add(&d, here, "W1", "states.y", "odd");
	diag_add(&d, here, "E1", "states.y", "wrong too");
	diag_add(&d, none, "W1", "states.x", "odd");
	diag_add(&d, none, "W1", "states.y", "odd");
	diags_sort(&d);
	cr_assert_eq(d.len, 5);
	cr_assert_eq(d.warnings, 3);
	cr_assert_eq(d.errors, 2);
	cr_assert_str_eq(d.at[2].msg, "odd");
	cr_assert_str_eq(d.at[4].msg, "wrong too");
	diags_release(&d);
}

TEST(diag, stops_at_500)
{
	struct diags d = DIAGS_INIT;

	for (int i = 0; i < 1000; i++)
		diag_add(&d, (struct place) { "a", i, 1 }, "E1", "p", "x");
	cr_assert_eq(d.len, 501);
	cr_assert_str_eq(d.at[500].id, "E000");
	diags_release(&d);
}
