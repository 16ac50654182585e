/*
 * Real children: how each way to end is told, what of their output arrives,
 * and what they are started with.  Bounds on time are generous.
 */
#include "os/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/auto.h"
#include "os/child_rig.h"
#include "os/memfile.h"
#include "os/spawn.h"

TEST(child, exit_codes)
{
	struct rig r;
	char script[64];

	rig_init(&r);
	for (int i = 0; i < 256; i++) {
		struct outcome o;

		snprintf(script, sizeof(script), "exit %d", i);
		o = run(&r, (struct child_spec) { 0 }, script);
		cr_assert_eq(o.kind, OUT_EXITED);
		cr_assert_eq(o.code, i);
		cr_assert(!o.stopped);
	}
	rig_release(&r);
}

TEST(child, dies_by_each_signal)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP,
		SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2,
		SIGPIPE, SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGSYS };
	struct rlimit none = { 0, 0 };
	struct rig r;
	char script[64];

	setrlimit(RLIMIT_CORE, &none);
	rig_init(&r);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct outcome o;

		snprintf(script, sizeof(script), "kill -%d $$; sleep 60",
		    numbers[i]);
		/* bash ignores QUIT whatever it is started with */
		o = run(&r, (struct child_spec) { .file = "/bin/sh" }, script);
		cr_assert_eq(o.kind, OUT_SIGNALED, "%d", numbers[i]);
		cr_assert_eq(o.code, numbers[i]);
	}
	rig_release(&r);
}

TEST(child, bytes_arrive_as_they_are)
{
	struct rig r;

	rig_init(&r);
	run(&r, (struct child_spec) { 0 },
	    "printf 'a\\0\\377\\r\\nlast'; printf 'e\\0' >&2");
	cr_assert_eq(r.text[0].len, 9);
	cr_assert_eq(memcmp(r.text[0].buf, "a\0\377\r\nlast", 9), 0);
	cr_assert_eq(r.text[1].len, 2);
	run(&r, (struct child_spec) { 0 }, "printf '\\351\\202'");
	cr_assert_eq(r.text[0].len, 2);
	rig_release(&r);
}

TEST(child, many_mebibytes_on_both_streams)
{
	struct rig r;
	struct outcome o;

	rig_init(&r);
	o = run(&r, (struct child_spec) { 0 },
	    "head -c 40000000 /dev/zero & head -c 30000000 /dev/zero >&2;"
	    "wait; exit 3");
	cr_assert_eq(o.kind, OUT_EXITED);
	cr_assert_eq(o.code, 3);
	cr_assert_eq(r.bytes[0], 40000000);
	cr_assert_eq(r.bytes[1], 30000000);
	rig_release(&r);
}

TEST(child, a_held_pipe_is_no_reason_to_wait)
{
	struct rig r;
	struct outcome o;
	struct tree known = TREE_INIT;
	auto_arena mem = ARENA_INIT;
	const struct tree_left *left = NULL;

	rig_init(&r);
	o = run(&r, (struct child_spec) { 0 }, "(sleep 300)& echo hi");
	cr_assert_eq(o.kind, OUT_EXITED);
	cr_assert_eq(o.code, 0);
	cr_assert_str_eq(r.text[0].buf, "hi\n");
	cr_assert(o.duration_ms >= 250 && o.duration_ms < LONG_MS);
	cr_assert_eq(tree_news(&known, NULL, 0, &mem, &left), 1);
	cr_assert(strstr(left[0].command, "sleep 300"));
	o = run(&r, (struct child_spec) { 0 }, "yes & echo hi");
	cr_assert_eq(o.kind, OUT_EXITED);
	cr_assert(o.duration_ms >= 1900 && o.duration_ms < LONG_MS);
	end_all(&r);
	tree_release(&known);
	rig_release(&r);
}

TEST(child, reads_what_it_is_given)
{
	auto_arena a = ARENA_INIT;
	size_t n = 5 << 20;
	char *text = arena_new(&a, n);
	struct err e = ERR_INIT;
	struct rig r;
	int fd;

	memset(text, 'y', n);
	rig_init(&r);
	fd = memfile_sealed(sv_make(text, n), &e);
	cr_assert_geq(fd, 0, "%s", e.msg);
	run(&r, (struct child_spec) { .in = fd },
	    "wc -c; cat /proc/self/fd/0 | wc -c");
	cr_assert_str_eq(r.text[0].buf, "5242880\n5242880\n");
	close(fd);
	rig_release(&r);
}

TEST(child, late_bytes_of_a_grandchild_count)
{
	struct rig r;

	rig_init(&r);
	run(&r, (struct child_spec) { 0 }, "(sleep .1; echo late)& echo hi");
	cr_assert_str_eq(r.text[0].buf, "hi\nlate\n");
	rig_release(&r);
}

