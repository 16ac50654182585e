/* Files: whole reads within a bound, whole puts that survive a crash. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/mem.h"

static int
read_all(int fd, size_t max, struct str *out, const char *path, struct err *e)
{
	size_t start = out->len;

	for (;;) {
		ssize_t n;

		str_reserve(out, 16384);
		n = file_read_some(fd, out->buf + out->len, 16384);
		if (n < 0)
			return err_sys(e, "read %s", path);
		if (n == 0)
			return 0;
		str_cut(out, out->len + (size_t)n);
		if (out->len - start > max)
			return err_set(
			    e, ERR_INPUT, "%s: over %zu bytes", path, max);
	}
}

static int
open_regular(const char *path, struct err *e)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0) {
		int missing = errno == ENOENT || errno == ENOTDIR;

		err_sys(e, "%s", path);
		if (missing)
			e->kind = ERR_ABSENT;
		return -1;
	}
	if (fstat(fd, &st) < 0)
		return err_sys(e, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INPUT, "%s: not a regular file", path);
	return take_fd(&fd);
}

int
file_read(const char *path, size_t max, struct str *out, struct err *e)
{
	auto_fd int fd = open_regular(path, e);

	return fd < 0 ? -1 : read_all(fd, max, out, path, e);
}

int
file_write_all(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;

	while (n) {
		ssize_t got = write(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

int
file_write_at(int fd, const void *bytes, size_t n, long long at)
{
	const char *p = bytes;

	while (n) {
		ssize_t got = pwrite(fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		p += got;
		at += got;
		n -= (size_t)got;
	}
	return 0;
}

ssize_t
file_read_some(int fd, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n);
	while (got < 0 && errno == EINTR);
	return got;
}

int
file_sync(int fd)
{
	int got;

	do
		got = fsync(fd);
	while (got < 0 && errno == EINTR);
	return got;
}

static int
sync_parent(const char *path)
{
	auto_free char *dir = mem_strdup(path);
	char *slash = strrchr(dir, '/');
	auto_fd int fd = -1;

	if (slash)
		slash[slash == dir ? 1 : 0] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -1 : file_sync(fd);
}

int
file_put(const char *path, const void *p, size_t n, int mode, struct err *e)
{
	auto_str tmp = STR_INIT;
	auto_fd int fd = -1;

	str_addf(&tmp, "%s.tmp%ld", path, (long)getpid());
	unlink(tmp.buf);
	fd = open(
	    tmp.buf, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	if (fd < 0)
		return err_sys(e, "create %s", tmp.buf);
	if (file_write_all(fd, p, n) < 0 || file_sync(fd) < 0 ||
	    rename(tmp.buf, path) < 0) {
		err_sys(e, "write %s", path);
		unlink(tmp.buf);
		return -1;
	}
	if (sync_parent(path) < 0)
		return err_sys(e, "sync the directory of %s", path);
	return 0;
}

int
file_mkdirs(const char *path, int mode, struct err *e)
{
	auto_free char *part = mem_strdup(path);

	for (char *p = part + 1; *part; p++) {
		char was = *p;

		if (was != '/' && was != '\0')
			continue;
		*p = '\0';
		if (mkdir(part, (mode_t)mode) < 0 && errno != EEXIST)
			return err_sys(e, "mkdir %s", part);
		*p = was;
		if (was == '\0')
			break;
	}
	if (!file_is_dir(path))
		return err_set(e, ERR_IO, "%s: not a directory", path);
	return 0;
}

enum { MAKE_TRIES = 200, MAKE_NAP_NS = 5000000 };

static int
make_ignored(
    const char *path, const char *making, const char *ignore, struct err *e)
{
	auto_fd int fd = -1;

	if (file_mkdirs(making, 0777, e) < 0)
		return -1;
	fd = open(ignore, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0 || file_write_all(fd, "*\n", 2) < 0)
		return err_sys(e, "write %s", ignore);
	if (rename(making, path) < 0)
		return err_sys(e, "make %s", path);
	return 0;
}

/* Of those who make a directory in this one at the same moment, one at a time.
 * Where nobody can be kept out, or for a second somebody who was stopped keeps
 * everybody out, -1: they go on all the same. */
static int
lock_maker(const char *parent)
{
	auto_fd int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct timespec nap = { 0, MAKE_NAP_NS };

	for (int i = 0; fd >= 0 && i < MAKE_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return take_fd(&fd);
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		nanosleep(&nap, NULL);
	}
	return -1;
}

int
file_mkdir_ignored(const char *path, struct err *e)
{
	auto_str parent = STR_INIT, making = STR_INIT, ignore = STR_INIT;
	const char *slash = strrchr(path, '/');
	auto_fd int lock = -1;
	int rc;

	if (file_is_dir(path))
		return 0;
	str_add(&parent, path, slash ? (size_t)(slash - path) : 0);
	if (parent.len && file_mkdirs(parent.buf, 0777, e) < 0)
		return -1;
	lock = lock_maker(parent.len ? parent.buf : slash ? "/" : ".");
	if (file_is_dir(path))
		return 0;
	if (file_exists(path))
		return err_set(e, ERR_IO, "%s: not a directory", path);
	str_addf(&making, "%s.new", path);
	str_addf(&ignore, "%s/.gitignore", making.buf);
	rc = make_ignored(path, making.buf, ignore.buf, e);
	unlink(ignore.buf);
	rmdir(making.buf);
	return rc < 0 && file_is_dir(path) ? 0 : rc;
}

bool
file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
file_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
file_is_regular(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
