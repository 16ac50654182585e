/*
 * Kernel locks.  Liveness is the lock, never a pid; so a file system that
 * cannot lock is refused by name instead of being trusted.
 */
#include "os/flk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int
lock_call(int fd, int what, struct flock *l)
{
	int rc;

	do
		rc = fcntl(fd, what, l);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static int
fail(struct err *e)
{
	int sys = errno;

	if (sys != ENOLCK && sys != EINVAL && sys != EOPNOTSUPP &&
	    sys != ENOSYS)
		return err_sys(e, "lock");
	err_set(e, ERR_IO,
	    "this file system cannot lock (%s); put the project on a local one",
	    strerror(sys));
	e->sys = sys;
	return -1;
}

int
flk_try(int fd, struct err *e)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (lock_call(fd, F_OFD_SETLK, &l) == 0)
		return 1;
	return errno == EAGAIN || errno == EACCES ? 0 : fail(e);
}

int
flk_held(int fd, struct err *e)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (lock_call(fd, F_OFD_GETLK, &l) < 0)
		return fail(e);
	return l.l_type != F_UNLCK;
}

int
flk_await(int fd, struct err *e)
{
	struct flock l = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	return lock_call(fd, F_OFD_SETLKW, &l) == 0 ? 0 : fail(e);
}
