/* Bounds of a program, seen from inside it. */
#include "os/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/str.h"
#include "base/sv.h"
#include "test.h"

/* Become that program in a child: its status, and what it told on LIMIT_FD. */
static int
become(const struct limits *l, const char *file, const char *script, int *told)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	auto_arena a = ARENA_INIT;
	char *const *own = limit_argv(&a, l, file, argv);
	int fd[2], status, n = 0;
	pid_t pid;

	while (own[n])
		n++;
	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (dup2(fd[1], LIMIT_FD) != LIMIT_FD)
			_exit(99);
		_exit(limit_main(n, own));
	}
	close(fd[1]);
	*told = 0;
	while (read(fd[0], told, sizeof(*told)) < 0 && errno == EINTR)
		;
	close(fd[0]);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(limit, bounds_hold_in_the_program)
{
	static const struct {
		struct limits limits;
		const char *script;
		int status;
	} rows[] = {
		{ { .files = 17 }, "test $(ulimit -n) = 17", 0 },
		{ { .files = 17 }, "test $(ulimit -Hn) = 17", 0 },
		{ { .memory = 64 << 20 }, "test $(ulimit -d) = 65536", 0 },
		{ { .procs = 9 }, "test $(ulimit -p) != unlimited", 0 },
		{ { .files = 0 }, "exit 6", 6 },
		{ { .files = 17 }, "test ! -e /proc/self/fd/3", 0 },
	};
	int told;

	for (size_t i = 0; i < COUNT(rows); i++) {
		int got =
		    become(&rows[i].limits, "/bin/sh", rows[i].script, &told);

		cr_expect_eq(
		    got, rows[i].status, "%s: %d", rows[i].script, got);
		cr_expect_eq(told, 0);
	}
}

TEST(limit, what_cannot_be_executed_is_told)
{
	const struct limits l = { .files = 20 };
	int told;

	cr_assert_eq(become(&l, "/nowhere", "", &told), 127);
	cr_assert_eq(told, ENOENT);
	cr_assert_eq(become(&l, "/", "", &told), 127);
	cr_assert_eq(told, EACCES);
}

TEST(limit, without_its_words_it_does_nothing)
{
	char *argv[] = { (char *)LIMIT_WORD, NULL };
	int fd[2], why = 0, status;
	pid_t pid;

	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fd[1], LIMIT_FD);
		_exit(limit_main(1, argv));
	}
	close(fd[1]);
	cr_assert_eq(read(fd[0], &why, sizeof(why)), (ssize_t)sizeof(why));
	close(fd[0]);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 127);
	cr_assert_eq(why, EINVAL);
}
