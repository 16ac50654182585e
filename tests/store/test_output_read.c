/* Reading a stored output, finished or growing. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "store/output_read.h"
#include "test.h"

static const char sum_of_hello[] = "9555e8555c62dcfd";

struct bed {
	struct arena mem;
	char *dir;
	struct place_run place;
	int fd;
	struct err e;
};

static void
setup(struct bed *b)
{
	*b = (struct bed) { .mem = ARENA_INIT };
	b->dir = arena_strdup(&b->mem, "/tmp/output-read-XXXXXX");
	cr_assert_not_null(mkdtemp(b->dir));
	b->place.output = b->dir;
	b->fd =
	    open(path_join(&b->mem, b->dir, "3.out"), O_WRONLY | O_CREAT, 0600);
	cr_assert_geq(b->fd, 0);
}

static void
teardown(struct bed *b)
{
	close(b->fd);
	unlink(path_join(&b->mem, b->dir, "3.out"));
	cr_assert_eq(rmdir(b->dir), 0);
	arena_release(&b->mem);
}

static void
give(void *self, const char *p, size_t n)
{
	str_add(self, p, n);
}

TEST(output_read, follows_a_file_that_grows)
{
	struct bed b;
	struct output_read *r;
	auto_str got = STR_INIT;

	setup(&b);
	r = output_read_new(&b.place, "/moved/from/here/3.out", &b.e);
	cr_assert_not_null(r, "%s", b.e.msg);
	cr_assert_eq(file_write_all(b.fd, "he", 2), 0);
	cr_assert_eq(output_read_more(r, -1, give, &got, &b.e), 0);
	cr_expect_str_eq(got.buf, "he");
	cr_assert_eq(file_write_all(b.fd, "llo", 3), 0);
	cr_expect_eq(output_read_check(r, 5, sum_of_hello, &b.e), -1);
	cr_assert_eq(output_read_more(r, -1, give, &got, &b.e), 0);
	cr_expect_str_eq(got.buf, "hello");
	cr_expect_eq(
	    output_read_check(r, 5, sum_of_hello, &b.e), 0, "%s", b.e.msg);
	output_read_rewind(r);
	cr_assert_eq(output_read_more(r, 4, give, &got, &b.e), 0);
	cr_expect_str_eq(got.buf, "hellohell");
	output_read_free(r);
	teardown(&b);
}

TEST(output_read, refuses_what_was_changed)
{
	struct bed b;
	struct output_read *r;

	setup(&b);
	cr_assert_eq(file_write_all(b.fd, "hallo", 5), 0);
	r = output_read_new(&b.place, "3.out", &b.e);
	cr_assert_not_null(r);
	cr_assert_eq(output_read_more(r, 5, NULL, NULL, &b.e), 0);
	cr_expect_eq(output_read_check(r, 5, sum_of_hello, &b.e), -1);
	cr_expect_eq(b.e.kind, ERR_INPUT);
	output_read_free(r);
	teardown(&b);
}

TEST(output_read, opens_nothing_elsewhere)
{
	struct bed b;
	const char *link;

	setup(&b);
	link = path_join(&b.mem, b.dir, "4.out");
	cr_assert_eq(symlink("/etc/passwd", link), 0);
	cr_expect_null(output_read_new(&b.place, "4.out", &b.e));
	cr_expect_null(output_read_new(&b.place, "/etc/passwd", &b.e));
	cr_expect_eq(b.e.kind, ERR_ABSENT);
	unlink(link);
	teardown(&b);
}
