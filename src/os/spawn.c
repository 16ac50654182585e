/*
 * Starting programs by posix_spawn: no fork of our memory, and a failed exec
 * is its return value.  What a child must not inherit is named here and
 * nowhere else.  Refuses to search PATH while starting: what is run is
 * decided, and shown, before.
 */
#include "os/spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/sv.h"

static int
fill_attr(posix_spawnattr_t *attr)
{
	sigset_t all, none;
	short flags =
	    POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	int rc;

	sigfillset(&all);
	sigemptyset(&none);
	rc = posix_spawnattr_setflags(attr, flags);
	if (!rc)
		rc = posix_spawnattr_setsigdefault(attr, &all);
	if (!rc)
		rc = posix_spawnattr_setsigmask(attr, &none);
	return rc;
}

/* `tell`: what becomes LIMIT_FD, or -1. */
static int
fill_acts(
    posix_spawn_file_actions_t *acts, const struct spawn_spec *s, int tell)
{
	int in = s->in > 2 ? s->in : s->kit->null;
	int rc = in > 2
	    ? posix_spawn_file_actions_adddup2(acts, in, 0)
	    : posix_spawn_file_actions_addopen(
		  acts, 0, "/dev/null", O_RDONLY, 0);

	if (!rc)
		rc = posix_spawn_file_actions_adddup2(acts, s->out, 1);
	if (!rc)
		rc = posix_spawn_file_actions_adddup2(acts, s->err, 2);
	if (!rc && tell >= 0)
		rc = posix_spawn_file_actions_adddup2(acts, tell, LIMIT_FD);
	if (!rc && s->cwd)
		rc = posix_spawn_file_actions_addchdir_np(acts, s->cwd);
	return rc;
}

static int
start(const struct spawn_spec *s, int tell, pid_t *pid)
{
	char *const *env = s->env ? s->env : environ;
	posix_spawnattr_t attr;
	posix_spawn_file_actions_t acts;
	int rc = posix_spawnattr_init(&attr);

	if (rc)
		return rc;
	rc = posix_spawn_file_actions_init(&acts);
	if (!rc) {
		rc = fill_attr(&attr);
		if (!rc)
			rc = fill_acts(&acts, s, tell);
		if (!rc)
			rc = posix_spawn(
			    pid, s->file, &acts, &attr, s->argv, env);
		posix_spawn_file_actions_destroy(&acts);
	}
	posix_spawnattr_destroy(&attr);
	return rc;
}

static void
forget(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* What the program in between says: nothing once it has become the other,
 * since its end of the pipe is close-on-exec. */
static int
hear(int fd)
{
	int why = 0;
	ssize_t n;

	do
		n = read(fd, &why, sizeof(why));
	while (n < 0 && errno == EINTR);
	return n == 0 ? 0 : n == sizeof(why) ? why : EIO;
}

static int
start_limited(const struct spawn_spec *s, pid_t *pid)
{
	auto_arena a = ARENA_INIT;
	struct spawn_spec own = *s;
	int fd[2], rc;

	own.argv = limit_argv(&a, s->limits, s->file, s->argv);
	own.file = "/proc/self/exe";
	if (pipe2(fd, O_CLOEXEC) < 0)
		return errno;
	rc = start(&own, fd[1], pid);
	close(fd[1]);
	if (!rc) {
		rc = hear(fd[0]);
		if (rc)
			forget(*pid);
	}
	close(fd[0]);
	return rc;
}

void
spawn_kit_open(struct spawn_kit *kit)
{
	long long score;
	ssize_t n;

	*kit = (struct spawn_kit) {
		.null = open("/dev/null", O_RDONLY | O_CLOEXEC),
		.oom = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC),
	};
	n = kit->oom < 0 ? -1 : read(kit->oom, kit->was, sizeof(kit->was) - 1);
	if (n <= 0 ||
	    !sv_to_long(
		sv_trim(sv_make(kit->was, (size_t)n)), -1000, 1000, &score)) {
		auto_close_fd(&kit->oom);
		return;
	}
	score = score + SPAWN_OOM_MORE > 1000 ? 1000 : score + SPAWN_OOM_MORE;
	snprintf(kit->more, sizeof(kit->more), "%lld", score);
}

void
spawn_kit_release(struct spawn_kit *kit)
{
	auto_close_fd(&kit->null);
	auto_close_fd(&kit->oom);
}

/* A child inherits how likely it is chosen when memory runs out; ours is
 * raised for the moment of its start. */
static int
start_likelier(const struct spawn_spec *s, pid_t *pid)
{
	const struct spawn_kit *k = s->kit;
	int rc;

	if (k->oom >= 0)
		(void)!pwrite(k->oom, k->more, strlen(k->more), 0);
	rc = s->limits ? start_limited(s, pid) : start(s, -1, pid);
	if (k->oom >= 0)
		(void)!pwrite(k->oom, k->was, strlen(k->was), 0);
	return rc;
}

int
spawn(const struct spawn_spec *s, struct spawned *out)
{
	struct spawn_kit kit;
	struct spawn_spec own = *s;
	pid_t pid;
	int fd, rc;

	assert(s->out > 2 && s->err > 2);
	if (!s->kit) {
		spawn_kit_open(&kit);
		own.kit = &kit;
	}
	rc = start_likelier(&own, &pid);
	if (!s->kit)
		spawn_kit_release(&kit);
	if (rc)
		return rc;
	fd = pidfd_open(pid, 0);
	if (fd < 0) {
		rc = errno;
		forget(pid);
		return rc;
	}
	*out = (struct spawned) { pid, fd };
	return 0;
}

/* For Linux 5.10, whose close_range cannot mark. */
static void
mark_one_by_one(void)
{
	auto_dir DIR *d = opendir("/proc/self/fd");
	struct dirent *ent;

	while (d && (ent = readdir(d))) {
		long long fd;

		if (sv_to_long(sv(ent->d_name), 3, 1 << 30, &fd))
			fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	}
}

void
spawn_fill_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd < 3);
	if (fd > 2)
		close(fd);
}

void
spawn_close_inherited(void)
{
	spawn_fill_standard();
	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		mark_one_by_one();
}

static bool
runs_without_shell(const char *file)
{
	auto_fd int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char head[4] = { 0 };
	ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));

	return (n >= 4 && !memcmp(head, "\177ELF", 4)) ||
	    (n >= 2 && !memcmp(head, "#!", 2));
}

static bool
is_executable(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 && S_ISREG(st.st_mode) &&
	    faccessat(AT_FDCWD, file, X_OK, AT_EACCESS) == 0;
}

const char *
spawn_find(struct arena *mem, const char *word, const char *path)
{
	struct sv rest = sv(path ? path : ""), dir;

	if (*word == '/')
		return is_executable(word) && runs_without_shell(word)
		    ? arena_strdup(mem, word)
		    : NULL;
	if (!*word || strchr(word, '/'))
		return NULL;
	while (sv_cut(&rest, ':', &dir)) {
		const char *file;

		if (!sv_starts(dir, "/"))
			return NULL;
		file = arena_printf(mem, "%.*s/%s", SV_ARG(dir), word);
		if (is_executable(file))
			return runs_without_shell(file) ? file : NULL;
	}
	return NULL;
}
