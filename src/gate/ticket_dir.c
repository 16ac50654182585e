/*
 * The lock of a queue's directory: whoever has it decides.  It is held for
 * moments.  Refuses to trust a lock on a file that has another name by now.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "gate/ticket.h"
#include "gate/ticket_file.h"
#include "os/flk.h"

enum { DIR_LOCK_MS = 10000 };

int
ticket_open(const char *path, int how)
{
	return open(path, how | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
}

bool
ticket_name(const char *name, long long *number, const char **run)
{
	if (strlen(name) < TICKET_DIGITS + 2 || name[TICKET_DIGITS] != '.' ||
	    !sv_to_long(
		sv_make(name, TICKET_DIGITS), 0, TICKET_NUMBER_MAX, number) ||
	    name[0] < '0')
		return false;
	*run = name + TICKET_DIGITS + 1;
	return true;
}

/* Is the file behind `fd` still the one of that name? */
bool
ticket_is_same(int fd, const char *path)
{
	struct stat open_one, named;

	return fstat(fd, &open_one) == 0 && lstat(path, &named) == 0 &&
	    open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

int
ticket_check(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fd < 0)
		return errno == ELOOP
		    ? err_set(e, ERR_IO, "%s: a symbolic link", path)
		    : err_sys(e, "open %s", path);
	if (fstat(fd, &st) < 0)
		return err_sys(e, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_IO, "%s: not a regular file", path);
	return 0;
}

/* Who may write in the directory may lock it, whatever our umask says. */
static void
share(int fd, const char *path)
{
	auto_str dir = STR_INIT;
	struct stat of_dir, st;
	mode_t mode;

	str_add(&dir, path, (size_t)(strrchr(path, '/') - path));
	if (stat(dir.buf, &of_dir) < 0 || fstat(fd, &st) < 0)
		return;
	mode = st.st_mode | (of_dir.st_mode & 0022);
	if (mode != st.st_mode)
		(void)!fchmod(fd, mode & 0777);
}

/* One try for the directory lock: its descriptor, -1 and *e, or -2 when
 * another has it or the file was replaced meanwhile. */
static int
dir_lock_once(const char *path, struct err *e)
{
	auto_fd int fd = ticket_open(path, O_RDWR | O_CREAT);
	int ours;

	if (ticket_check(fd, path, e) < 0)
		return -1;
	share(fd, path);
	ours = flk_try(fd, e);
	if (ours < 0)
		return err_wrap(e, "%s", path);
	return ours && ticket_is_same(fd, path) ? take_fd(&fd) : -2;
}

/* The lock is held for microseconds; whoever stops inside (SIGSTOP, a
 * debugger) must not stop the others for ever. */
int
ticket_lock(const char *dir, struct err *e)
{
	long long until = clock_ms() + DIR_LOCK_MS;
	struct timespec nap = { 0, 100000 };
	auto_str path = STR_INIT;
	int fd;

	str_addf(&path, "%s/.lock", dir);
	while ((fd = dir_lock_once(path.buf, e)) == -2) {
		if (clock_ms() >= until)
			return err_set(e, ERR_BUSY,
			    "%s: held by another process for %d s", path.buf,
			    DIR_LOCK_MS / 1000);
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 1000000)
			nap.tv_nsec *= 2;
	}
	return fd;
}

int
ticket_bar(const char *root, struct err *e)
{
	auto_str dir = STR_INIT;

	ticket_queue_dir(&dir, root);
	return file_mkdir_ignored(dir.buf, e) < 0 ? -1
						  : ticket_lock(dir.buf, e);
}
