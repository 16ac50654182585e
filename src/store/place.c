/*
 * Every path of a project and of a run.  A run is claimed by mkdir of its
 * directory: two starts in one second get two directories, never one.
 * Refuses to reuse anything that is there.
 */
#include "store/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "base/when.h"

enum {
	NAME_MAX_BYTES = 64,
	TIME_LEN = 15,
	TAIL_LEN = 4,
	TRIES = 100,
	SAID_MAX = 4096
};

/* Without the letters that are read as digits. */
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

const char *
place_name(struct arena *a, const char *loop_name)
{
	size_t len = strlen(loop_name);
	char *name;

	len = utf8_floor(loop_name, len, NAME_MAX_BYTES);
	if (len == 0)
		return "loop";
	name = arena_dup(a, loop_name, len);
	for (char *p = name; *p; p++)
		if (*p == '/' || (unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '-';
	/* Neither hidden nor an option. */
	if (name[0] == '.' || name[0] == '-')
		name[0] = '_';
	return name;
}

const char *
place_new_id(struct arena *a, const char *loop_name)
{
	char when[CLOCK_TEXT], tail[TAIL_LEN + 1] = "";
	unsigned char raw[TAIL_LEN];

	if (getentropy(raw, sizeof(raw)) < 0)
		for (size_t i = 0; i < TAIL_LEN; i++)
			raw[i] = (unsigned char)(clock_ms() >> (5 * i));
	for (size_t i = 0; i < TAIL_LEN; i++)
		tail[i] = digits[raw[i] & 31];
	return arena_printf(a, "%s-%s-%s", place_name(a, loop_name),
	    clock_compact(clock_wall_us(), when), tail);
}

void
place_of(
    struct arena *a, const char *root, const char *run, struct place_run *out)
{
	out->root = arena_strdup(a, root);
	out->run = arena_strdup(a, run);
	out->dir = arena_printf(a, "%s/.loops/runs/%s/", root, run);
	out->ll = arena_printf(a, "%s.ll", out->dir);
	out->journal = arena_printf(a, "%s/journal.jsonl", out->ll);
	out->run_json = arena_printf(a, "%s/run.json", out->ll);
	out->sealed = arena_printf(a, "%s/sealed", out->ll);
	out->output = arena_printf(a, "%s/output", out->ll);
	out->said = arena_printf(a, "%s/said", out->ll);
}

const char *
place_runs(struct arena *a, const char *root)
{
	return arena_printf(a, "%s/.loops/runs", root);
}

/* 1 claimed, 0 taken by another, -1 and *e. */
static int
claim(const char *dir, const char *runs, struct err *e)
{
	if (mkdir(dir, 0700) == 0)
		return 1;
	if (errno == ENOENT) {
		if (file_mkdir_ignored(runs, e) < 0)
			return -1;
		if (mkdir(dir, 0700) == 0)
			return 1;
	}
	return errno == EEXIST ? 0 : err_sys(e, "mkdir %s", dir);
}

int
place_create(struct arena *a, const char *root, const char *loop_name,
    struct place_run *out, struct err *e)
{
	const char *runs = place_runs(a, root);
	struct place_run p;
	int got = 0;

	for (int i = 0; i < TRIES && got == 0; i++) {
		place_of(a, root, place_new_id(a, loop_name), &p);
		got = claim(p.dir, runs, e);
	}
	if (got == 0)
		return err_set(e, ERR_CREATE,
		    "%s: no free run id after %d tries", runs, TRIES);
	if (got < 0) {
		e->kind = ERR_CREATE;
		return -1;
	}
	*out = p;
	return 0;
}

int
place_furnish(const struct place_run *p, struct err *e)
{
	const char *const inside[] = { p->ll, p->sealed };

	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		if (mkdir(inside[i], 0700) == 0)
			continue;
		err_sys(e, "mkdir %s", inside[i]);
		while (i-- > 0)
			rmdir(inside[i]);
		e->kind = ERR_CREATE;
		return -1;
	}
	return 0;
}

static void
discard_files(const char *dir)
{
	auto_dir DIR *d = opendir(dir);
	struct dirent *ent;

	while (d && (ent = readdir(d)))
		unlinkat(dirfd(d), ent->d_name, 0);
}

void
place_discard(const struct place_run *p)
{
	struct stat st;

	if (lstat(p->journal, &st) == 0 &&
	    (!S_ISREG(st.st_mode) || st.st_size > 0 || unlink(p->journal) < 0))
		return;
	discard_files(p->sealed);
	unlink(p->run_json);
	unlink(p->said);
	rmdir(p->sealed);
	rmdir(p->ll);
	rmdir(p->dir);
}

int
place_said(const struct place_run *p)
{
	return open(p->said,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
	    0600);
}

void
place_read_said(const struct place_run *p, struct str *out)
{
	auto_fd int fd =
	    open(p->said, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char buf[SAID_MAX];
	struct stat st;
	const char *from = buf, *nl;
	off_t at;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	at = st.st_size > SAID_MAX ? st.st_size - SAID_MAX : 0;
	n = pread(fd, buf, sizeof(buf), at);
	if (n <= 0)
		return;
	nl = at ? memchr(buf, '\n', (size_t)n) : NULL;
	if (nl)
		from = nl + 1;
	str_add(out, from, (size_t)(buf + n - from));
}

static bool
all_of(const char *p, size_t n, const char *set)
{
	for (size_t i = 0; i < n; i++)
		if (!p[i] || !strchr(set, p[i]))
			return false;
	return true;
}

const char *
place_time_of(const char *run)
{
	size_t len = strlen(run), back = 1 + TIME_LEN + 1 + TAIL_LEN;
	const char *p;

	if (len <= back || run[0] == '.' || strchr(run, '/'))
		return NULL;
	p = run + len - back;
	if (p[0] != '-' || p[9] != 'T' || p[1 + TIME_LEN] != '-' ||
	    !all_of(p + 1, 8, "0123456789") ||
	    !all_of(p + 10, 6, "0123456789") ||
	    !all_of(p + 2 + TIME_LEN, TAIL_LEN, digits))
		return NULL;
	return p + 1;
}

const char *
place_loop_of(struct arena *a, const char *run)
{
	const char *time = place_time_of(run);

	return time ? arena_dup(a, run, (size_t)(time - run) - 1) : NULL;
}

long long
place_time_us(const char *run)
{
	const char *t = place_time_of(run);
	auto_arena mem = ARENA_INIT;
	long long us = 0;

	if (t)
		when_time(sv(arena_printf(&mem, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s",
			      t, t + 4, t + 6, t + 9, t + 11, t + 13)),
		    &us);
	return us;
}
