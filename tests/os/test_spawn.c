/* Starting programs, and finding them as a shell would. */
#include "os/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "test.h"

struct rig {
	struct arena mem;
	char dir[32];
};

static const char *
name(struct rig *r, const char *file)
{
	return arena_printf(&r->mem, "%s/%s", r->dir, file);
}

static void
put(struct rig *r, const char *file, const char *text, int mode)
{
	auto_fd int fd =
	    open(name(r, file), O_CREAT | O_WRONLY | O_CLOEXEC, 0700);

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	cr_assert_eq(fchmod(fd, (mode_t)mode), 0);
}

static void
rig_init(struct rig *r)
{
	*r = (struct rig) { ARENA_INIT, "/tmp/spawn.XXXXXX" };
	cr_assert(mkdtemp(r->dir));
	mkdir(name(r, "one"), 0700);
	mkdir(name(r, "two"), 0700);
	mkdir(name(r, "one/folder"), 0700);
	put(r, "one/script", "#!/bin/sh\n", 0755);
	put(r, "one/plain", "echo hi\n", 0755);
	put(r, "one/short", "#", 0755);
	put(r, "one/closed", "#!/bin/sh\n", 0644);
	put(r, "two/plain", "#!/bin/sh\n", 0755);
	put(r, "two/closed", "#!/bin/sh\n", 0755);
	put(r, "two/folder", "#!/bin/sh\n", 0755);
	cr_assert_eq(symlink("/bin/true", name(r, "two/elf")), 0);
	cr_assert_eq(symlink("/nowhere", name(r, "one/elf")), 0);
}

static void
rig_release(struct rig *r)
{
	static const char *const files[] = { "one/script", "one/plain",
		"one/short", "one/closed", "two/plain", "two/closed",
		"two/folder", "two/elf", "one/elf" };

	for (size_t i = 0; i < COUNT(files); i++)
		unlink(name(r, files[i]));
	rmdir(name(r, "one/folder"));
	rmdir(name(r, "one"));
	rmdir(name(r, "two"));
	rmdir(r->dir);
	arena_release(&r->mem);
}

TEST(spawn, find)
{
	static const struct {
		const char *word, *found;
	} cases[] = {
		{ "script", "one/script" },
		{ "plain", NULL }, /* one/plain is bash's to read */
		{ "short", NULL },
		{ "closed", "two/closed" },
		{ "folder", "two/folder" },
		{ "elf", "two/elf" },
		{ "absent", NULL },
		{ "", NULL },
		{ ".", NULL },
		{ "../one/script", NULL },
		{ "./script", NULL },
	};
	const char *path, *got;
	struct rig r;

	rig_init(&r);
	path = arena_printf(
	    &r.mem, "/nowhere:%s/one:%s/two::%s", r.dir, r.dir, r.dir);
	for (size_t i = 0; i < COUNT(cases); i++) {
		got = spawn_find(&r.mem, cases[i].word, path);
		if (cases[i].found)
			cr_assert_str_eq(got, name(&r, cases[i].found));
		else
			cr_assert_null(got, "%s", cases[i].word);
	}
	cr_assert(spawn_find(&r.mem, name(&r, "one/script"), NULL));
	cr_assert_null(spawn_find(&r.mem, name(&r, "one/plain"), path));
	cr_assert_null(spawn_find(&r.mem, "script", NULL));
	cr_assert_null(spawn_find(&r.mem, "script", ""));
	rig_release(&r);
}

TEST(spawn, find_ours_passes_relative_entries)
{
	const char *path;
	struct rig r;

	rig_init(&r);
	path = arena_printf(&r.mem, ":.:none:%s/one", r.dir);
	cr_assert_str_eq(
	    spawn_find_ours(&r.mem, "script", path), name(&r, "one/script"));
	cr_assert_null(spawn_find_ours(&r.mem, "plain", path));
	cr_assert_null(spawn_find_ours(&r.mem, "absent", path));
	cr_assert_eq(chdir(r.dir), 0);
	cr_assert_str_eq(spawn_find_ours(&r.mem, "script", "none::one"),
	    name(&r, "one/script"));
	cr_assert_eq(chdir("/"), 0);
	rig_release(&r);
}

/* A relative entry means something else in the action's directory: only
 * the shell, which runs there, may look. */
TEST(spawn, find_leaves_relative_entries_to_the_shell)
{
	static const char *const before[] = { "", ".", "bin" };
	struct rig r;

	rig_init(&r);
	for (size_t i = 0; i < COUNT(before); i++)
		cr_assert_null(spawn_find(&r.mem, "script",
		    arena_printf(&r.mem, "%s:%s/one", before[i], r.dir)));
	rig_release(&r);
}

