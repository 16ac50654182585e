/* Removing runs, and what they take. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "store/prune.h"
#include "store/sizes.h"
#include "test.h"

struct bed {
	struct arena mem;
	char *root;
	struct place_run place;
	struct err e;
};

static void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");

	*b = (struct bed) { .mem = ARENA_INIT };
	b->root = arena_printf(&b->mem, "%s/prune-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(b->root));
	cr_assert_eq(
	    place_create(&b->mem, b->root, "fix", &b->place, &b->e), 0);
	cr_assert_eq(place_furnish(&b->place, &b->e), 0);
}

static void
teardown(struct bed *b)
{
	auto_str cmd = STR_INIT;

	str_addf(&cmd, "rm -rf '%s'", b->root);
	cr_assert_eq(system(cmd.buf), 0);
	arena_release(&b->mem);
}

static const char *
put(struct bed *b, const char *name, size_t n)
{
	const char *path = path_join(&b->mem, b->place.dir, name);
	auto_fd int fd = open(path, O_WRONLY | O_CREAT, 0600);
	auto_free char *zeros = calloc(1, n + 1);

	cr_assert_geq(fd, 0);
	cr_assert_eq(file_write_all(fd, zeros, n), 0);
	return path;
}

/* The names under `runs` that are there, hidden ones too. */
static int
entries(struct bed *b)
{
	auto_dir DIR *d = opendir(place_runs(&b->mem, b->root));
	struct dirent *ent;
	int n = 0;

	while ((ent = readdir(d)))
		n += strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0 &&
		    strcmp(ent->d_name, ".gitignore") != 0;
	return n;
}

static void
expect_gone(struct bed *b)
{
	cr_expect_eq(prune_may(&b->place, &b->e), 0, "%s", b->e.msg);
	cr_expect_eq(prune_hide(&b->place, &b->e), 0, "%s", b->e.msg);
	cr_expect_not(file_exists(b->place.dir));
	cr_expect_eq(entries(b), 1);
	cr_expect_eq(prune_sweep(b->root, &b->e), 0, "%s", b->e.msg);
	cr_expect_eq(entries(b), 0);
}

TEST(prune, removes_a_run_and_follows_no_link)
{
	struct bed b;
	const char *out, *keep;

	setup(&b);
	out = path_join(&b.mem, b.root, "outside");
	keep = path_join(&b.mem, out, "keep");
	cr_assert_eq(mkdir(out, 0700), 0);
	cr_assert_eq(close(open(keep, O_CREAT | O_WRONLY, 0600)), 0);
	cr_assert_eq(symlink(out, path_join(&b.mem, b.place.dir, "link")), 0);
	cr_assert_eq(
	    symlink(keep, path_join(&b.mem, b.place.dir, "to-file")), 0);
	put(&b, "artifact", 100);
	expect_gone(&b);
	cr_expect(file_exists(keep));
	teardown(&b);
}

TEST(prune, removes_what_is_deep_and_what_is_not_writable)
{
	struct bed b;
	auto_fd int at = -1;

	setup(&b);
	at = open(b.place.dir, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 300; i++) {
		int next;

		cr_assert_eq(mkdirat(at, "deeper", 0700), 0);
		next = openat(at, "deeper", O_RDONLY | O_DIRECTORY);
		close(at);
		at = next;
	}
	cr_assert_eq(mkdir(path_join(&b.mem, b.place.dir, "ro"), 0700), 0);
	put(&b, "ro/file", 1);
	cr_assert_eq(chmod(path_join(&b.mem, b.place.dir, "ro"), 0500), 0);
	cr_assert_eq(mkdir(path_join(&b.mem, b.place.dir, "none"), 0), 0);
	expect_gone(&b);
	teardown(&b);
}

TEST(prune, refuses_what_is_no_run)
{
	struct bed b;
	struct place_run other = { 0 };

	setup(&b);
	place_of(&b.mem, b.root, "fix-20260101T000000-aaaa", &other);
	cr_expect_eq(prune_may(&other, &b.e), -1);
	cr_assert_eq(symlink("/tmp",
			 arena_dup(&b.mem, other.dir, strlen(other.dir) - 1)),
	    0);
	cr_expect_eq(prune_may(&other, &b.e), -1);
	cr_expect_str_eq(b.e.msg, "it is not a directory");
	unlink(arena_dup(&b.mem, other.dir, strlen(other.dir) - 1));
	cr_assert_eq(mkdir(other.dir, 0700), 0);
	cr_expect_eq(prune_may(&other, &b.e), 0, "a start that was killed");
	cr_assert_eq(mkdir(path_join(&b.mem, other.dir, "mine"), 0700), 0);
	cr_expect_eq(prune_may(&other, &b.e), -1);
	place_of(&b.mem, b.root, "notes", &other);
	cr_expect_eq(prune_may(&other, &b.e), -1);
	cr_expect_str_eq(b.e.msg, "it has no run's name");
	teardown(&b);
}

TEST(prune, a_killed_removal_is_ended_by_the_next)
{
	struct bed b;
	const char *mine;

	setup(&b);
	put(&b, "artifact", 1);
	cr_assert_eq(prune_hide(&b.place, &b.e), 0);
	mine = path_join(&b.mem, place_runs(&b.mem, b.root), ".pruned-mine");
	cr_assert_eq(mkdir(mine, 0700), 0);
	cr_expect_eq(prune_sweep(b.root, &b.e), 0);
	cr_expect_eq(entries(&b), 1, "a name that is not ours stays");
	cr_expect_eq(prune_sweep(b.root, &b.e), 0, "twice is fine");
	teardown(&b);
}

TEST(prune, without_runs_there_is_nothing_to_sweep)
{
	struct err e = ERR_INIT;

	cr_expect_eq(prune_sweep("/nonexistent", &e), 0);
}

TEST(prune, measures_what_is_there)
{
	struct bed b;
	struct prune_size few, all;

	setup(&b);
	put(&b, "big", 100000);
	put(&b, "small", 10);
	cr_expect(prune_measure(&b.place, 0, &all));
	cr_expect_eq(all.files, 5);
	cr_expect_geq(all.bytes, 100000);
	cr_expect_not(prune_measure(&b.place, 2, &few));
	cr_expect_eq(few.files, 2);
	teardown(&b);
}

TEST(prune, sizes_are_noted_and_summed)
{
	struct bed b;
	const char *gone = "fix-20260101T000000-aaaa";
	struct sizes_row rows[] = { { gone, 5000 }, { NULL, 7000 } };

	setup(&b);
	cr_expect_eq(sizes_total(&b.mem, b.root, 0), 0);
	put(&b, "big", 100000);
	sizes_note(&b.place);
	sizes_note(&b.place);
	cr_expect_geq(sizes_total(&b.mem, b.root, 0), 100000);
	cr_expect_lt(sizes_total(&b.mem, b.root, 0), 200000);
	rows[1].run = b.place.run;
	cr_assert_eq(sizes_put(&b.mem, b.root, rows, 2, &b.e), 0);
	cr_expect_eq(sizes_total(&b.mem, b.root, 1 << 20), 12000);
	cr_expect_eq(sizes_total(&b.mem, b.root, 0), 7000, "one is gone");
	teardown(&b);
}
