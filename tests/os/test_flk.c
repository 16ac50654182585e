/* Who holds a lock, over descriptors, forks and deaths. */
#include "os/flk.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "test.h"

struct rig {
	char path[32];
	int a, b; /* two open file descriptions of one file */
};

static void
rig_init(struct rig *r)
{
	*r = (struct rig) { .path = "/tmp/flk.XXXXXX" };
	r->a = mkostemp(r->path, O_CLOEXEC);
	r->b = open(r->path, O_RDWR | O_CLOEXEC);
	cr_assert(r->a >= 0 && r->b >= 0);
}

static void
rig_release(struct rig *r)
{
	close(r->a);
	close(r->b);
	unlink(r->path);
}

TEST(flk, one_holder)
{
	struct err e = ERR_INIT;
	struct rig r;

	rig_init(&r);
	cr_assert_eq(flk_held(r.b, &e), 0);
	cr_assert_eq(flk_try(r.a, &e), 1);
	cr_assert_eq(flk_try(r.a, &e), 1);
	cr_assert_eq(flk_try(r.b, &e), 0);
	cr_assert_eq(flk_held(r.b, &e), 1);
	cr_assert_eq(flk_held(r.a, &e), 0);
	close(r.a);
	r.a = -1;
	cr_assert_eq(flk_held(r.b, &e), 0);
	cr_assert_eq(flk_try(r.b, &e), 1);
	rig_release(&r);
}

TEST(flk, a_fork_holds_it_until_both_are_gone)
{
	struct err e = ERR_INIT;
	struct rig r;
	pid_t pid;

	rig_init(&r);
	cr_assert_eq(flk_try(r.a, &e), 1);
	pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	close(r.a);
	cr_assert_eq(flk_held(r.b, &e), 1);
	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	cr_assert_eq(flk_held(r.b, &e), 0);
	r.a = dup(r.b);
	rig_release(&r);
}

TEST(flk, closing_another_descriptor_loses_nothing)
{
	struct err e = ERR_INIT;
	struct rig r;

	rig_init(&r);
	cr_assert_eq(flk_try(r.a, &e), 1);
	close(open(r.path, O_RDWR | O_CLOEXEC));
	cr_assert_eq(flk_held(r.b, &e), 1);
	rig_release(&r);
}

TEST(flk, asking_needs_no_right_to_write)
{
	struct err e = ERR_INIT;
	struct rig r;
	auto_fd int ro = -1;

	rig_init(&r);
	ro = open(r.path, O_RDONLY | O_CLOEXEC);
	cr_assert_eq(flk_held(ro, &e), 0);
	cr_assert_eq(flk_try(r.a, &e), 1);
	cr_assert_eq(flk_held(ro, &e), 1);
	cr_assert_eq(flk_try(ro, &e), -1);
	cr_assert_eq(e.kind, ERR_IO);
	rig_release(&r);
}

TEST(flk, what_cannot_lock_is_refused)
{
	struct err e = ERR_INIT;

	cr_assert_eq(flk_try(-1, &e), -1);
	cr_assert_eq(e.sys, EBADF);
	cr_assert_eq(flk_held(-1, &e), -1);
}
