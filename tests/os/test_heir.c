/* A process that begins when the other end of a pipe is gone. */
#include "os/heir.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/str.h"
#include "test.h"

static pid_t
make(const char *text, int in, int life)
{
	const char *const argv[] = { "sh", "-c", text, NULL };
	const char *const env[] = { "PATH=/usr/bin:/bin", "SAID=hello", NULL };
	const struct heir_spec s = { "/bin/sh", (char *const *)argv,
		(char *const *)env, "/", in, life };
	struct err e = ERR_INIT;
	pid_t pid = heir_make(&s, &e);

	cr_assert_gt(pid, 0, "%s", e.msg);
	return pid;
}

TEST(heir, begins_when_nobody_has_the_other_end)
{
	char dir[] = "/tmp/ll-heir-XXXXXX";
	auto_str text = STR_INIT, out = STR_INIT, got = STR_INIT;
	struct err e = ERR_INIT;
	int fd[2], in[2], status;
	pid_t pid;

	cr_assert_not_null(mkdtemp(dir));
	str_addf(&out, "%s/out", dir);
	str_addf(&text,
	    "exec >%s.new; echo $SAID; pwd; cat; ls /proc/$$/fd; "
	    "cut -d' ' -f6 /proc/$$/stat; echo $$; mv %s.new %s",
	    out.buf, out.buf, out.buf);
	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	cr_assert_eq(write(in[1], "the prompt\n", 11), 11);
	close(in[1]);
	pid = make(text.buf, in[0], fd[0]);
	close(in[0]);
	/* It lives and waits, whatever it was told by mistake. */
	cr_assert_eq(waitpid(pid, &status, WNOHANG), 0);
	cr_assert_neq(access(out.buf, F_OK), 0);
	close(fd[1]);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	cr_assert_eq(file_read(out.buf, 4096, &got, &e), 0, "%s", e.msg);
	str_reset(&text);
	/* Its session is its own; 3 is closed by then. */
	str_addf(&text, "hello\n/\nthe prompt\n0\n1\n2\n");
	cr_assert_eq(strncmp(got.buf, text.buf, text.len), 0, "%s", got.buf);
	str_reset(&text);
	str_addf(&text, "\n%d\n%d\n", (int)pid, (int)pid);
	cr_assert_not_null(strstr(got.buf, text.buf), "%s", got.buf);
	unlink(out.buf);
	rmdir(dir);
	close(fd[0]);
}

TEST(heir, holds_nothing_of_ours)
{
	int fd[2], lock[2], status;
	struct pollfd p = { .events = POLLIN };
	pid_t pid;

	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	cr_assert_eq(pipe2(lock, O_CLOEXEC), 0);
	pid = make("exit 7", -1, fd[0]);
	/* Once it has closed its copies, the last writer was us. */
	close(lock[1]);
	p.fd = lock[0];
	cr_assert_eq(poll(&p, 1, 20000), 1);
	cr_assert(p.revents & POLLHUP);
	close(fd[1]);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	close(fd[0]);
	close(lock[0]);
}
