/*
 * Control groups, version 2.  Owns the names of their files.  Refuses to turn
 * controllers on or to move ourselves: who delegates a subtree to us has done
 * so, and elsewhere the bounds of os/limit have to do.
 */
#include "os/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/sv.h"

enum { READ_MAX = 1 << 20, PIDS_EACH = 8, PIDS_MORE = 64 };

static bool
get(const char *dir, const char *name, struct str *out)
{
	auto_str path = STR_INIT;
	struct err e = ERR_INIT;

	str_addf(&path, "%s/%s", dir, name);
	return file_read(path.buf, READ_MAX, out, &e) == 0;
}

static bool
set(const char *dir, const char *name, long long value)
{
	auto_str path = STR_INIT, text = STR_INIT;
	auto_fd int fd = -1;

	str_addf(&path, "%s/%s", dir, name);
	str_addf(&text, "%lld", value);
	fd = open(path.buf, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd >= 0 && write(fd, text.buf, text.len) == (ssize_t)text.len;
}

/* Does this group hand that controller down? */
static bool
hands_down(const char *dir, const char *controller)
{
	auto_str text = STR_INIT;
	struct sv rest, one;

	if (!get(dir, "cgroup.subtree_control", &text))
		return false;
	rest = sv_trim(str_sv(&text));
	while (sv_cut(&rest, ' ', &one))
		if (sv_eq(one, controller))
			return true;
	return false;
}

/* Threads count here, so the bound on processes is only a wide one. */
static bool
bound(const char *dir, const struct limits *l)
{
	if (l->memory && !set(dir, "memory.max", l->memory))
		return false;
	if (l->memory)
		(void)set(dir, "memory.oom.group", 1);
	return !l->procs ||
	    set(dir, "pids.max", l->procs * PIDS_EACH + PIDS_MORE);
}

static bool
make_below(struct cgroup *g, const char *dir, const struct limits *l)
{
	auto_str path = STR_INIT;

	if ((l->memory && !hands_down(dir, "memory")) ||
	    (l->procs && !hands_down(dir, "pids")))
		return false;
	str_addf(&path, "%s/ll-%d-XXXXXX", dir, (int)getpid());
	if (!mkdtemp(path.buf))
		return false;
	if (!bound(path.buf, l)) {
		rmdir(path.buf);
		return false;
	}
	g->dir = str_detach(&path);
	return true;
}

bool
cgroup_make(struct cgroup *g, const char *mount, const char *own,
    const struct limits *l)
{
	auto_str home = STR_INIT, beside = STR_INIT;
	char *slash;

	if (!l->memory && !l->procs)
		return false;
	str_addf(&home, "%s%s", mount, strcmp(own, "/") ? own : "");
	str_adds(&beside, home.buf);
	slash = strrchr(beside.buf, '/');
	if (slash && beside.len > strlen(mount))
		*slash = '\0';
	if (!make_below(g, home.buf, l) && !make_below(g, beside.buf, l))
		return false;
	g->home = str_detach(&home);
	return true;
}

/* Our group in the tree of version 2: the line "0::/path". */
static bool
own_path(struct str *out)
{
	auto_str text = STR_INIT;
	struct sv rest, line;

	if (!get("/proc/self", "cgroup", &text))
		return false;
	rest = str_sv(&text);
	while (sv_cut(&rest, '\n', &line))
		if (sv_starts(line, "0::/")) {
			str_add(out, line.p + 3, line.n - 3);
			return true;
		}
	return false;
}

bool
cgroup_make_here(struct cgroup *g, const struct limits *l)
{
	static const char *const mounts[] = { "/sys/fs/cgroup",
		"/sys/fs/cgroup/unified" };
	auto_str own = STR_INIT;
	struct statfs fs;

	for (size_t i = 0; i < COUNT(mounts); i++)
		if (statfs(mounts[i], &fs) == 0 &&
		    fs.f_type == CGROUP2_SUPER_MAGIC)
			return own_path(&own) &&
			    cgroup_make(g, mounts[i], own.buf, l);
	return false;
}

long long
cgroup_oom_kills(const struct cgroup *g)
{
	static const char name[] = "oom_kill ";
	auto_str text = STR_INIT;
	struct sv rest, line;
	long long n = 0;

	if (!g->dir || !get(g->dir, "memory.events", &text))
		return 0;
	rest = str_sv(&text);
	while (sv_cut(&rest, '\n', &line))
		if (sv_starts(line, name))
			sv_to_long(sv_make(line.p + strlen(name),
				       line.n - strlen(name)),
			    0, 1LL << 40, &n);
	return n;
}

void
cgroup_kill(const struct cgroup *g)
{
	if (g->dir)
		(void)set(g->dir, "cgroup.kill", 1);
}

void
cgroup_release(struct cgroup *g)
{
	auto_str text = STR_INIT;
	struct sv rest, line;
	long long pid;

	if (g->dir && get(g->dir, "cgroup.procs", &text)) {
		rest = str_sv(&text);
		while (sv_cut(&rest, '\n', &line))
			if (sv_to_long(line, 1, 1 << 30, &pid))
				(void)set(g->home, "cgroup.procs", pid);
		rmdir(g->dir);
	}
	free(g->dir);
	free(g->home);
	*g = (struct cgroup) { NULL, NULL };
}
