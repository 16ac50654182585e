/*
 * Unit tests: criterion, with one addition.  Its leak reports do not fail a
 * test by themselves, so each body ends with a leak check of its own.
 */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <criterion/criterion.h>

__attribute__((weak)) int __lsan_do_recoverable_leak_check(void);

static inline void
test_no_leaks(void)
{
	if (__lsan_do_recoverable_leak_check)
		cr_assert_eq(
		    __lsan_do_recoverable_leak_check(), 0, "memory leaked");
}

/* clang-format off */
#define TEST(suite, name)                                 \
	static void suite##_##name##_body(void);          \
	Test(suite, name)                                 \
	{                                                 \
		suite##_##name##_body();                  \
		test_no_leaks();                          \
	}                                                 \
	static void suite##_##name##_body(void)
/* clang-format on */

#endif
