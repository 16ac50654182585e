/*
 * rm -r, by descriptors: a directory that is renamed or replaced by a link
 * meanwhile leads nowhere else.  A directory that its owner may not write to
 * is opened up first; caches of compilers and languages are full of these.
 */
#include "os/erase.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"

enum { DEPTH_MAX = 1000 };

struct erase {
	dev_t dev;
	int depth;
};

static int erase_at(struct erase *, int dir, const char *name, struct err *);

static int
erase_inside(struct erase *x, int fd, struct err *e)
{
	DIR *d = fdopendir(fd);
	struct dirent *ent;
	int rc = 0;

	if (!d) {
		err_sys(e, "remove");
		close(fd);
		return -1;
	}
	while (rc == 0 && (ent = readdir(d)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			rc = erase_at(x, dirfd(d), ent->d_name, e);
	closedir(d);
	return rc;
}

static int
open_dir(int dir, const char *name)
{
	const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, name, how);

	if (fd < 0 && errno == EACCES && fchmodat(dir, name, 0700, 0) == 0)
		fd = openat(dir, name, how);
	return fd;
}

static int
erase_at(struct erase *x, int dir, const char *name, struct err *e)
{
	struct stat st;
	int fd;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return err_sys(e, "remove '%s'", name);
	fd = open_dir(dir, name);
	if (fd < 0 || fstat(fd, &st) < 0) {
		err_sys(e, "remove '%s'", name);
		auto_close_fd(&fd);
		return -1;
	}
	if (x->depth && (st.st_dev != x->dev || x->depth > DEPTH_MAX)) {
		close(fd);
		return err_set(e, ERR_IO,
		    "remove '%s': it is another file system, or too deep",
		    name);
	}
	if ((st.st_mode & 0700) != 0700)
		fchmod(fd, 0700);
	x->dev = st.st_dev;
	x->depth++;
	if (erase_inside(x, fd, e) < 0)
		return -1;
	x->depth--;
	if (unlinkat(dir, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return err_sys(e, "remove '%s'", name);
	return 0;
}

int
erase_tree(const char *path, struct err *e)
{
	struct erase x = { 0, 0 };

	return erase_at(&x, AT_FDCWD, path, e);
}
