/* Waiting for files. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "os/watch.h"
#include "test.h"

struct bed {
	char dir[64], file[80];
	struct watch w;
	struct err e;
};

static void
setup(struct bed *b)
{
	*b = (struct bed) { .dir = "/tmp/watch-XXXXXX" };
	cr_assert_not_null(mkdtemp(b->dir));
	snprintf(b->file, sizeof(b->file), "%s/f", b->dir);
	cr_assert_eq(watch_init(&b->w, &b->e), 0);
}

static void
teardown(struct bed *b)
{
	watch_release(&b->w);
	watch_release(&b->w);
	unlink(b->file);
	cr_assert_eq(rmdir(b->dir), 0);
}

TEST(watch, wakes_for_what_happens_in_a_directory)
{
	struct bed b;
	auto_fd int fd = -1;

	setup(&b);
	cr_expect_not(watch_add(&b.w, b.file));
	cr_assert(watch_add(&b.w, b.dir));
	fd = open(b.file, O_WRONLY | O_CREAT, 0600);
	cr_expect_eq(watch_wait(&b.w, -1, &b.e), 1);
	cr_assert_eq(write(fd, "x", 1), 1);
	cr_expect_eq(watch_wait(&b.w, -1, &b.e), 1);
	teardown(&b);
}

TEST(watch, wakes_when_the_writer_dies)
{
	struct bed b;
	pid_t child;

	setup(&b);
	cr_assert_geq(close(open(b.file, O_WRONLY | O_CREAT, 0600)), 0);
	child = fork();
	if (child == 0) {
		(void)!open(b.file, O_RDWR);
		pause();
		_exit(0);
	}
	cr_assert(watch_add(&b.w, b.file));
	usleep(50000);
	kill(child, SIGKILL);
	cr_expect_eq(watch_wait(&b.w, -1, &b.e), 1);
	waitpid(child, NULL, 0);
	teardown(&b);
}

TEST(watch, tells_that_the_reader_left)
{
	struct bed b;
	int ends[2];

	setup(&b);
	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	cr_expect_eq(watch_wait(&b.w, ends[1], &b.e), 0);
	close(ends[1]);
	teardown(&b);
}

TEST(watch, a_nap_ends_by_itself)
{
	struct watch none = { -1 };
	int ends[2];
	struct bed b;

	setup(&b);
	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	cr_assert_geq(close(open(b.file, O_WRONLY | O_CREAT, 0600)), 0);
	cr_assert(watch_add(&b.w, b.file));
	cr_expect_eq(watch_nap(&none, -1, 1, &b.e), 0);
	cr_expect_eq(watch_nap(&b.w, ends[0], 1, &b.e), 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	cr_expect_eq(watch_nap(&b.w, ends[0], 60000, &b.e), 0);
	cr_assert_geq(close(open(b.file, O_WRONLY)), 0);
	cr_expect_eq(watch_nap(&b.w, -1, 60000, &b.e), 1);
	close(ends[0]);
	close(ends[1]);
	teardown(&b);
}
