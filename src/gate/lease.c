/*
 * Lease files.  The reference trusts a pid; so that its leftovers do not
 * block a project for ever, a process that began after the lease was written
 * is not its holder.  Refuses to follow links, and passes over whatever is
 * not a lease.
 */
#include "gate/lease.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/when.h"
#include "gate/ticket_file.h"
#include "os/proc.h"
#include "text/json.h"

enum { BAR_MS = 10000, SLACK_US = 2000000 };

static void
add_dir(struct str *out, const char *root)
{
	str_addf(out, "%s/.loops/.running", root);
}

int
lease_bar(const char *root, struct err *e)
{
	long long until = clock_ms() + BAR_MS;
	struct timespec nap = { 0, 500000 };
	auto_str path = STR_INIT;
	auto_fd int fd = -1;

	add_dir(&path, root);
	if (file_mkdir_ignored(path.buf, e) < 0)
		return -1;
	str_adds(&path, "/.acquire.lock");
	fd = ticket_open(path.buf, O_RDWR | O_CREAT);
	if (ticket_check(fd, path.buf, e) < 0)
		return -1;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_sys(e, "lock %s", path.buf);
		if (clock_ms() >= until)
			return err_set(e, ERR_BUSY,
			    "%s: held by another process for %d s", path.buf,
			    BAR_MS / 1000);
		nanosleep(&nap, NULL);
	}
	return take_fd(&fd);
}

/* Microseconds since 1970 of the start of a process; 0: none. */
static long long
began_us(pid_t pid)
{
	unsigned long long ticks = proc_start_time(pid);
	struct timespec up;
	long long up_us;

	if (!ticks || clock_gettime(CLOCK_BOOTTIME, &up) < 0)
		return 0;
	up_us = (long long)up.tv_sec * 1000000 + up.tv_nsec / 1000;
	return clock_wall_us() - up_us +
	    (long long)(ticks * 1000000 /
		(unsigned long long)sysconf(_SC_CLK_TCK));
}

/* Of the reference: is its holder there? */
static bool
lives(const struct val *v)
{
	long long pid = val_num(v, "pid", 0), at_us, began;
	struct proc p;

	if (pid <= 1 || pid > 1 << 30 ||
	    (kill((pid_t)pid, 0) < 0 && errno == ESRCH) ||
	    (proc_read((pid_t)pid, &p) && p.dead))
		return false;
	began = began_us((pid_t)pid);
	return !began || !when_time(sv(val_str(v, "started_at", "")), &at_us) ||
	    began <= at_us + SLACK_US;
}

/* Of ours, without its ticket: is its guard there? */
static bool
is_ours_alive(const struct val *v)
{
	char boot[PROC_BOOT_ID];
	const char *id = proc_boot_id(boot);
	struct proc p;

	return id && strcmp(val_str(v, "boot_id", ""), id) == 0 &&
	    proc_read((pid_t)val_num(v, "pid", 0), &p) && !p.dead &&
	    p.start == (unsigned long long)val_num(v, "start", 0);
}

static struct scope
scope_of(struct arena *a, const char *root, const struct val *list)
{
	struct scope s = { 0 };
	struct err ignored = ERR_INIT;
	bool some = list && list->kind == VAL_LIST && list->list.len;

	/* An empty one is the whole project, by the reference. */
	if (!some)
		scope_foreign(&s, a, root, &ignored);
	for (size_t i = 0; some && i < list->list.len; i++) {
		const struct val *v = list->list.at[i];
		const char *path = v->kind == VAL_TEXT ? v->t.p : "";

		if (*path != '/')
			path = arena_printf(a, "%s/%s", root, path);
		if (scope_foreign(&s, a, path, &ignored) < 0)
			s.all = true;
	}
	return s;
}

static const struct val *
read_lease(struct arena *a, const char *path)
{
	auto_fd int fd = ticket_open(path, O_RDONLY);
	const struct val *v = fd < 0 ? NULL : ticket_content(a, fd);

	return v && v->kind == VAL_MAP ? v : NULL;
}