TEST(child, works_on_with_closed_pipes)
{
	struct rig r;
	struct outcome o;

	rig_init(&r);
	o = run(&r, (struct child_spec) { .timeout_ms = 60000 },
	    "exec >&- 2>&-; sleep .6; exit 4");
	cr_assert_eq(o.kind, OUT_EXITED);
	cr_assert_eq(o.code, 4);
	cr_assert(o.duration_ms >= 600);
	rig_release(&r);
}

static void
put(const char *path, const char *text)
{
	auto_fd int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

TEST(child, failed_starts_say_why)
{
	char dir[] = "/tmp/child.XXXXXX";
	auto_arena mem = ARENA_INIT;
	const char *lost, *plain, *gone;
	struct rig r;
	struct {
		const char *file, *cwd;
		int code;
	} cases[5];

	cr_assert(mkdtemp(dir));
	lost = arena_printf(&mem, "%s/lost", dir);
	plain = arena_printf(&mem, "%s/plain", dir);
	gone = arena_printf(&mem, "%s/gone", dir);
	put(lost, "#!/nowhere/at/all\n");
	put(plain, "echo no interpreter\n");
	cases[0].file = lost, cases[0].cwd = NULL, cases[0].code = ENOENT;
	cases[1].file = plain, cases[1].cwd = NULL, cases[1].code = ENOEXEC;
	cases[2].file = gone, cases[2].cwd = NULL, cases[2].code = ENOENT;
	cases[3].file = "/bin/bash", cases[3].cwd = gone;
	cases[3].code = ENOENT;
	cases[4].file = dir, cases[4].cwd = NULL, cases[4].code = EACCES;
	rig_init(&r);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct outcome o = run(&r,
		    (struct child_spec) {
			.file = cases[i].file, .cwd = cases[i].cwd },
		    "");

		cr_assert_eq(o.kind, OUT_SPAWN_FAILED, "%zu", i);
		cr_assert_eq(o.code, cases[i].code, "%zu", i);
		cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1);
		cr_assert_eq(errno, ECHILD);
	}
	rig_release(&r);
	unlink(lost);
	unlink(plain);
	rmdir(dir);
}

TEST(child, no_descriptors_left_is_a_failed_start)
{
	struct rlimit was, few;
	struct rig r;
	struct outcome o;

	rig_init(&r);
	getrlimit(RLIMIT_NOFILE, &was);
	few = (struct rlimit) { 4, was.rlim_max };
	setrlimit(RLIMIT_NOFILE, &few);
	o = run(&r, (struct child_spec) { 0 }, "");
	setrlimit(RLIMIT_NOFILE, &was);
	cr_assert_eq(o.kind, OUT_SPAWN_FAILED);
	cr_assert_eq(o.code, EMFILE);
	rig_release(&r);
}

/* Signals 32 and 33 are the C library's own, which it ignores for us. */
static unsigned long long
signals(struct rig *r, const char *name)
{
	const char *at = strstr(r->text[0].buf, name);
	unsigned long long set = ~0ULL;

	cr_assert(at, "%s", r->text[0].buf);
	cr_assert_eq(sscanf(at + strlen(name), "%llx", &set), 1);
	return set & ~(3ULL << 31);
}

TEST(child, sees_a_clean_world)
{
	struct rig r;
	sigset_t all;

	rig_init(&r);
	(void)!fcntl(r.sig.fd[0], F_DUPFD, 50);
	spawn_close_inherited();
	sigfillset(&all);
	sigdelset(&all, SIGCHLD);
	sigprocmask(SIG_BLOCK, &all, NULL);
	run(&r, (struct child_spec) { 0 }, "exec cat /proc/self/status");
	cr_assert_eq(signals(&r, "SigBlk:"), 0);
	cr_assert_eq(signals(&r, "SigIgn:"), 0);
	run(&r, (struct child_spec) { .cwd = "/usr" },
	    "cd /proc/$$/fd; echo *; readlink 0; cd - ; read x && echo input;"
	    "(: </dev/tty) 2>/dev/null && echo tty;"
	    "read -ra stat </proc/$$/stat; echo $((stat[5] == $$))");
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	cr_assert_str_eq(r.text[0].buf, "0 1 2 3\n/dev/null\n/usr\n1\n");
	rig_release(&r);
}

TEST(child, costs_nothing_while_it_waits)
{
	struct rusage a, b;
	struct rig r;

	rig_init(&r);
	getrusage(RUSAGE_SELF, &a);
	run(&r, (struct child_spec) { .timeout_ms = 60000, .idle_ms = 50000 },
	    "exec sleep 1");
	getrusage(RUSAGE_SELF, &b);
	cr_assert(b.ru_nvcsw - a.ru_nvcsw < 12);
	rig_release(&r);
}

TEST(child, dead_orphans_do_not_pile_up)
{
	struct rig r;

	rig_init(&r);
	run(&r, (struct child_spec) { 0 },
	    "for i in 1 2 3 4 5 6 7 8; do (: & ); done; sleep .2;"
	    "ps -o stat= --ppid $PPID | grep -c Z");
	cr_assert_str_eq(r.text[0].buf, "0\n");
	rig_release(&r);
}
