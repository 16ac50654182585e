/* What changes a fingerprint of files, and what does not. */
#include "os/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "os/probe.h"
#include "test.h"

static void
sh(const char *dir, const char *script)
{
	auto_str s = STR_INIT;

	str_addf(&s, "cd '%s' && { %s\n}", dir, script);
	cr_assert_eq(system(s.buf), 0, "%s", script);
}

static const struct val *
list(struct arena *a, const char *words)
{
	struct val *v = val_list(a);
	struct sv rest = sv(words), one;

	while (sv_cut(&rest, ' ', &one))
		if (one.n)
			val_push(a, v, val_bytes(a, one.p, one.n));
	return v;
}

static struct helped
files(struct arena *a, const char *dir, const char *paths, const char *skip)
{
	struct val *args = val_map(a);
	struct probe q = { "files", args, 0, NULL };
	struct helped h;

	val_set(a, args, "cwd", val_text(a, dir));
	val_set(a, args, "paths", list(a, paths));
	val_set(a, args, "skip", list(a, skip));
	probe_ask(&q, a, &h);
	return h;
}

static const char *
print_of(struct arena *a, const char *dir, const char *paths, const char *skip)
{
	struct helped h = files(a, dir, paths, skip);

	cr_assert_not_null(h.v, "%s: %s", h.kind, h.error);
	return val_str(h.v, "print", "");
}

TEST(print, tells_changes_of_content)
{
	static const struct {
		const char *act, *paths, *skip;
		bool changes;
	} rows[] = {
		{ "touch d/a", "d", "", false },
		{ "chmod o-r d/a", "d", "", false },
		{ "printf x >d/a", "d", "", false }, /* as it was */
		{ "printf y >d/a", "d", "", true },
		{ "printf yy >>d/e/b", "d", "", true },
		{ "chmod u+x d/a", "d", "", true },
		{ "touch d/new", "d", "", true },
		{ "rm d/a", "d", "", true },
		{ "mv d/a d/c", "d", "", true },
		{ "mkdir d/f", "d", "", true },
		{ "ln -sfn other d/l", "d", "", true },
		{ "mkfifo d/fifo", "d", "", true },
		{ "mkdir d/.git; echo x >d/.git/x", "d", "", false },
		{ "mkdir d/.loops; echo x >d/.loops/x", "d", "", false },
		{ "echo x >e", "d", "", false },
		{ "echo x >e", "d e", "", true },
		{ "echo x >d/e/new", "d", "d/e", false },
		{ "echo x >d/e/new", "d", "./d//e/", false },
		{ "echo x >d/e/new", "d", "d/e/b", true },
		{ "echo x >d/ee", "d", "d/e", true },
		{ "echo y >d/.loops.x", "d", "", true },
		{ "mkdir -p .loops/r; echo x >.loops/r/p", ".loops/r/p", "",
		    true },
		{ "echo y >>d/a", "to_d", "", true }, /* a link that is named */
		{ "echo y >d/a", "d/l", "", false },
		{ "chmod 000 d/e; ls -ld d/e >/dev/null", "d/a", "", false },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char dir[] = "/tmp/ll-print-XXXXXX";
		const char *before;

		cr_assert_not_null(mkdtemp(dir));
		sh(dir,
		    "mkdir -p d/e; printf x >d/a; printf x >d/e/b; "
		    "ln -s nowhere d/l; ln -s d to_d");
		before = print_of(&a, dir, rows[i].paths, rows[i].skip);
		sh(dir, rows[i].act);
		cr_expect_eq(
		    strcmp(before,
			print_of(&a, dir, rows[i].paths, rows[i].skip)) != 0,
		    rows[i].changes, "row %zu: %s", i, rows[i].act);
		sh(dir, "chmod -R u+rwx .; rm -rf \"$PWD\"");
	}
}

/* Too big to be read: size and time speak for it. */
TEST(print, a_huge_file_costs_nothing)
{
	char dir[] = "/tmp/ll-print-XXXXXX";
	auto_arena a = ARENA_INIT;
	const char *before;

	cr_assert_not_null(mkdtemp(dir));
	sh(dir, "truncate -s 1T huge || truncate -s 1G huge");
	before = print_of(&a, dir, ".", "");
	cr_expect_str_eq(before, print_of(&a, dir, ".", ""));
	sh(dir, "touch -d 2001-01-01 huge");
	cr_expect_str_neq(before, print_of(&a, dir, ".", ""));
	sh(dir, "rm -rf \"$PWD\"");
}

TEST(print, too_deep_is_a_limit)
{
	char dir[] = "/tmp/ll-print-XXXXXX";
	auto_arena a = ARENA_INIT;
	struct helped h;

	cr_assert_not_null(mkdtemp(dir));
	sh(dir, "d=.; for i in $(seq 120); do d=$d/x; done; mkdir -p $d");
	h = files(&a, dir, ".", "");
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, "limit");
	sh(dir, "rm -rf \"$PWD\"");
}

TEST(print, numbers_of_a_file)
{
	static const struct {
		const char *text, *numbers;
	} rows[] = {
		{ "", "" },
		{ "1\n 2.5 \n\nx\n3 points\n-4e1\n0x10\nnan\n5",
		    "1 2.5 -40 5" },
		{ "7\r\n8\r\n", "7 8" },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char path[] = "/tmp/ll-numbers-XXXXXX";
		int fd = mkstemp(path);
		struct val *args = val_map(&a);
		struct probe q = { "numbers", args, 0, NULL };
		auto_str got = STR_INIT;
		struct helped h;

		cr_assert_geq(fd, 0);
		cr_assert_eq(write(fd, rows[i].text, strlen(rows[i].text)),
		    (ssize_t)strlen(rows[i].text));
		close(fd);
		val_set(&a, args, "file", val_text(&a, path));
		probe_ask(&q, &a, &h);
		cr_assert_not_null(h.v, "%s", h.error);
		for (size_t k = 0; k < val_get(h.v, "numbers")->list.len; k++)
			str_addf(&got, "%s%g", k ? " " : "",
			    val_get(h.v, "numbers")->list.at[k]->r);
		cr_expect_str_eq(got.buf, rows[i].numbers);
		unlink(path);
	}
}

TEST(print, a_file_of_numbers_may_be_missing_but_not_odd)
{
	static const struct {
		const char *request, *file, *cwd, *kind;
	} rows[] = {
		{ "numbers", "/nowhere/at/all", ".", NULL },
		{ "numbers", "/tmp", ".", "unreadable" },
		{ "numbers", "/dev/zero", ".", "unreadable" },
		{ "numbers", "x", "/nowhere", "failed" },
		{ "nonsense", "x", ".", "failed" },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct val *args = val_map(&a);
		struct probe q = { rows[i].request, args, 0, NULL };
		struct helped h;

		val_set(&a, args, "file", val_text(&a, rows[i].file));
		val_set(&a, args, "cwd", val_text(&a, rows[i].cwd));
		probe_ask(&q, &a, &h);
		cr_expect_eq(h.v == NULL, rows[i].kind != NULL, "row %zu", i);
		if (!h.v && rows[i].kind)
			cr_expect_str_eq(h.kind, rows[i].kind);
	}
}
