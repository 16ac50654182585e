/* Zeroed, aligned, and still there after many more. */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "test.h"

TEST(arena, gives_zeroed_aligned_memory)
{
	auto_arena a = ARENA_INIT;

	for (size_t n = 0; n < 40000; n += 997) {
		char *p = arena_new(&a, n);

		cr_assert_eq((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			cr_assert_eq(p[i], 0);
		memset(p, 'x', n);
	}
}

TEST(arena, copies)
{
	auto_arena a = ARENA_INIT;

	cr_assert_str_eq(arena_dup(&a, "abc", 2), "ab");
	cr_assert_str_eq(arena_dup(&a, NULL, 0), "");
	cr_assert_str_eq(arena_strdup(&a, "abc"), "abc");
	cr_assert_null(arena_strdup(&a, NULL));
	cr_assert_str_eq(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
}

/* Texts of all lengths around the end of a block, which they may just fill. */
TEST(arena, prints_up_to_the_last_byte_and_beyond)
{
	for (int room = 0; room <= 64; room += 16) {
		for (int n = 0; n < 80; n++) {
			auto_arena a = ARENA_INIT;
			char *first = arena_new(&a, 16384 - (size_t)room);
			char *text = arena_printf(&a, "%*s", n, "y");
			char *next = arena_new(&a, 8);

			memset(first, 'x', 16384 - (size_t)room);
			memset(next, 'z', 8);
			cr_assert_eq(strlen(text), n ? (size_t)n : 1);
			cr_assert_eq(text[n ? n - 1 : 0], 'y');
			cr_assert_eq((uintptr_t)next % 16, 0);
		}
	}
}

TEST(arena, reset_zeroes_again)
{
	auto_arena a = ARENA_INIT;
	char *p = arena_new(&a, 100);

	memset(p, 'x', 100);
	arena_new(&a, 100000);
	arena_reset(&a);
	p = arena_new(&a, 100);
	cr_assert_eq(p[0], 0);
	arena_release(&a);
	arena_reset(&a);
	cr_assert_null(a.head);
}
