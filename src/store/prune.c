/*
 * Removing runs.  Owns the hidden names `.pruned-RUN`: everything under them
 * was given up by somebody and may go at any time, twice at once too.  Never
 * follows a link, never leaves the file system, never touches a name under
 * `runs` that is no run's.  Directories that an action made unwritable are
 * made writable; what belongs to others is refused before anything is moved.
 */
#include "store/prune.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/str.h"

static const char hidden[] = ".pruned-";

/* How deep descriptors nest; what lies deeper is moved up first. */
enum { DEEP = 32, ROUNDS = 1000 };

/* A directory below `at`, opened whatever its mode says when it is ours. */
static int
open_dir(int at, const char *name, bool force)
{
	int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(at, name, how);
	auto_fd int it = -1;
	char self[32];
	struct stat st;

	if (!force || (fd < 0 && errno != EACCES))
		return fd;
	if (fd >= 0 && (fstat(fd, &st) < 0 || (st.st_mode & 0700) == 0700))
		return fd;
	if (fd >= 0)
		close(fd);
	it = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (it < 0)
		return -1;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", it);
	(void)!chmod(self, 0700);
	return openat(at, name, how);
}

/* Which mount it lies on: a bind mount has the device of what it shows. */
static bool
mount_of(int at, const char *name, unsigned long long *out)
{
	struct statx st;

	if (statx(at, name,
		AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
		STATX_MNT_ID, &st) < 0)
		return false;
	*out = (unsigned long long)st.stx_mnt_id;
	return true;
}

static bool
is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* ---- looking ---- */

struct look {
	struct prune_size sum;
	long long most;
	unsigned long long mount;
	bool partial;
	uid_t user;    /* who asks */
	char why[200]; /* the first thing that cannot be removed */
};

/* Is this directory on our mount?  Notes what cannot be removed. */
static bool
is_inside(struct look *l, int at, const char *name, const struct stat *st)
{
	unsigned long long mount;
	bool ours = mount_of(at, name, &mount) && mount == l->mount;

	if (l->why[0])
		return ours;
	if (!ours)
		snprintf(l->why, sizeof(l->why),
		    "something is mounted on '%.100s' in it", name);
	else if (l->user != 0 && st->st_uid != l->user)
		snprintf(l->why, sizeof(l->why),
		    "it holds a directory of user %lu, '%.100s'",
		    (unsigned long)st->st_uid, name);
	return ours;
}

