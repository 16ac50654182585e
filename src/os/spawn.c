/*
 * Starting programs by vfork: no copy of our memory, and a failed exec is
 * told at once.  What a child must not inherit is named here and
 * nowhere else.  Refuses to search PATH while starting: what is run is
 * decided, and shown, before.
 */
#include "os/spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "base/sv.h"

/* Like dup2, but what is there already is passed on too. */
static int
pass(int fd, int as)
{
	return fd == as ? fcntl(fd, F_SETFD, 0) : dup2(fd, as);
}

/* The child's way from the call to the other program.  It has our memory and
 * our stack until then, and we stand still: system calls only, and what is
 * written through `why` is ours to read.  With the signals back to default
 * before any is let in, no handler of ours runs in it. */
_Noreturn static void
become(const struct spawn_spec *s, int tell, volatile int *why)
{
	static const struct sigaction usual = { .sa_handler = SIG_DFL };
	const struct spawn_kit *k = s->kit;
	sigset_t none;
	int in = s->in > 2 ? s->in : k->null;

	for (size_t i = 0; i < k->nchanged; i++)
		sigaction(k->changed[i], &usual, NULL);
	if (in < 0)
		in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigemptyset(&none);
	if (setsid() >= 0 && in >= 0 && pass(in, 0) >= 0 &&
	    dup2(s->out, 1) >= 0 && dup2(s->err, 2) >= 0 &&
	    (tell < 0 || pass(tell, LIMIT_FD) >= 0) &&
	    (!s->cwd || chdir(s->cwd) == 0) &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0)
		execve(s->file, s->argv, s->env ? s->env : environ);
	*why = errno;
	_exit(127);
}

static void
await(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Not posix_spawn: it asks for each of 64 signals and makes a stack anew, at
 * every step of a run.  `tell`: what becomes LIMIT_FD, or -1. */
static int
start(const struct spawn_spec *s, int tell, pid_t *pid)
{
	sigset_t all, old;
	volatile pid_t child;
	volatile int why = 0; /* vfork returns twice */

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	child = vfork();
	if (child == 0)
		become(s, tell, &why);
	if (child < 0)
		why = errno;
	else if (why)
		await(child);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (!why)
		*pid = child;
	return why;
}

static void
forget(pid_t pid)
{
	kill(pid, SIGKILL);
	await(pid);
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

static void
note_signals(struct spawn_kit *kit)
{
	struct sigaction sa;

	for (int i = 1; i < NSIG; i++)
		if (sigaction(i, NULL, &sa) == 0 && sa.sa_handler != SIG_DFL)
			kit->changed[kit->nchanged++] = (unsigned char)i;
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
	note_signals(kit);
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
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", O_RDWR);
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
	ssize_t n = fd < 0 ? 0 : file_read_some(fd, head, sizeof(head));

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

/* `here`: what relative entries are in; NULL: they end the search. */
static const char *
find(struct arena *mem, const char *word, const char *path, const char *here)
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

		if (sv_starts(dir, "/"))
			file = arena_printf(mem, "%.*s/%s", SV_ARG(dir), word);
		else if (here)
			file = path_join(mem, here,
			    arena_printf(mem, "%.*s%s%s", SV_ARG(dir),
				dir.n ? "/" : "", word));
		else
			return NULL;
		if (is_executable(file))
			return runs_without_shell(file) ? file : NULL;
	}
	return NULL;
}

const char *
spawn_find(struct arena *mem, const char *word, const char *path)
{
	return find(mem, word, path, NULL);
}

const char *
spawn_find_ours(struct arena *mem, const char *word, const char *path)
{
	auto_free char *here = getcwd(NULL, 0);

	return find(mem, word, path, here);
}
