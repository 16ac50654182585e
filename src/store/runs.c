/*
 * The runs of a project.  A run starts from run.json and the sealed bytes of
 * the files it read; where it stands is the fold of its journal and nothing
 * else, so that every view agrees.  Readers write nothing.
 */
#include "store/runs_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "loop/inputs.h"

enum {
	RUN_JSON_MAX = 16 << 20,
	SEALED_NAME_MAX = 200,
	DIRS_MAX = 8, /* directories that are synced with the files */
};

/* A new file; its descriptor goes into `base` when that is given. */
static int
write_new(
    const char *path, struct sv text, struct unsynced *base, struct err *e)
{
	auto_fd int fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_sys(e, "create %s", path);
	if (file_write_all(fd, text.p, text.n) < 0)
		return err_sys(e, "write %s", path);
	if (!base)
		return 0;
	/* There may be more files than can be kept open. */
	if (base->n >= UNSYNCED_MAX - DIRS_MAX)
		return file_sync(fd) < 0 ? err_sys(e, "sync %s", path) : 0;
	base->fds[base->n++] = take_fd(&fd);
	return 0;
}

static int
open_dirs(struct arena *a, const struct place_run *p, struct unsynced *base,
    struct err *e)
{
	const char *const dirs[] = { p->sealed, p->ll, p->dir,
		place_runs(a, p->root) };

