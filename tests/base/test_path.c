/* Path text. */
#include "base/auto.h"
#include "base/path.h"
#include "test.h"

TEST(path, cleans)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "", "." },
		{ ".", "." },
		{ "/", "/" },
		{ "a//b/./c/", "a/b/c" },
		{ "a/..", "." },
		{ "a/../b", "b" },
		{ "../a", "../a" },
		{ "a/../../b", "../b" },
		{ "../../a/..", "../.." },
		{ "/..", "/" },
		{ "/a/../..", "/" },
		{ "/a/./b/../c", "/a/c" },
		{ "..a/b..", "..a/b.." },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		auto_arena a = ARENA_INIT;

		cr_assert_str_eq(path_clean(&a, rows[i].path), rows[i].want,
		    "%s", rows[i].path);
	}
}

TEST(path, joins_and_splits)
{
	auto_arena a = ARENA_INIT;

	cr_assert_str_eq(path_join(&a, "d", "n"), "d/n");
	cr_assert_str_eq(path_join(&a, "d/", "n"), "d/n");
	cr_assert_str_eq(path_join(&a, "d", "/n"), "/n");
	cr_assert_str_eq(path_join(&a, NULL, "n"), "n");
	cr_assert_str_eq(path_dir(&a, "a/b/c"), "a/b");
	cr_assert_str_eq(path_dir(&a, "/c"), "/");
	cr_assert_str_eq(path_dir(&a, "c"), ".");
	cr_assert_str_eq(path_base("a/b"), "b");
	cr_assert_str_eq(path_base("b"), "b");
	cr_assert_str_eq(path_inside("/a/b/c", "/a"), "b/c");
	cr_assert_str_eq(path_inside("/ab/c", "/a"), "/ab/c");
}