/* Sum up what is below `fd`, which is closed. */
static void
look_into(struct look *l, int fd, int depth)
{
	auto_dir DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *ent;
	struct stat st;

	if (!d) {
		l->partial = true;
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((ent = readdir(d))) {
		const char *name = ent->d_name;

		if (is_dot(name) ||
		    fstatat(dirfd(d), name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (l->most && l->sum.files >= l->most) {
			l->partial = true;
			return;
		}
		l->sum.files++;
		l->sum.bytes += (long long)st.st_blocks * 512;
		if (!S_ISDIR(st.st_mode))
			continue;
		if (is_inside(l, dirfd(d), name, &st) && depth < DEEP)
			look_into(
			    l, open_dir(dirfd(d), name, false), depth + 1);
		else
			l->partial = true;
	}
}

bool
prune_measure(const struct place_run *p, long long most, struct prune_size *out)
{
	struct look l = { .most = most, .user = geteuid() };
	auto_fd int fd = open_dir(AT_FDCWD, p->dir, false);
	struct stat st;

	*out = (struct prune_size) { 0 };
	if (fd < 0 || fstat(fd, &st) < 0 || !mount_of(fd, "", &l.mount))
		return false;
	l.sum = (struct prune_size) { (long long)st.st_blocks * 512, 1 };
	look_into(&l, take_fd(&fd), 0);
	*out = l.sum;
	return !l.partial;
}

/* The directory without its "/", or a link would be followed. */
static const char *
bare(const struct place_run *p, struct str *out)
{
	str_adds(out, p->dir);
	while (out->len > 1 && out->buf[out->len - 1] == '/')
		str_cut(out, out->len - 1);
	return out->buf;
}

int
prune_may(const struct place_run *p, struct err *e)
{
	struct look l = { .user = geteuid() };
	auto_str dir = STR_INIT;
	auto_fd int fd = -1;
	struct stat st;
	bool is_run;

	if (!place_time_of(p->run))
		return err_set(e, ERR_INPUT, "it has no run's name");
	if (lstat(bare(p, &dir), &st) < 0)
		return err_sys(e, "%s", dir.buf);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_INPUT, "it is not a directory");
	if (l.user != 0 && st.st_uid != l.user)
		return err_set(e, ERR_IO, "it belongs to user %lu",
		    (unsigned long)st.st_uid);
	fd = open_dir(AT_FDCWD, dir.buf, false);
	if (fd < 0)
		return err_sys(e, "it cannot be looked into");
	is_run = fstatat(fd, ".ll", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
	if (!mount_of(fd, "", &l.mount))
		return err_sys(e, "statx");
	look_into(&l, take_fd(&fd), 0);
	/* A start that was killed after its first mkdir left it empty. */
	if (!is_run && l.sum.files > 0)
		return err_set(e, ERR_INPUT,
		    "it is not a run's directory: there is no .ll in it");
	return l.why[0] ? err_set(e, ERR_IO, "%s", l.why) : 0;
}

/* ---- removing ---- */

static int
copy_fd(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static int
open_runs(const char *root, struct err *e)
{
	struct arena mem = ARENA_INIT;
	const char *runs = place_runs(&mem, root);
	int fd = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err_sys(e, "open %s", runs);
	arena_release(&mem);
	return fd;
}

int
prune_hide(const struct place_run *p, struct err *e)
{
	auto_fd int at = open_runs(p->root, e);
	auto_str to = STR_INIT;

	if (at < 0)
		return -1;
	str_addf(&to, "%s%s", hidden, p->run);
	if (renameat(at, p->run, at, to.buf) < 0)
		return err_sys(e, "rename %s", p->dir);
	return 0;
}

/* What is being removed. */
struct removal {
	int top;
	unsigned long long mount;
	long long moved;
	int sys; /* errno of what stays */
};

/* One entry that is a directory is opened, emptied by the caller; -1: it was
 * moved up, is gone, or stays. */
static int
enter(struct removal *r, int at, const char *name, int depth)
{
	auto_fd int fd = open_dir(at, name, true);
	unsigned long long mount;
	char up[48];

	if (fd < 0 || !mount_of(fd, "", &mount)) {
		if (errno != ENOENT)
			r->sys = errno;
		return -1;
	}
	if (mount != r->mount) {
		r->sys = EXDEV;
		return -1;
	}
	if (depth < DEEP)
		return take_fd(&fd);
	snprintf(up, sizeof(up), ".deep-%d-%lld", (int)getpid(), r->moved++);
	if (renameat(at, name, r->top, up) < 0 && errno != ENOENT)
		r->sys = errno;
	return -1;
}

/* Remove what is below `fd`, which is closed. */
static void
empty(struct removal *r, int fd, int depth)
{
	auto_dir DIR *d = fdopendir(fd);
	struct dirent *ent;

	if (!d) {
		r->sys = errno;
		close(fd);
		return;
	}
	while ((ent = readdir(d))) {
		int at = dirfd(d), inside;

		if (is_dot(ent->d_name) || unlinkat(at, ent->d_name, 0) == 0 ||
		    errno == ENOENT)
			continue;
		if (errno != EISDIR) {
			r->sys = errno;
			continue;
		}
		inside = enter(r, at, ent->d_name, depth);
		if (inside >= 0)
			empty(r, inside, depth + 1);
		if (inside >= 0 &&
		    unlinkat(at, ent->d_name, AT_REMOVEDIR) < 0 &&
		    errno != ENOENT)
			r->sys = errno;
	}
}

/* Until it is empty: what was moved up, and what a process that still lives
 * in it adds, is met in the next round. */
static int
remove_one(int runs, const char *name, struct err *e)
{
	struct removal r = { .sys = 0 };

	for (int i = 0; i < ROUNDS; i++) {
		auto_fd int top = open_dir(runs, name, true);

		if (top < 0 && errno == ENOENT)
			return 0;
		if (top < 0 || !mount_of(top, "", &r.mount))
			return err_sys(e, "%s", name);
		r.top = top;
		r.sys = 0;
		empty(&r, copy_fd(top), 0);
		if (unlinkat(runs, name, AT_REMOVEDIR) == 0)
			return 0;
		if (r.sys != 0 && r.sys != ENOTEMPTY)
			break;
	}
	errno = r.sys ? r.sys : ENOTEMPTY;
	return err_sys(e, "remove %s", name);
}

int
prune_sweep(const char *root, struct err *e)
{
	auto_fd int runs = open_runs(root, e);
	auto_dir DIR *d = runs < 0 ? NULL : fdopendir(copy_fd(runs));
	struct dirent *ent;
	int rc = 0;

	if (!d && runs < 0 && e->sys == ENOENT)
		return 0;
	if (!d)
		return runs < 0 ? -1 : err_sys(e, "the directory of runs");
	/* The new names reach the disk before anything under them goes. */
	(void)!fsync(runs);
	while ((ent = readdir(d))) {
		const char *name = ent->d_name;

		if (strncmp(name, hidden, sizeof(hidden) - 1) != 0 ||
		    !place_time_of(name + sizeof(hidden) - 1))
			continue;
		if (remove_one(runs, name, e) < 0)
			rc = -1;
	}
	return rc;
}
