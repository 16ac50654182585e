#include "os/memfile.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "test.h"

TEST(memfile, is_read_under_its_name)
{
	auto_arena a = ARENA_INIT;
	auto_str got = STR_INIT;
	struct err e = ERR_INIT;
	const char *path = NULL;
	int fd = memfile_new(sv_make("a\0b\n", 4), &a, &path, &e);

	cr_assert_geq(fd, 0, "%s", e.msg);
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	cr_assert_eq(file_read(path, 100, &got, &e), 0, "%s", e.msg);
	cr_assert_eq(got.len, 4);
	cr_assert_arr_eq(got.buf, "a\0b\n", 4);
	close(fd);
	cr_assert_lt(open(path, O_RDONLY | O_CLOEXEC), 0);
}

TEST(memfile, is_read_by_another_process)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const char *path = NULL;
	int fd = memfile_new(sv("secret"), &a, &path, &e);
	const char *try = arena_printf(&a, "test \"$(cat %s)\" = secret", path);

	cr_assert_geq(fd, 0, "%s", e.msg);
	cr_assert_eq(system(try), 0);
	close(fd);
}

TEST(memfile, nobody_changes_what_is_sealed)
{
	struct err e = ERR_INIT;
	char got[8] = "";
	int fd = memfile_sealed(sv_make("a\0b", 3), &e);

	cr_assert_geq(fd, 0, "%s", e.msg);
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	cr_assert_lt(pwrite(fd, "x", 1, 0), 0);
	cr_assert_lt(ftruncate(fd, 0), 0);
	cr_assert_eq(read(fd, got, sizeof(got)), 3);
	cr_assert_arr_eq(got, "a\0b", 3);
	close(fd);
}