	for (size_t i = 0; i < COUNT(dirs); i++) {
		int fd = open(dirs[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			return err_sys(e, "open %s", dirs[i]);
		base->fds[base->n++] = fd;
	}
	return 0;
}

static const char *
sealed_name(struct arena *a, const char *file, size_t i)
{
	const char *base = path_base(file);
	int len = (int)utf8_floor(base, strlen(base), SEALED_NAME_MAX);
	char *name = arena_printf(a, "sealed/%zu-%.*s", i, len, base);

	for (char *c = name + strlen("sealed/"); *c; c++)
		if (*c == '/' || *c == ':')
			*c = '-';
	return name;
}

static const struct val *
seal_row(struct arena *a, const struct loop_file *f, size_t i)
{
	struct val *row = val_map(a);
	const char *sum = arena_printf(a, "%016llx",
	    (unsigned long long)XXH3_64bits(f->text.p, f->text.n));

	val_set(a, row, "path", val_text(a, f->path));
	val_set(a, row, "sum", val_text(a, sum));
	val_set(a, row, "bytes", val_int(a, (long long)f->text.n));
	val_set(a, row, "sealed", val_text(a, sealed_name(a, f->path, i)));
	if (f->how)
		val_set(a, row, "how", val_text(a, f->how));
	return row;
}

const struct val *
runs_words(struct arena *a, const struct loop_word *words, size_t n)
{
	struct val *list = val_list(a);

	for (size_t i = 0; i < n; i++) {
		const struct loop_word *w = &words[i];
		struct val *row = val_map(a);

		if (w->by)
			val_set(a, row, "by", val_text(a, w->by));
		val_set(a, row, "word", val_text(a, w->word));
		val_set(a, row, "path", val_text(a, w->path));
		val_push(a, list, row);
	}
	return list;
}

static const struct val *
keys_of(struct arena *a, const struct val *map)
{
	struct val *list = val_list(a);

	for (size_t i = 0; i < map->map.len; i++)
		val_push(a, list, val_text(a, map->map.at[i].key));
	return list;
}

static const struct val *
run_json(struct arena *a, const char *run, const struct run_spec *spec)
{
	struct val *top = val_map(a), *argv = val_list(a), *files = val_list(a);

	for (char *const *arg = spec->argv; arg && *arg; arg++)
		val_push(a, argv, val_text(a, *arg));
	for (size_t i = 0; i < spec->nfiles; i++)
		val_push(a, files, seal_row(a, &spec->files[i], i));
	val_set(a, top, "v", val_int(a, 1));
	val_set(a, top, "version", val_text(a, spec->version));
	val_set(a, top, "run", val_text(a, run));
	val_set(a, top, "loop", val_text(a, spec->loop_name));
	val_set(a, top, "file", val_text(a, spec->loop_file));
	val_set(a, top, "cwd", val_text(a, spec->cwd));
	val_set(a, top, "argv", argv);
	val_set(a, top, "inputs", spec->inputs);
	if (spec->inputs)
		val_set(a, top, "origins", inputs_origins(a, spec->inputs));
	if (spec->withheld)
		val_set(a, top, "withheld", keys_of(a, spec->withheld));
	val_set(a, top, "long_inputs", spec->long_inputs);
	val_set(a, top, "options", spec->options);
	val_set(a, top, "files", files);
	val_set(a, top, "words", runs_words(a, spec->words, spec->nwords));
	return top;
}

static int
write_files(struct arena *a, const struct place_run *place,
    const struct run_spec *spec, struct unsynced *base, struct err *e)
{
	for (size_t i = 0; i < spec->nfiles; i++) {
		const struct loop_file *f = &spec->files[i];
		const char *name = sealed_name(a, f->path, i);

		if (write_new(path_join(a, place->ll, name), f->text, base, e) <
		    0)
			return -1;
	}
	return 0;
}

int
runs_seal(struct arena *a, const struct place_run *place,
    const struct run_spec *spec, uint64_t *seed, struct unsynced *base,
    struct err *e)
{
	struct unsynced made = { .n = 0 }, *want = spec->durable ? &made : NULL;
	auto_str text = STR_INIT;

	event_val_write(&text, run_json(a, place->run, spec));
	str_addc(&text, '\n');
	if (write_files(a, place, spec, want, e) < 0 ||
	    write_new(place->run_json, str_sv(&text), want, e) < 0 ||
	    (want && open_dirs(a, place, want, e) < 0)) {
		unsynced_release(&made);
		return -1;
	}
	*base = made;
	*seed = XXH3_64bits(text.buf, text.len);
	return 0;
}

/* Names of sealed files are durable once the directory is. */
static int
sync_sealed(const struct place_run *place, struct unsynced *made, struct err *e)
{
	int fd = open(place->sealed, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, "open %s", place->sealed);
	made->fds[made->n++] = fd;
	for (size_t i = 0; i < made->n; i++)
		if (file_sync(made->fds[i]) < 0)
			return err_sys(e, "sync %s", place->sealed);
	return 0;
}

const struct val *
runs_seal_more(struct arena *a, const struct place_run *place,
    const struct run_spec *spec, size_t from, struct err *e)
{
	struct val *rows = val_list(a);

	for (size_t i = from; i < spec->nfiles; i++) {
		struct unsynced made = { .n = 0 };
		const struct loop_file *f = &spec->files[i];
		size_t number = i;
		const char *path;
		int rc;

		/* A run that was killed in between leaves unnamed ones. */
		do
			path = path_join(
			    a, place->ll, sealed_name(a, f->path, number));
		while (file_exists(path) && ++number);
		rc = write_new(path, f->text, spec->durable ? &made : NULL, e);
		if (rc == 0 && spec->durable)
			rc = sync_sealed(place, &made, e);
		unsynced_release(&made);
		if (rc < 0)
			return NULL;
		val_push(a, rows, seal_row(a, f, number));
	}
	return rows;
}

/* The paths of a run that is there. -1: ERR_ABSENT. */
static int
find_run(struct arena *a, const char *root, const char *run,
    struct place_run *out, struct err *e)
{
	if (!run[0] || run[0] == '.' || strchr(run, '/'))
		return err_set(e, ERR_ABSENT, "no run '%s'", run);
	place_of(a, root, run, out);
	/* What may not be looked into is there all the same. */
	if (access(out->dir, F_OK) < 0 && errno != EACCES)
		return err_set(e, ERR_ABSENT, "no run '%s'", run);
	return 0;
}

int
runs_seed(const struct place_run *p, uint64_t *seed, struct err *e)
{
	auto_str text = STR_INIT;

	if (file_read(p->run_json, RUN_JSON_MAX, &text, e) < 0)
		return -1;
	*seed = XXH3_64bits(text.buf, text.len);
	return 0;
}

static int
apply(void *self, const struct event *ev, struct err *e)
{
	(void)e;
	point_apply(self, ev);
	return 0;
}

int
runs_open(struct arena *a, const char *root, const char *run, bool alive,
    struct run_info *out, struct err *e)
{
	struct run_info info = { .alive = alive };
	struct err bad = ERR_INIT;
	uint64_t seed;

	if (find_run(a, root, run, &info.place, e) < 0)
		return -1;
	if (runs_seed(&info.place, &seed, &bad) < 0 ||
	    journal_read(info.place.journal, seed, apply, &info.point,
		&info.end, &bad) < 0) {
		info.unreadable = true;
		info.blank =
		    access(info.place.journal, F_OK) < 0 && errno == ENOENT;
		snprintf(info.why, sizeof(info.why), "%.*s",
		    (int)sizeof(info.why) - 1, bad.msg);
	}
	*out = info;
	return 0;
}

void
run_info_release(struct run_info *info)
{
	point_release(&info->point);
}

const char *
run_phase(const struct run_info *info)
{
	const char *phase = info->point.phase;

	if (info->point.ended)
		return phase && strcmp(phase, "parked") == 0 ? phase : "ended";
	if (!info->alive)
		return "died";
	return phase ? phase : "queued";
}

void
runs_brief(
    struct arena *a, const char *root, const char *run, struct run_brief *out)
{
	struct event first, last;
	struct err e = ERR_INIT;
	struct place_run p;

	*out = (struct run_brief) { .run = arena_strdup(a, run),
		.loop = place_loop_of(a, run) };
	place_of(a, root, run, &p);
	if (journal_peek(p.journal, a, &first, &last, &e) < 0) {
		out->why = arena_strdup(a, e.msg);
		return;
	}
	out->loop = val_str(first.fields, "loop", out->loop);
	out->started_us = first.wall_us;
	out->updated_us = last.wall_us;
	out->start = first.fields;
	out->end = last.kind == EV_RUN_END ? last.fields : NULL;
}

int
runs_events(struct arena *a, const char *root, const char *run,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *end, struct err *e)
{
	struct place_run p;
	uint64_t seed;

	if (find_run(a, root, run, &p, e) < 0 || runs_seed(&p, &seed, e) < 0)
		return -1;
	return journal_read(p.journal, seed, hear, self, end, e);
}

int
runs_follow(struct arena *a, const char *root, const char *run,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *at, struct err *e)
{
	struct place_run p;

	if (find_run(a, root, run, &p, e) < 0)
		return -1;
	if (at->records == 0 && runs_seed(&p, &at->sum, e) < 0)
		return -1;
	return journal_read_on(p.journal, hear, self, at, e);
}
