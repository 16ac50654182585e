/* Setting, wrapping, cutting, and the exit status of each kind. */
#include <errno.h>
#include <string.h>

#include "base/auto.h"
#include "base/err.h"
#include "test.h"

TEST(err, sets_and_wraps)
{
	struct err e = ERR_INIT;

	cr_assert_eq(err_exit(&e), 0);
	cr_assert_eq(err_set(&e, ERR_INPUT, "bad %d", 5), -1);
	cr_assert_eq(err_wrap(&e, "file '%s'", "x"), -1);
	cr_assert_str_eq(e.msg, "file 'x': bad 5");
	cr_assert_eq(e.kind, ERR_INPUT);
	errno = ENOENT;
	cr_assert_eq(err_sys(&e, "open"), -1);
	cr_assert_str_eq(e.msg, "open: No such file or directory");
	cr_assert_eq(e.sys, ENOENT);
	cr_assert_eq(e.kind, ERR_IO);
}

TEST(err, a_long_text_says_that_it_is_cut)
{
	struct err e = ERR_INIT;
	char text[2000];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	err_set(&e, ERR_IO, "%s", text);
	cr_assert_eq(strlen(e.msg), sizeof(e.msg) - 1);
	cr_assert_str_eq(e.msg + sizeof(e.msg) - 4, "...");
	err_wrap(&e, "%s", "more");
	cr_assert_str_eq(e.msg + sizeof(e.msg) - 4, "...");
	cr_assert_eq(strncmp(e.msg, "more: x", 7), 0);
}

TEST(err, exit_statuses)
{
	static const int want[] = { 0, 64, 65, 66, 69, 70, 73, 74, 75 };

	for (size_t i = 0; i < COUNT(want); i++) {
		struct err e = { (enum err_kind)i, 0, "" };

		cr_assert_eq(err_exit(&e), want[i]);
	}
}
