/* What the kernel says about ourselves and about children we made. */
#include "os/proc.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "test.h"

TEST(proc, reads_ourselves)
{
	struct proc p;

	cr_assert(proc_read(getpid(), &p));
	cr_assert_eq(p.pid, getpid());
	cr_assert_eq(p.parent, getppid());
	cr_assert_eq(p.group, getpgrp());
	cr_assert_eq(p.session, getsid(0));
	cr_assert_not(p.dead);
	cr_assert(p.start > 0);
	cr_assert_eq(p.start, proc_start_time(getpid()));
}

TEST(proc, names_cannot_lie)
{
	struct proc a, b;

	cr_assert(proc_read(getpid(), &a));
	prctl(PR_SET_NAME, "x) R 1 2 3) Z 1");
	cr_assert(proc_read(getpid(), &b));
	cr_assert_eq(memcmp(&a.start, &b.start, sizeof(a.start)), 0);
	cr_assert_eq(a.parent, b.parent);
	cr_assert_not(b.dead);
}

TEST(proc, absent)
{
	auto_arena mem = ARENA_INIT;
	struct proc p = { .pid = 7 };

	cr_assert_not(proc_read(0, &p));
	cr_assert_not(proc_read(1 << 30, &p));
	cr_assert_eq(p.pid, 7);
	cr_assert_eq(proc_start_time(-1), 0);
	cr_assert_null(proc_command(&mem, 1 << 30));
	cr_assert_not(proc_signal(1 << 30, 0, SIGKILL));
	cr_assert_not(proc_signal(0, 0, SIGKILL));
	cr_assert_not(proc_signal(-1, 0, SIGKILL));
}

/* A child that waits, or replaces itself by `argv` when there is one. */
static pid_t
child(const char *const *argv)
{
	int fd[2];
	char b;
	pid_t pid;

	cr_assert_eq(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		if (argv) {
			union {
				const char *const *in;
				char *const *out;
			} u = { argv };

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			dup2(fd[1], 1);
			execv(argv[0], u.out);
			_exit(127);
		}
		(void)!write(fd[1], "x", 1);
		for (;;)
			pause();
	}
	close(fd[1]);
	cr_assert_eq(read(fd[0], &b, 1), 1);
	close(fd[0]);
	return pid;
}

TEST(proc, signals_only_that_very_process)
{
	pid_t pid = child(NULL);
	unsigned long long start = proc_start_time(pid);
	struct proc p;
	int status;

	cr_assert_not(proc_signal(pid, start + 1, SIGKILL));
	cr_assert_eq(waitpid(pid, NULL, WNOHANG), 0);
	cr_assert(proc_signal(pid, start, SIGKILL));
	while (waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT) < 0)
		;
	cr_assert(proc_read(pid, &p));
	cr_assert(p.dead);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSIGNALED(status));
	cr_assert_not(proc_signal(pid, start, SIGKILL));
}

TEST(proc, command)
{
	static const char *const argv[] = { "/bin/sh", "-c",
		"echo; read x </proc/self/fd/0; while :; do sleep 1; done",
		"\xff \x01", NULL };
	auto_arena mem = ARENA_INIT;
	pid_t pid = child(argv);
	const char *text = proc_command(&mem, pid);

	cr_assert(strstr(text, "/bin/sh -c echo;"), "%s", text);
	cr_assert(strstr(text, "done \xef\xbf\xbd \x01"), "%s", text);
	kill(pid, SIGKILL);
	while (waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT) < 0)
		;
	cr_assert_str_eq(proc_command(&mem, pid), "[sh]");
	waitpid(pid, NULL, 0);
	cr_assert_null(proc_command(&mem, pid));
}

static void *
live_on(void *fd)
{
	usleep(50000);
	(void)!write(*(int *)fd, "x", 1);
	for (;;)
		pause();
	return NULL;
}

/* Its first thread is a zombie, the process is not. */
TEST(proc, alive_without_its_first_thread)
{
	static int fd[2];
	pthread_t thread;
	struct proc p;
	char b;
	pid_t pid;

	cr_assert_eq(pipe(fd), 0);
	pid = fork();
	if (pid == 0) {
		pthread_create(&thread, NULL, live_on, &fd[1]);
		pthread_exit(NULL);
	}
	cr_assert_eq(read(fd[0], &b, 1), 1);
	cr_assert(proc_read(pid, &p));
	cr_assert_not(p.dead);
	cr_assert(proc_signal(pid, p.start, SIGKILL));
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	close(fd[0]);
	close(fd[1]);
}

TEST(proc, boot_id)
{
	char a[PROC_BOOT_ID], b[PROC_BOOT_ID];

	cr_assert_str_eq(proc_boot_id(a), proc_boot_id(b));
	cr_assert_eq(strlen(a), 36);
}

static bool
has_entry(const struct str *s, const char *entry)
{
	return memmem(s->buf, s->len, entry, strlen(entry) + 1) != NULL;
}

TEST(proc, environ_of_another)
{
	auto_str text = STR_INIT, none = STR_INIT;
	char *argv[] = { (char *)"sleep", (char *)"300", NULL };
	char *env[] = { (char *)"A=1", (char *)"MARK=2", NULL };
	char *empty[] = { NULL };
	pid_t pid = fork();

	if (pid == 0) {
		execve("/bin/sleep", argv, env);
		_exit(1);
	}
	while (!has_entry(&text, "MARK=2"))
		proc_environ(pid, &text);
	str_reset(&text);
	cr_assert_eq(proc_environ(pid, &text), 1);
	cr_assert_eq(text.len, 11);
	cr_assert(has_entry(&text, "A=1"));
	cr_assert_not(has_entry(&text, "PATH"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	cr_assert_eq(proc_environ(pid, &none), 0);
	cr_assert_eq(none.len, 0);
	pid = fork();
	if (pid == 0) {
		execve("/bin/sleep", argv, empty);
		_exit(1);
	}
	do
		str_reset(&none);
	while (proc_environ(pid, &none) != 1 || none.len > 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
