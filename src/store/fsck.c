/*
 * Everything that has a sum is held against it: records, sealed files, long
 * outputs.  What is looked at is not changed; only fsck_truncate() writes, and
 * it keeps what it cuts.
 */
#include "store/fsck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "store/output.h"
#include "store/runs.h"
#include "store/sealed.h"

enum { OUTPUT_MAX = 1 << 30, COPIES_MAX = 1000, PIECE = 1 << 16 };

struct look {
	struct arena *a;
	const struct place_run *place;
	struct val *faults;
};

static void
note(struct look *l, const char *msg)
{
	val_push(l->a, l->faults, val_text(l->a, msg));
}

/* A file named by the members PREFIXfile, PREFIXbytes and PREFIXsum.  Where
 * it lies is ours to know: a project may have moved. */
static void
check_output(struct look *l, const struct val *map, const struct member *m)
{
	auto_arena mem = ARENA_INIT;
	size_t n = strlen(m->key) - strlen("file");
	const char *prefix = arena_dup(&mem, m->key, n);
	const char *sum =
	    val_str(map, arena_printf(&mem, "%ssum", prefix), NULL);
	long long bytes =
	    val_num(map, arena_printf(&mem, "%sbytes", prefix), -1);
	struct err e = ERR_INIT;
	auto_str text = STR_INIT;
	const char *file;

	if (!sum || bytes < 0 || bytes > OUTPUT_MAX)
		return;
	file = path_join(&mem, l->place->output, path_base(m->v->t.p));
	if (output_load(file, bytes, sum, &text, &e) < 0)
		note(l, e.msg);
}

static void
walk(struct look *l, const struct val *v)
{
	for (size_t i = 0; v->kind == VAL_LIST && i < v->list.len; i++)
		walk(l, v->list.at[i]);
	for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++) {
		const struct member *m = &v->map.at[i];

		if (m->v->kind == VAL_TEXT &&
		    (strcmp(m->key, "file") == 0 ||
			sv_ends(sv(m->key), "_file")))
			check_output(l, v, m);
		walk(l, m->v);
	}
}

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct look *l = self;

	(void)e;
	if (ev->kind == EV_SEALED)
		sealed_faults(l->a, l->place, ev->fields, l->faults);
	else
		walk(l, ev->fields);
	return 0;
}

/* run.json and what it names. */
static void
look_at_files(struct look *l)
{
	struct err e = ERR_INIT;
	const struct val *json = sealed_json(l->a, l->place, &e);

	if (json)
		sealed_faults(l->a, l->place, json, l->faults);
	else
		note(l, e.msg);
}

int
fsck_look(struct arena *a, const char *root, const char *run, struct fsck *out,
    struct err *e)
{
	struct fsck f = { .end = { .state = JOURNAL_WHOLE } };
	struct look l = { a, &f.place, val_list(a) };
	struct err bad = ERR_INIT;
	struct stat st;

	place_of(a, root, run, &f.place);
	if (run[0] == '.' || strchr(run, '/') || access(f.place.dir, F_OK) < 0)
		return err_set(e, ERR_ABSENT, "no run '%s' in %s", run, root);
	f.faults = l.faults;
	if (stat(f.place.journal, &st) == 0) {
		f.size = st.st_size;
	} else if (errno == ENOENT) {
		f.blank = true;
		*out = f;
		return 0;
	}
	look_at_files(&l);
	if (runs_events(a, root, run, hear, &l, &f.end, &bad) < 0)
		f.why = arena_strdup(a, bad.msg);
	*out = f;
	return 0;
}

/* ---- cutting ---- */

static int
copy_bytes(int from, int to)
{
	char buf[PIECE];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || file_write_all(to, buf, (size_t)n) < 0)
			return -1;
	}
	return fsync(to);
}

static int
sync_dir(const char *path, struct err *e)
{
	auto_fd int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0)
		return err_sys(e, "sync %s", path);
	return 0;
}

/* Beside the journal, under the first number that is free. */
static int
copy_create(struct arena *a, const struct place_run *p, const char **path)
{
	for (int i = 1; i <= COPIES_MAX; i++) {
		int fd;

		*path = arena_printf(a, "%s.corrupt-%d", p->journal, i);
		fd = open(*path,
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static int
keep_copy(
    struct arena *a, const struct place_run *p, const char **out, struct err *e)
{
	auto_fd int from = open(p->journal, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	const char *path = p->journal;
	auto_fd int to = from < 0 ? -1 : copy_create(a, p, &path);

	if (to < 0)
		return err_sys(e, "%s", path);
	if (copy_bytes(from, to) < 0) {
		err_sys(e, "copy to %s", path);
		unlink(path);
		return -1;
	}
	*out = path;
	return sync_dir(p->ll, e);
}

static int
cut(const struct fsck *f, struct err *e)
{
	auto_fd int fd =
	    open(f->place.journal, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, "open %s", f->place.journal);
	if (st.st_size != f->size)
		return err_set(e, ERR_IO, "%s: changed by somebody else",
		    f->place.journal);
	if (ftruncate(fd, (off_t)f->end.bytes) < 0 || fsync(fd) < 0)
		return err_sys(e, "cut %s", f->place.journal);
	return 0;
}

/* Who reads it later must see that something is missing. */
static int
record(const struct fsck *f, const char *copy, struct err *e)
{
	struct point point = POINT_INIT;
	struct journal *j = runs_reopen(&f->place, true, &point, e);
	auto_arena mem = ARENA_INIT;
	struct val *v = val_map(&mem);
	const struct event ev = {
		.kind = EV_JOURNAL_REPAIRED,
		.seq = point.seq + 1,
		.wall_us = clock_wall_us(),
		.fields = v,
		.item = -1,
	};
	int rc;

	val_set(&mem, v, "bytes", val_int(&mem, f->size - f->end.bytes));
	val_set(&mem, v, "kept", val_text(&mem, path_base(copy)));
	rc = j ? journal_append(j, &ev, e) : -1;
	if (rc == 0)
		rc = journal_sync(j, e);
	journal_free(j);
	point_release(&point);
	return rc;
}

int
fsck_truncate(
    struct arena *a, const struct fsck *f, const char **copy, struct err *e)
{
	if (f->end.records == 0)
		return err_set(e, ERR_INPUT,
		    "%s: no record is valid, so nothing can be kept; run.json "
		    "may have been changed",
		    f->place.journal);
	if (keep_copy(a, &f->place, copy, e) < 0 || cut(f, e) < 0)
		return -1;
	return record(f, *copy, e);
}
