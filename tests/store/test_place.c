/* Paths and run ids; mkdir is the claim. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "store/place.h"
#include "test.h"

static const char *
fresh(struct arena *a)
{
	const char *top = getenv("TMPDIR");
	char *dir = arena_printf(a, "%s/place-XXXXXX", top ? top : "/tmp");

	cr_assert_not_null(mkdtemp(dir));
	return dir;
}

static int
drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void
gone(const char *dir)
{
	cr_assert_eq(nftw(dir, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
}

TEST(place, names_are_fit_for_a_directory)
{
	static const struct {
		const char *name, *want;
	} rows[] = { { "fix-tests", "fix-tests" }, { "a/b/c", "a-b-c" },
		{ "", "loop" }, { "..", "_." }, { ".hidden", "_hidden" },
		{ "-n", "_n" }, { "a\nb", "a-b" },
		{ "0123456789012345678901234567890123456789"
		  "012345678901234567890123456789",
		    "01234567890123456789012345678901234567890123456789"
		    "01234567890123" },
		/* 63 bytes and a character of two: not cut in two. */
		{ "012345678901234567890123456789012345678901234567890"
		  "123456789012\xc3\xa4",
		    "01234567890123456789012345678901234567890123456789"
		    "0123456789012" } };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_str_eq(place_name(&a, rows[i].name), rows[i].want);
}

TEST(place, ids_tell_loop_and_time)
{
	auto_arena a = ARENA_INIT;
	const char *id;

	clock_fake(1795228653421LL);
	id = place_new_id(&a, "a/b");
	clock_fake(-1);
	cr_assert_eq(strncmp(id, "a-b-20261121T023733-", 20), 0, "%s", id);
	cr_assert_eq(strlen(id), 24);
	cr_assert_str_eq(place_loop_of(&a, id), "a-b");
	cr_assert_eq(strncmp(place_time_of(id), "20261121T023733-", 16), 0);
}

TEST(place, other_names_are_no_runs)
{
	static const char *const rows[] = { "", ".", "..", ".gitignore", "x",
		"-20261121T023733-abcd", "a-20261121T023733-abc",
		"a-20261121T023733-abcl", "a-20261121t023733-abcd",
		"a-2026112xT023733-abcd", "a/b-20261121T023733-abcd",
		".a-20261121T023733-abcd", "a-20261121T023733-abcde" };
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_null(place_loop_of(&a, rows[i]), "%s", rows[i]);
}

static void
check_mode(const char *path, mode_t want)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0, "%s", path);
	cr_assert_eq(st.st_mode & 0777, want, "%s", path);
}

TEST(place, makes_what_a_run_needs)
{
	auto_arena a = ARENA_INIT;
	const char *root = fresh(&a);
	struct place_run p, q;
	struct err e = ERR_INIT;
	auto_str ignore = STR_INIT;

	cr_assert_eq(place_create(&a, root, "x/y", &p, &e), 0, "%s", e.msg);
	cr_assert_eq(place_create(&a, root, "x/y", &q, &e), 0, "%s", e.msg);
	cr_assert_str_neq(p.run, q.run);
	check_mode(p.dir, 0700);
	cr_assert_not(file_exists(p.ll), "it is only claimed");
	cr_assert_eq(place_furnish(&p, &e), 0, "%s", e.msg);
	check_mode(p.ll, 0700);
	check_mode(p.sealed, 0700);
	cr_assert_not(file_exists(p.output));
	cr_assert_eq(p.dir[strlen(p.dir) - 1], '/');
	cr_assert_eq(
	    file_read(arena_printf(&a, "%s/.loops/runs/.gitignore", root), 100,
		&ignore, &e),
	    0);
	cr_assert_str_eq(ignore.buf, "*\n");
	/* A directory that somebody took away meanwhile. */
	cr_assert_eq(rmdir(q.dir), 0);
	cr_assert_lt(place_furnish(&q, &e), 0);
	cr_assert_eq(e.kind, ERR_CREATE);
	gone(root);
}

TEST(place, says_what_is_in_the_way)
{
	auto_arena a = ARENA_INIT;
	const char *root = fresh(&a);
	const char *file = arena_printf(&a, "%s/.loops", root);
	struct place_run p;
	struct err e = ERR_INIT;

	close(open(file, O_CREAT | O_WRONLY, 0600));
	cr_assert_lt(place_create(&a, root, "x", &p, &e), 0);
	cr_assert_eq(e.kind, ERR_CREATE);
	cr_assert(strstr(e.msg, file), "%s", e.msg);
	gone(root);
}

static void
write_to(const char *path)
{
	auto_fd int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	cr_assert_eq(file_write_all(fd, "x\n", 2), 0, "%s", path);
}

TEST(place, takes_back_only_what_never_began)
{
	auto_arena a = ARENA_INIT;
	const char *root = fresh(&a);
	struct place_run p;
	struct err e = ERR_INIT;

	cr_assert_eq(place_create(&a, root, "x", &p, &e), 0, "%s", e.msg);
	cr_assert_eq(place_furnish(&p, &e), 0, "%s", e.msg);
	write_to(p.run_json);
	write_to(arena_printf(&a, "%s/0-x.yaml", p.sealed));
	write_to(p.journal);
	place_discard(&p);
	cr_assert(file_exists(p.run_json), "a record was written");
	cr_assert_eq(truncate(p.journal, 0), 0);
	place_discard(&p);
	cr_assert_not(file_exists(p.dir));

	/* The user's own file keeps its directory. */
	cr_assert_eq(place_create(&a, root, "x", &p, &e), 0, "%s", e.msg);
	cr_assert_eq(place_furnish(&p, &e), 0, "%s", e.msg);
	write_to(arena_printf(&a, "%smine", p.dir));
	place_discard(&p);
	cr_assert_not(file_exists(p.ll));
	cr_assert(file_exists(p.dir));
	gone(root);
}

/* T37, C19: many starts at one moment share nothing. */
TEST(place, many_at_once_are_all_different)
{
	enum { KIDS = 8, EACH = 25 };
	auto_arena a = ARENA_INIT;
	const char *root = fresh(&a);
	struct place_run p;
	struct err e = ERR_INIT;
	auto_dir DIR *d = NULL;
	struct dirent *ent;
	int n = 0, status;

	for (int i = 0; i < KIDS; i++)
		if (fork() == 0) {
			for (int k = 0; k < EACH; k++)
				if (place_create(&a, root, "x", &p, &e) < 0)
					_exit(1);
			_exit(0);
		}
	for (int i = 0; i < KIDS; i++) {
		cr_assert_gt(wait(&status), 0);
		cr_assert_eq(status, 0);
	}
	d = opendir(arena_printf(&a, "%s/.loops/runs", root));
	while ((ent = readdir(d)))
		n += place_time_of(ent->d_name) != NULL;
	cr_assert_eq(n, KIDS * EACH);
	gone(root);
}

TEST(place, a_run_tells_when_it_was_made)
{
	cr_expect_eq(
	    place_time_us("fix-20261121T023733-k3p9"), 1795228653LL * 1000000);
	cr_expect_eq(place_time_us("fix-20261321T023733-k3p9"), 0);
	cr_expect_eq(place_time_us("fix"), 0);
}
