/* Whole reads within a bound, whole puts, directories. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "test.h"

static void
at(char out[80], const char *dir, const char *name)
{
	snprintf(out, 80, "%s/%s", dir, name);
}

TEST(file, puts_and_reads)
{
	char dir[] = "/tmp/test-file-XXXXXX", path[80];
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;

	cr_assert(mkdtemp(dir));
	at(path, dir, "f");
	cr_assert_eq(file_put(path, "hello", 5, 0600, &e), 0, "%s", e.msg);
	cr_assert_eq(file_put(path, "hello you", 9, 0600, &e), 0);
	cr_assert_eq(file_read(path, 9, &text, &e), 0);
	cr_assert_str_eq(text.buf, "hello you");
	str_reset(&text);
	cr_assert_eq(file_read(path, 8, &text, &e), -1);
	cr_assert_eq(e.kind, ERR_INPUT);
	cr_assert(file_exists(path) && file_is_regular(path));
	cr_assert_not(file_is_dir(path));
	unlink(path);
	rmdir(dir);
}

TEST(file, refuses_what_is_not_regular)
{
	char dir[] = "/tmp/test-file-XXXXXX", path[80];
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;

	cr_assert(mkdtemp(dir));
	at(path, dir, "fifo");
	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_assert_eq(file_read(path, 10, &text, &e), -1);
	cr_assert_eq(e.kind, ERR_INPUT);
	unlink(path);
	cr_assert_eq(file_read(path, 10, &text, &e), -1);
	cr_assert_eq(e.kind, ERR_ABSENT);
	cr_assert_eq(file_read(dir, 10, &text, &e), -1);
	rmdir(dir);
}

TEST(file, makes_directories)
{
	char dir[] = "/tmp/test-file-XXXXXX", path[80], file[80];
	struct err e = ERR_INIT;

	cr_assert(mkdtemp(dir));
	at(path, dir, "a/b");
	cr_assert_eq(file_mkdirs(path, 0700, &e), 0, "%s", e.msg);
	cr_assert_eq(file_mkdirs(path, 0700, &e), 0);
	cr_assert(file_is_dir(path));
	at(file, dir, "a/b/f");
	cr_assert_eq(file_put(file, "", 0, 0600, &e), 0);
	cr_assert_eq(file_mkdirs(file, 0700, &e), -1);
	unlink(file);
	rmdir(path);
	at(path, dir, "a");
	rmdir(path);
	rmdir(dir);
}

static void
check_ignored(const char *dir)
{
	char path[200];
	struct err e = ERR_INIT;
	auto_str text = STR_INIT;

	at(path, dir, "q");
	cr_assert_eq(file_mkdir_ignored(path, &e), 0, "%s", e.msg);
	cr_assert_eq(file_mkdir_ignored(path, &e), 0, "%s", e.msg);
	at(path, dir, "q/.gitignore");
	cr_assert_eq(file_read(path, 10, &text, &e), 0, "%s", e.msg);
	cr_assert_str_eq(text.buf, "*\n");
	unlink(path);
	at(path, dir, "q.new");
	cr_assert_not(file_exists(path));
	at(path, dir, "q");
	cr_assert_eq(rmdir(path), 0);
}

/* It is not there without what hides it from git; one who was killed while he
 * made it is in nobody's way. */
TEST(file, a_directory_that_git_does_not_see)
{
	char dir[] = "/tmp/file-XXXXXX", path[200];
	struct err e = ERR_INIT;

	cr_assert(mkdtemp(dir));
	check_ignored(dir);
	at(path, dir, "q.new");
	cr_assert_eq(mkdir(path, 0700), 0);
	check_ignored(dir);
	cr_assert_eq(mkdir(path, 0700), 0);
	at(path, dir, "q.new/.gitignore");
	cr_assert_eq(file_put(path, "", 0, 0600, &e), 0);
	check_ignored(dir);
	at(path, dir, "q");
	cr_assert_eq(file_put(path, "", 0, 0600, &e), 0);
	cr_assert_eq(file_mkdir_ignored(path, &e), -1);
	unlink(path);
	rmdir(dir);
}

/* Children that begin at once; how many of them failed. */
static int
make_at_once(const char *path, int n)
{
	int go[2], failed = 0, status;

	cr_assert_eq(pipe(go), 0);
	for (int i = 0; i < n; i++) {
		struct err e = ERR_INIT;
		char c;

		if (fork() != 0)
			continue;
		close(go[1]);
		(void)!read(go[0], &c, 1);
		_exit(file_mkdir_ignored(path, &e) < 0);
	}
	close(go[0]);
	close(go[1]);
	while (wait(&status) > 0)
		failed += status != 0;
	return failed;
}

TEST(file, many_make_a_directory_at_once)
{
	char dir[] = "/tmp/file-XXXXXX", path[200];

	cr_assert(mkdtemp(dir));
	for (int i = 0; i < 200; i++) {
		at(path, dir, "q");
		cr_assert_eq(make_at_once(path, 8), 0);
		at(path, dir, "q/.gitignore");
		cr_assert(file_exists(path));
		unlink(path);
		at(path, dir, "q");
		cr_assert_eq(rmdir(path), 0);
		at(path, dir, "q.new");
		cr_assert_not(file_exists(path));
	}
	rmdir(dir);
}

/* What a shorter write leaves is written too, where it belongs. */
TEST(file, writes_at_an_offset)
{
	char path[] = "/tmp/file-XXXXXX", got[16] = "";
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_eq(file_write_at(fd, "abcdef", 6, 0), 0);
	cr_assert_eq(file_write_at(fd, "XY", 2, 3), 0);
	cr_assert_eq(file_sync(fd), 0);
	cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
	cr_assert_eq(file_read_some(fd, got, sizeof(got) - 1), 6);
	cr_assert_str_eq(got, "abcXYf");
	cr_assert_eq(file_write_at(-1, "x", 1, 0), -1);
	close(fd);
	unlink(path);
}
