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
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "gate/ticket_file.h"
#include "os/flk.h"
#include "text/json.h"

struct ticket {
	int fd;
	char *dir, *path;
	long long number;
	long long highest; /* that is there */
	size_t len;        /* of the content */
	VEC(char *) dead;  /* file names of tickets */
	const char **dead_runs;
};

/* Ours, while it was being made: ".00000007.RUN". */
static bool
is_unfinished(const char *name)
{
	long long number;
	const char *run;

	return name[0] == '.' && ticket_name(name + 1, &number, &run);
}

/* With the directory lock: 1 when the holder of a ticket is gone, and the
 * ticket is kept; 0 when it lives, or was removed.  -1 and *e when it is none
 * that could be locked. */
static int
try_dead(const char *path, bool keep, struct err *e)
{
	auto_fd int fd = ticket_open(path, O_RDWR);
	int ours;

	/* Of another user: his to remove. */
	if (fd < 0 && (errno == EACCES || errno == ENOENT || errno == EROFS))
		return 0;
	if (ticket_check(fd, path, e) < 0)
		return -1;
	ours = flk_try(fd, e);
	if (ours < 0)
		return err_wrap(e, "%s", path);
	if (!ours || !ticket_is_same(fd, path))
		return 0;
	if (keep)
		return 1;
	return unlink(path) < 0 ? err_sys(e, "unlink %s", path) : 0;
}

static void
forget_dead(struct ticket *t)
{
	for (size_t i = 0; i < t->dead.len; i++)
		free(t->dead.at[i]);
	t->dead.len = 0;
	free(t->dead_runs);
	t->dead_runs = NULL;
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

/* One name of the directory. */
static int
survey_one(struct ticket *t, const char *name, struct err *e)
{
	auto_str path = STR_INIT;
	const char *run;
	long long number = 0;
	bool whole = ticket_name(name, &number, &run);
	int dead;

	if (!whole && !is_unfinished(name))
		return 0;
	if (number > t->highest)
		t->highest = number;
	str_addf(&path, "%s/%s", t->dir, name);
	dead = try_dead(path.buf, whole, e);
	if (dead > 0)
		vec_push(&t->dead, mem_strdup(name));
	return dead < 0 ? -1 : 0;
}

int
ticket_survey(struct ticket *t, struct err *e)
{
	auto_dir DIR *d = opendir(t->dir);
	struct dirent *ent;

	if (!d)
		return err_sys(e, "open %s", t->dir);
	forget_dead(t);
	t->highest = 0;
	while ((ent = readdir(d)))
		if (survey_one(t, ent->d_name, e) < 0)
			return -1;
	name_dead(t);
	return 0;
}

int
ticket_put(struct ticket *t, const struct val *content, struct err *e)
{
	auto_str text = STR_INIT;
	size_t len;

	json_write(&text, content, JSON_COMPACT);
	if (text.len >= TICKET_CONTENT_MAX)
		return err_set(e, ERR_INPUT,
		    "the scope is too long: over %d bytes in all",
		    TICKET_CONTENT_MAX);
	/* Blanks over what was longer: a reader at any time sees one JSON. */
	for (len = text.len; len + 1 < t->len; len++)
		str_addc(&text, ' ');
	str_addc(&text, '\n');
	if (file_write_at(t->fd, text.buf, text.len, 0) < 0)
		return err_sys(e, "write %s", t->path);
	t->len = text.len;
	return 0;
}

int
ticket_write(struct ticket *t, const struct val *content, struct err *e)
{
	auto_fd int lock = ticket_lock(t->dir, e);

	return lock < 0 ? -1 : ticket_put(t, content, e);
}

/* Create hidden, lock, fill, rename. */
static int
create(
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
	if (ticket_put(t, content, e) < 0)
		goto undo;
	if (rename(hidden.buf, t->path) == 0)
		return 0;
	err_sys(e, "rename %s", hidden.buf);
undo:
	unlink(hidden.buf);
	return -1;
}

int
ticket_publish(
    struct ticket *t, const char *run, const struct val *content, struct err *e)
{
	auto_str path = STR_INIT;

	t->number = t->highest + 1;
	if (t->number > TICKET_NUMBER_MAX)
		return err_set(e, ERR_IO, "%s: no number left", t->dir);
	str_addf(&path, "%s/%08lld.%s", t->dir, t->number, run);
	t->path = str_detach(&path);
	return create(t, run, content, e);
}

struct ticket *
ticket_new(const char *dir, struct err *e)
{
	struct ticket *t;

	if (file_mkdir_ignored(dir, e) < 0)
		return NULL;
	t = mem_new(sizeof(*t));
	t->fd = -1;
	t->dir = mem_strdup(dir);
	return t;
}

struct ticket *
ticket_draw(
    const char *root, const char *run, const struct val *content, struct err *e)
{
	auto_str dir = STR_INIT;
	auto_fd int lock = -1;
	struct ticket *t;

	ticket_queue_dir(&dir, root);
	t = ticket_new(dir.buf, e);
	if (!t)
		return NULL;
	lock = ticket_lock(t->dir, e);
	if (lock >= 0 && ticket_survey(t, e) == 0 &&
	    ticket_publish(t, run, content, e) == 0)
		return t;
	ticket_leave(t);
	return NULL;
}

bool
ticket_is_there(const struct ticket *t)
{
	return ticket_is_same(t->fd, t->path);
}

int
ticket_fd(const struct ticket *t)
{
	return t->fd;
}

const char *
ticket_dir(const struct ticket *t)
{
	return t->dir;
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
	auto_fd int lock = t->dead.len ? ticket_lock(t->dir, &ignored) : -1;
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
ticket_leave(struct ticket *t)
{
	if (!t)
		return;
	if (t->fd >= 0)
		close(t->fd);
	forget_dead(t);
	vec_release(&t->dead);
	free(t->dir);
	free(t->path);
	free(t);
}

void
ticket_free(struct ticket *t)
{
	struct err ignored = ERR_INIT;
	int lock;

	if (!t)
		return;
	lock = t->fd < 0 ? -1 : ticket_lock(t->dir, &ignored);
	/* Without the directory lock the next draw removes it. */
	if (lock >= 0 && ticket_is_there(t))
		unlink(t->path);
	ticket_leave(t);
	if (lock >= 0)
		close(lock);
}
