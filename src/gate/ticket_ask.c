/*
 * Asking about tickets: who holds one, what it says of itself.  Readers take
 * no lock and write nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

enum { LOOKS = 3 };

void
ticket_queue_dir(struct str *out, const char *root)
{
	str_addf(out, "%s/.loops/.queue", root);
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

	ticket_queue_dir(path, root);
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

const struct val *
ticket_content(struct arena *a, int fd)
{
	struct err ignored = ERR_INIT;
	auto_str text = STR_INIT;
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > TICKET_CONTENT_MAX)
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

const struct val *
ticket_says(struct arena *a, const char *root, const char *run)
{
	auto_str path = STR_INIT;
	auto_fd int fd = find_live(root, run, &path);
	const struct val *v = NULL;

	for (int i = 0; fd >= 0 && i < LOOKS && !v; i++)
		v = ticket_content(a, fd);
	return v && v->kind == VAL_MAP ? v : NULL;
}

/* What a file says.  Its holder may be writing it just now. */
static void
look_into(struct arena *a, struct ticket_seen *one)
{
	auto_fd int fd = ticket_open(one->path, O_RDONLY);

	one->alive = fd >= 0 && is_held(fd);
	for (int i = 0; fd >= 0 && i < LOOKS && !one->content; i++)
		one->content = ticket_content(a, fd);
	if (one->content && one->content->kind != VAL_MAP)
		one->content = NULL;
}

int
ticket_look(struct arena *a, const char *dir, struct ticket_seen **out,
    size_t *n, struct err *e)
{
	VEC(struct ticket_seen) seen = VEC_INIT;
	auto_dir DIR *d = opendir(dir);
	struct dirent *ent;

	if (!d && errno != ENOENT && errno != ENOTDIR)
		return err_sys(e, "open %s", dir);
	while (d && (ent = readdir(d))) {
		struct ticket_seen one = { 0 };
		const char *run;

		if (!ticket_name(ent->d_name, &one.number, &run))
			continue;
		one.run = arena_strdup(a, run);
		one.path = arena_printf(a, "%s/%s", dir, ent->d_name);
		look_into(a, &one);
		vec_push(&seen, one);
	}
	*n = seen.len;
	*out = (void *)arena_dup(a, seen.at, seen.len * sizeof(*seen.at));
	vec_release(&seen);
	if (*n)
		qsort(*out, *n, sizeof(**out), by_number);
	return 0;
}

int
ticket_list(struct arena *a, const char *root, struct ticket_seen **out,
    size_t *n, struct err *e)
{
	auto_str dir = STR_INIT;

	ticket_queue_dir(&dir, root);
	return ticket_look(a, dir.buf, out, n, e);
}

bool
ticket_pid_space(char out[TICKET_SPACE])
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) < 0)
		return false;
	snprintf(out, TICKET_SPACE, "%llx:%llx", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino);
	return true;
}

/* Do its numbers mean the processes that we see? */
static bool
is_near(const struct val *content)
{
	char boot[PROC_BOOT_ID], here[TICKET_SPACE];
	const char *id = proc_boot_id(boot);

	return id && strcmp(val_str(content, "boot_id", ""), id) == 0 &&
	    ticket_pid_space(here) &&
	    strcmp(val_str(content, "pid_space", ""), here) == 0;
}

bool
ticket_process(const struct val *content, const char *who, struct proc *out)
{
	char key[32];
	struct proc p;

	snprintf(key, sizeof(key), "%s_start", who);
	if (!content || !is_near(content) ||
	    !proc_read((pid_t)val_num(content, who, 0), &p) || p.dead ||
	    p.start != (unsigned long long)val_num(content, key, 0))
		return false;
	*out = p;
	return true;
}