static void
look_at(struct queue *q, const char *root, const char *path)
{
	const struct val *v = read_lease(q->mem, path);
	const struct val *single = val_get(v, "singleton");
	const char *run = v ? val_str(v, "run", NULL) : NULL;
	struct entry one = { .where = QUEUE_PROJECT,
		.foreign = true,
		.granted = true,
		.content = v,
		.path = path };

	if (!v || (run && queue_of(q, run, QUEUE_PROJECT)))
		return;
	if (run ? !is_ours_alive(v) : !lives(v)) {
		if (run)
			unlink(path);
		return;
	}
	one.loop = val_str(v, "loop_name", "?");
	one.run = run ? run : one.loop;
	one.pid = val_num(v, "pid", 0);
	one.single = single && single->kind == VAL_BOOL && single->b;
	one.scope = scope_of(q->mem, root, val_get(v, "scope"));
	queue_add(q, &one);
}

static bool
is_lease(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 5 && strcmp(name + n - 5, ".lock") == 0;
}

int
lease_read(struct queue *q, const char *root, struct err *e)
{
	auto_str dir = STR_INIT;
	auto_dir DIR *d = NULL;
	struct dirent *ent;

	add_dir(&dir, root);
	d = opendir(dir.buf);
	if (!d && errno != ENOENT)
		return err_sys(e, "open %s", dir.buf);
	while (d && (ent = readdir(d)))
		if (is_lease(ent->d_name))
			look_at(q, root,
			    arena_printf(
				q->mem, "%s/%s", dir.buf, ent->d_name));
	return 0;
}

static const struct val *
lease_val(struct arena *a, const struct lease *l)
{
	struct val *v = val_map(a), *paths = val_list(a);
	const char *boot = val_str(l->facts, "boot_id", NULL);
	char now[CLOCK_TEXT];

	for (size_t i = 0; i < l->scope->n; i++)
		if (!l->scope->at[i].name)
			val_push(a, paths, val_text(a, l->scope->at[i].text));
	if (!paths->list.len)
		return NULL;
	val_set(a, v, "loop_name", val_text(a, l->loop));
	val_set(a, v, "scope", paths);
	val_set(a, v, "pid", val_int(a, val_num(l->facts, "guard", 0)));
	val_set(
	    a, v, "started_at", val_text(a, clock_iso(clock_wall_us(), now)));
	if (l->single)
		val_set(a, v, "singleton", val_bool(a, true));
	val_set(a, v, "run", val_text(a, l->run));
	val_set(a, v, "start", val_int(a, val_num(l->facts, "guard_start", 0)));
	if (boot)
		val_set(a, v, "boot_id", val_text(a, boot));
	return v;
}

/* Whole or not at all: nobody knows whose half a lease is, and that of a
 * killed run would stay for ever.  False: not on this file system. */
static bool
put_whole(const char *dir, const char *path, const struct str *text)
{
	auto_fd int fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
	char self[32];

	if (fd < 0 || file_write_all(fd, text->buf, text->len) < 0)
		return false;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	unlink(path);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

int
lease_put(const struct lease *l, struct err *e)
{
	auto_arena a = ARENA_INIT;
	auto_str dir = STR_INIT;
	auto_str path = STR_INIT;
	auto_str text = STR_INIT;
	const struct val *v = lease_val(&a, l);
	auto_fd int fd = -1;

	if (!v)
		return 0;
	add_dir(&dir, l->root);
	str_addf(&path, "%s/%s.lock", dir.buf, l->run);
	json_write(&text, v, JSON_COMPACT);
	str_addc(&text, '\n');
	if (put_whole(dir.buf, path.buf, &text))
		return 0;
	fd = ticket_open(path.buf, O_WRONLY | O_CREAT | O_TRUNC);
	if (ticket_check(fd, path.buf, e) < 0)
		return -1;
	if (file_write_all(fd, text.buf, text.len) < 0)
		return err_sys(e, "write %s", path.buf);
	return 0;
}

void
lease_drop(const char *root, const char *run)
{
	auto_str path = STR_INIT;

	add_dir(&path, root);
	str_addf(&path, "/%s.lock", run);
	unlink(path.buf);
}