static int
wait_for(const struct spawned *s)
{
	siginfo_t si = { 0 };

	cr_assert_eq(waitid(P_PIDFD, (id_t)s->pidfd, &si, WEXITED), 0);
	close(s->pidfd);
	return si.si_code == CLD_EXITED ? si.si_status : -si.si_status;
}

TEST(spawn, hands_over_arguments_environment_and_directory)
{
	char *argv[] = { (char *)"name", (char *)"-c",
		(char *)"echo \"$0:$1:$V:$HOME:$(pwd)\"; echo bad >&2",
		(char *)"", (char *)"a b", NULL };
	char *env[] = { (char *)"V=\xff", NULL };
	auto_fd int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct spawned s;
	char text[64];
	ssize_t n;
	int fd[2];

	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	cr_assert_eq(spawn(&(struct spawn_spec) { "/bin/sh", argv, env, "/usr",
			       fd[1], null, NULL, NULL, 0 },
			 &s),
	    0);
	close(fd[1]);
	cr_assert_eq(wait_for(&s), 0);
	n = read(fd[0], text, sizeof(text) - 1);
	close(fd[0]);
	cr_assert(n > 0);
	text[n] = 0;
	cr_assert_str_eq(text, ":a b:\xff::/usr\n");
}

/* Those that libc keeps for itself; nobody may change what becomes of them. */
enum { LIBCS_FIRST = 32, LIBCS_LAST = 33 };

/* Ignored and blocked here, default and free there. */
TEST(spawn, gives_no_signal_of_ours_to_the_child)
{
	const unsigned long long libcs =
	    1ULL << (LIBCS_FIRST - 1) | 1ULL << (LIBCS_LAST - 1);
	char *argv[] = { (char *)"grep", (char *)"-hE", (char *)"^Sig(Blk|Ign)",
		(char *)"/proc/self/status", NULL };
	auto_fd int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct spawned s;
	sigset_t blocked, now;
	char text[64];
	int fd[2];

	signal(SIGPIPE, SIG_IGN);
	signal(SIGRTMAX, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	cr_assert_eq(pipe2(fd, O_CLOEXEC), 0);
	cr_assert_eq(spawn(&(struct spawn_spec) { "/bin/grep", argv, NULL, NULL,
			       fd[1], null, NULL, NULL, 0 },
			 &s),
	    0);
	close(fd[1]);
	cr_assert_eq(wait_for(&s), 0);
	for (char *at = text; at < text + 2 * 25; at += 25) {
		cr_assert_eq(read(fd[0], at, 25), 25);
		at[24] = '\0';
		cr_assert_eq(strtoull(at + 8, NULL, 16) & ~libcs, 0, "%s", at);
	}
	close(fd[0]);
	sigprocmask(SIG_SETMASK, NULL, &now);
	cr_assert_eq(sigismember(&now, SIGTERM), 1);
	cr_assert_eq(sigismember(&now, SIGINT), 0);
}

TEST(spawn, failure_leaves_the_result_alone)
{
	char *argv[] = { (char *)"x", NULL };
	auto_fd int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct spawned s = { 5, 6 };
	char *big = malloc(200000);
	char *huge[] = { (char *)"sh", big, NULL };

	memset(big, 'x', 199999);
	big[199999] = 0;
	cr_assert_eq(spawn(&(struct spawn_spec) { "/nowhere", argv, NULL, NULL,
			       null, null, NULL, NULL, 0 },
			 &s),
	    ENOENT);
	cr_assert_eq(spawn(&(struct spawn_spec) { "/bin/sh", huge, NULL, NULL,
			       null, null, NULL, NULL, 0 },
			 &s),
	    E2BIG);
	cr_assert_eq(s.pid, 5);
	cr_assert_eq(s.pidfd, 6);
	free(big);
}

TEST(spawn, close_inherited)
{
	int a = open("/dev/null", O_RDONLY), b = fcntl(a, F_DUPFD, 300);

	close(0);
	spawn_close_inherited();
	cr_assert_eq(fcntl(0, F_GETFD), 0);
	cr_assert_eq(fcntl(1, F_GETFD), 0);
	cr_assert_eq(fcntl(2, F_GETFD), 0);
	cr_assert_eq(fcntl(a, F_GETFD), FD_CLOEXEC);
	cr_assert_eq(fcntl(b, F_GETFD), FD_CLOEXEC);
	close(a);
	close(b);
}
