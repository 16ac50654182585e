/*
 * Bounds of a program, from the inside.  Owns what each bound means: memory
 * is RLIMIT_DATA, which counts private memory that can be written, and not
 * RLIMIT_AS, under which programs that only reserve addresses cannot start.
 * RLIMIT_NPROC counts all tasks of the user, who has others, and no root's:
 * it is set wide above what there is and only holds a flood until the one
 * who counts the tree (os/child) ends it.  Refuses to raise anything.
 */
#include "os/limit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/sv.h"

enum { A_WORD, A_PROCS, A_MEMORY, A_FILES, A_CGROUP, A_FILE, A_ARGV };
enum { TASKS_EACH = 8, TASKS_MORE = 256 };

char *const *
limit_argv(struct arena *a, const struct limits *l, const char *file,
    char *const *argv)
{
	size_t n = 0;
	const char **out;

	while (argv[n])
		n++;
	out = arena_new(a, (A_ARGV + n + 1) * sizeof(*out));
	out[A_WORD] = LIMIT_WORD;
	out[A_PROCS] = arena_printf(a, "%lld", l->procs);
	out[A_MEMORY] = arena_printf(a, "%lld", l->memory);
	out[A_FILES] = arena_printf(a, "%lld", l->files);
	out[A_CGROUP] =
	    l->cgroup ? arena_printf(a, "%s/cgroup.procs", l->cgroup) : "";
	out[A_FILE] = file;
	for (size_t i = 0; i < n; i++)
		out[A_ARGV + i] = argv[i];
	return (char *const *)out;
}

/* Tasks of this user, as the kernel counts them for RLIMIT_NPROC. */
static long long
tasks_of_user(void)
{
	auto_dir DIR *d = opendir("/proc");
	uid_t me = getuid();
	struct dirent *ent;
	long long n = 0, pid;
	char path[64];
	struct stat st;

	while (d && (ent = readdir(d))) {
		if (!sv_to_long(sv(ent->d_name), 1, 1 << 30, &pid))
			continue;
		snprintf(path, sizeof(path), "/proc/%lld/task", pid);
		if (stat(path, &st) == 0 && st.st_uid == me && st.st_nlink > 2)
			n += (long long)st.st_nlink - 2;
	}
	return n;
}

static int
bound(int which, long long value)
{
	struct rlimit r;
	rlim_t want = (rlim_t)value;

	if (value <= 0)
		return 0;
	if (getrlimit(which, &r) < 0)
		return -1;
	if (r.rlim_max != RLIM_INFINITY && want > r.rlim_max)
		want = r.rlim_max;
	r.rlim_cur = r.rlim_max = want;
	return setrlimit(which, &r);
}

static int
bound_all(char *const *argv)
{
	long long procs = 0, memory = 0, files = 0;
	struct sv p = sv(argv[A_PROCS]);

	if (!sv_to_long(p, 0, 1LL << 40, &procs) ||
	    !sv_to_long(sv(argv[A_MEMORY]), 0, 1LL << 50, &memory) ||
	    !sv_to_long(sv(argv[A_FILES]), 0, 1LL << 40, &files)) {
		errno = EINVAL;
		return -1;
	}
	if (procs)
		procs = tasks_of_user() + procs * TASKS_EACH + TASKS_MORE;
	if (bound(RLIMIT_NPROC, procs) < 0 || bound(RLIMIT_DATA, memory) < 0)
		return -1;
	return bound(RLIMIT_NOFILE, files);
}

/* Where it may not be entered the other bounds hold all the same. */
static void
enter(const char *procs)
{
	auto_fd int fd = *procs ? open(procs, O_WRONLY | O_CLOEXEC) : -1;

	if (fd >= 0)
		(void)!write(fd, "0", 1);
}

int
limit_main(int argc, char *const *argv)
{
	int why = EINVAL;

	fcntl(LIMIT_FD, F_SETFD, FD_CLOEXEC);
	if (argc > A_ARGV)
		enter(argv[A_CGROUP]);
	if (argc > A_ARGV && bound_all(argv) == 0)
		execv(argv[A_FILE], argv + A_ARGV);
	if (argc > A_ARGV)
		why = errno;
	(void)!write(LIMIT_FD, &why, sizeof(why));
	return 127;
}
