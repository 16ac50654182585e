/* What several steps print at the same time. */
#include "store/output_bed.h"

TEST(output, slots_do_not_mix)
{
	struct bed b;
	struct stream out[2];
	char block[40000];

	setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
	memset(block, 'x', sizeof(block));
	for (size_t i = 0; i < VAULT_SLOTS; i++)
		cr_assert_eq(
		    b.v.open(b.o, i, 100 + (long long)i, &as_set, &b.e), 0);
	for (int k = 0; k < 3; k++)
		for (size_t i = 0; i < VAULT_SLOTS; i++) {
			auto_str s = STR_INIT;

			str_addf(&s, "%zu.%d ", i, k);
			cr_assert_eq(b.v.put(b.o, i, 1, s.buf, s.len, &b.e), 0);
			if (i % 2)
				cr_assert_eq(b.v.put(b.o, i, 2, block,
						 sizeof(block), &b.e),
				    0);
		}
	for (size_t i = 0; i < VAULT_SLOTS; i++) {
		cr_assert_eq(b.v.close(b.o, i, out, &b.e), 0);
		cr_expect_str_eq(out[0].text,
		    arena_printf(&b.mem, "%zu.0 %zu.1 %zu.2 ", i, i, i));
		cr_expect_eq(out[1].bytes, i % 2 ? 120000 : 0);
		if (i % 2)
			cr_expect_str_eq(out[1].file,
			    arena_printf(&b.mem, "%s/%zu.err", b.dir, 100 + i));
	}
	cr_assert_eq(count_files(b.dir), VAULT_SLOTS / 2);
	cr_assert_lt(b.v.open(b.o, VAULT_SLOTS, 9, &as_set, &b.e), 0);
	teardown(&b);
}

TEST(output, what_a_slot_told_stays_until_its_next_open)
{
	struct bed b;
	struct stream one[2], two[2];

	setup(&b, OUTPUT_LIMIT, OUTPUT_DISK_LIMIT);
	cr_assert_eq(b.v.open(b.o, 1, 10, &as_set, &b.e), 0);
	put(&b, 1, "zero", 4);
	cr_assert_eq(b.v.put(b.o, 1, 1, "one", 3, &b.e), 0);
	cr_assert_eq(b.v.close(b.o, 1, one, &b.e), 0);
	cr_assert_eq(b.v.open(b.o, 2, 11, &as_set, &b.e), 0);
	cr_assert_eq(b.v.put(b.o, 2, 1, "two", 3, &b.e), 0);
	put(&b, 1, "+", 1);
	cr_assert_eq(b.v.close(b.o, 2, two, &b.e), 0);
	cr_assert_str_eq(one[0].text, "one");
	cr_assert_str_eq(two[0].text, "two");
	cr_assert_eq(b.v.open(b.o, 1, 12, &as_set, &b.e), 0);
	cr_assert_eq(b.v.close(b.o, 1, one, &b.e), 0);
	cr_assert_eq(one[0].len, 0);
	cr_assert_eq(b.v.close(b.o, 0, one, &b.e), 0);
	cr_assert_str_eq(one[0].text, "zero+");
	teardown(&b);
}

TEST(output, slots_share_the_disk_limit)
{
	struct bed b;
	struct stream out[2];
	char block[40000];

	setup(&b, OUTPUT_LIMIT, 100000);
	memset(block, 'x', sizeof(block));
	for (size_t i = 1; i <= 3; i++)
		cr_assert_eq(
		    b.v.open(b.o, i, 10 + (long long)i, &as_set, &b.e), 0);
	cr_assert_eq(b.v.put(b.o, 1, 1, block, sizeof(block), &b.e), 0);
	cr_assert_eq(b.v.put(b.o, 2, 2, block, sizeof(block), &b.e), 0);
	cr_assert_eq(
	    b.v.put(b.o, 3, 1, block, sizeof(block), &b.e), VAULT_FULL);
	cr_assert_eq(b.v.put(b.o, 1, 2, "more", 4, &b.e), VAULT_FULL);
	cr_assert_eq(b.v.close(b.o, 3, out, &b.e), VAULT_FULL);
	cr_assert_eq(out[0].len, 20000);
	teardown(&b);
}
