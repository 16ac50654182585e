/*
 * Tickets: a queue in a directory.  The number is a ticket's place, the
 * kernel lock on it is its life, and what is written inside is for people.
 * Numbers are drawn under the lock of the directory; nobody has to clean up
 * after a crash, since the next draw finds what is dead.  Never follows a
 * link, never blocks on what is not a regular file, refuses a queue that holds
 * one and a file system that cannot lock.
 */
#include "gate/ticket.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "gate/ticket_file.h"
#include "os/flk.h"
#include "text/json.h"

enum { DIR_LOCK_MS = 10000 };

struct ticket {
	int fd;
	char *dir, *path;
	long long number;
	size_t len;       /* of the content */
	VEC(char *) dead; /* file names of tickets */
	const char **dead_runs;
};

/* Is the file behind `fd` still the one of that name? */
static bool
is_same(int fd, const char *path)
{
	struct stat open_one, named;

	return fstat(fd, &open_one) == 0 && lstat(path, &named) == 0 &&
	    open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

static int
check_regular(int fd, const char *path, struct err *e)
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

/* One try for the directory lock: its descriptor, -1 and *e, or -2 when
 * another has it or the file was replaced meanwhile. */
static int
dir_lock_once(const char *path, struct err *e)
{
	auto_fd int fd = ticket_open(path, O_RDWR | O_CREAT);
	int ours;

	if (check_regular(fd, path, e) < 0)
		return -1;
	ours = flk_try(fd, e);
	if (ours < 0)
		return err_wrap(e, "%s", path);
	return ours && is_same(fd, path) ? take_fd(&fd) : -2;
}

/* The lock is held for microseconds; whoever stops inside (SIGSTOP, a
 * debugger) must not stop the others for ever. */
static int
dir_lock(const char *dir, struct err *e)
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

/* Ours, while it was being made: ".00000007.RUN". */
static bool
is_unfinished(const char *name)
{
	long long number;
	const char *run;

	return name[0] == '.' && ticket_name(name + 1, &number, &run);
}

/* With the directory lock: 1 when the holder of a ticket is gone, which then
 * is removed or kept.  -1 and *e when it is none that could be locked. */
static int
try_dead(const char *path, bool keep, struct err *e)
{
	auto_fd int fd = ticket_open(path, O_RDWR);
	int ours;

	/* Of another user: his to remove. */
	if (fd < 0 && (errno == EACCES || errno == ENOENT || errno == EROFS))
		return 0;
	if (check_regular(fd, path, e) < 0)
		return -1;
	ours = flk_try(fd, e);
	if (ours < 0)
		return err_wrap(e, "%s", path);
	if (!ours || !is_same(fd, path))
		return 0;
	if (!keep && unlink(path) < 0)
		return err_sys(e, "unlink %s", path);
	return 1;
}

/* With the directory lock: the highest number, and who is dead. */
static int
survey(struct ticket *t, struct err *e)
{
	auto_dir DIR *d = opendir(t->dir);
	auto_str path = STR_INIT;
	struct dirent *ent;

	if (!d)
		return err_sys(e, "open %s", t->dir);
	while ((ent = readdir(d))) {
		const char *name = ent->d_name, *run;
		long long number = 0;
		bool whole = ticket_name(name, &number, &run);
		int dead;

		if (!whole && !is_unfinished(name))
			continue;
		if (number > t->number)
			t->number = number;
		str_reset(&path);
		str_addf(&path, "%s/%s", t->dir, name);
		dead = try_dead(path.buf, whole, e);
		if (dead < 0)
			return -1;
		if (dead && whole)
			vec_push(&t->dead, mem_strdup(name));
	}
	return 0;
}

int
ticket_write(struct ticket *t, const struct val *content, struct err *e)
{
	auto_str text = STR_INIT;
	size_t len;

	json_write(&text, content, JSON_COMPACT);
	/* Blanks over what was longer: a reader at any time sees one JSON. */
	for (len = text.len; len + 1 < t->len; len++)
		str_addc(&text, ' ');
	str_addc(&text, '\n');
	if (pwrite(t->fd, text.buf, text.len, 0) != (ssize_t)text.len)
		return err_sys(e, "write %s", t->path);
	t->len = text.len;
	return 0;
}

/* With the directory lock: create hidden, lock, fill, rename. */
static int
publish(
    struct ticket *t, const char *run, const struct val *content, struct err *e)
{
	auto_str hidden = STR_INIT;

	str_addf(&hidden, "%s/.%08lld.%s", t->dir, t->number, run);
	t->fd = ticket_open(hidden.buf, O_RDWR | O_CREAT | O_EXCL);
	if (t->fd < 0)
		return err_sys(e, "create %s", hidden.buf);
	/* Other users may ask, whatever the umask says. */
	(void)!fchmod(t->fd, 0644);
	if (flk_try(t->fd, e) != 1) {
		err_wrap(e, "%s", hidden.buf);
		goto undo;
	}
	if (ticket_write(t, content, e) < 0)
		goto undo;
	if (rename(hidden.buf, t->path) == 0)
		return 0;
	err_sys(e, "rename %s", hidden.buf);
undo:
	unlink(hidden.buf);
	return -1;
}

static void
drop(struct ticket *t)
{
	if (t->fd >= 0)
		close(t->fd);
	for (size_t i = 0; i < t->dead.len; i++)
		free(t->dead.at[i]);
	vec_release(&t->dead);
	free(t->dead_runs);
	free(t->dir);
	free(t->path);
	free(t);
}

static int
draw(
    struct ticket *t, const char *run, const struct val *content, struct err *e)
{
	auto_fd int lock = dir_lock(t->dir, e);
	auto_str path = STR_INIT;

	if (lock < 0 || survey(t, e) < 0)
		return -1;
	if (++t->number > TICKET_NUMBER_MAX)
		return err_set(e, ERR_IO, "%s: no number left", t->dir);
	str_addf(&path, "%s/%08lld.%s", t->dir, t->number, run);
	t->path = str_detach(&path);
	return publish(t, run, content, e);
}

static void
name_dead(struct ticket *t)
{
	long long number;

	if (!t->dead.len)
		return;
	t->dead_runs = mem_grow(NULL, t->dead.len * sizeof(*t->dead_runs));
	for (size_t i = 0; i < t->dead.len; i++)
		ticket_name(t->dead.at[i], &number, &t->dead_runs[i]);
}

struct ticket *
ticket_draw(
    const char *root, const char *run, const struct val *content, struct err *e)
{
	auto_str dir = STR_INIT;
	struct ticket *t;

	str_addf(&dir, "%s/.loops/.queue", root);
	if (file_mkdir_ignored(dir.buf, e) < 0)
		return NULL;
	t = mem_new(sizeof(*t));
	t->fd = -1;
	t->dir = str_detach(&dir);
	if (draw(t, run, content, e) == 0) {
		name_dead(t);
		return t;
	}
	drop(t);
	return NULL;
}

size_t
ticket_dead(const struct ticket *t, const char *const **runs)
{
	*runs = t->dead_runs;
	return t->dead.len;
}

void
ticket_bury(struct ticket *t)
{
	struct err ignored = ERR_INIT;
	auto_fd int lock = t->dead.len ? dir_lock(t->dir, &ignored) : -1;
	auto_str path = STR_INIT;

	/* Whatever fails: the next one who draws finds them again. */
	for (size_t i = 0; lock >= 0 && i < t->dead.len; i++) {
		str_reset(&path);
		str_addf(&path, "%s/%s", t->dir, t->dead.at[i]);
		try_dead(path.buf, false, &ignored);
	}
}

long long
ticket_number(const struct ticket *t)
{
	return t->number;
}

void
ticket_free(struct ticket *t)
{
	struct err ignored = ERR_INIT;
	int lock;

	if (!t)
		return;
	lock = dir_lock(t->dir, &ignored);
	/* Without the directory lock the next draw removes it. */
	if (lock >= 0 && is_same(t->fd, t->path))
		unlink(t->path);
	drop(t);
	if (lock >= 0)
		close(lock);
}

void
ticket_leave(struct ticket *t)
{
	if (t)
		drop(t);
}

int
ticket_bar(const char *root, struct err *e)
{
	auto_str dir = STR_INIT;

	str_addf(&dir, "%s/.loops/.queue", root);
	return file_mkdir_ignored(dir.buf, e) < 0 ? -1 : dir_lock(dir.buf, e);
}
