/*
 * Asking about tickets: who holds one, what it says of itself.  Readers take
 * no lock and write nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/str.h"
#include "base/vec.h"
#include "gate/ticket.h"
#include "gate/ticket_file.h"
#include "os/flk.h"
#include "text/json.h"

enum { CONTENT_MAX = 64 * 1024 };

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

/* Does somebody else hold it? Asks, never takes. */
static bool
is_held(int fd)
{
	struct err ignored = ERR_INIT;

	return flk_held(fd, &ignored) == 1;
}

/* A descriptor of the live ticket of this run, its path in `path`; -1: none. */
static int
find_live(const char *root, const char *run, struct str *path)
{
	auto_dir DIR *d = NULL;
	struct dirent *ent;
	size_t base;

	str_addf(path, "%s/.loops/.queue", root);
	d = opendir(path->buf);
	base = path->len;
	while (d && (ent = readdir(d))) {
		auto_fd int fd = -1;
		long long number;
		const char *its;

		if (!ticket_name(ent->d_name, &number, &its) ||
		    strcmp(its, run) != 0)
			continue;
		str_cut(path, base);
		str_addf(path, "/%s", ent->d_name);
		fd = ticket_open(path->buf, O_RDONLY);
		if (fd >= 0 && is_held(fd))
			return take_fd(&fd);
	}
	return -1;
}

bool
ticket_alive(const char *root, const char *run)
{
	auto_str path = STR_INIT;
	auto_fd int fd = find_live(root, run, &path);

	return fd >= 0;
}

const char *
ticket_path(struct arena *a, const char *root, const char *run)
{
	auto_str path = STR_INIT;
	auto_fd int fd = find_live(root, run, &path);

	return fd >= 0 ? arena_strdup(a, path.buf) : NULL;
}

static const struct val *
read_content(struct arena *a, int fd)
{
	struct err ignored = ERR_INIT;
	auto_str text = STR_INIT;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > CONTENT_MAX)
		return NULL;
	str_reserve(&text, (size_t)st.st_size);
	n = pread(fd, text.buf, (size_t)st.st_size, 0);
	if (n <= 0)
		return NULL;
	str_cut(&text, (size_t)n);
	return json_read(a, text.buf, text.len, ORIGIN_DATA, &ignored);
}

static int
by_number(const void *a, const void *b)
{
	const struct ticket_seen *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

int
ticket_list(struct arena *a, const char *root, struct ticket_seen **out,
    size_t *n, struct err *e)
{
	VEC(struct ticket_seen) seen = VEC_INIT;
	auto_str path = STR_INIT;
	auto_dir DIR *d = NULL;
	struct dirent *ent;
	size_t base;

	str_addf(&path, "%s/.loops/.queue", root);
	d = opendir(path.buf);
	if (!d && errno != ENOENT && errno != ENOTDIR)
		return err_sys(e, "open %s", path.buf);
	base = path.len;
	while (d && (ent = readdir(d))) {
		struct ticket_seen one = { 0 };
		auto_fd int fd = -1;
		const char *run;

		if (!ticket_name(ent->d_name, &one.number, &run))
			continue;
		str_cut(&path, base);
		str_addf(&path, "/%s", ent->d_name);
		one.run = arena_strdup(a, run);
		fd = ticket_open(path.buf, O_RDONLY);
		if (fd >= 0) {
			one.alive = is_held(fd);
			one.content = read_content(a, fd);
		}
		vec_push(&seen, one);
	}
	*n = seen.len;
	*out = (void *)arena_dup(a, seen.at, seen.len * sizeof(*seen.at));
	vec_release(&seen);
	if (*n)
		qsort(*out, *n, sizeof(**out), by_number);
	return 0;
}
