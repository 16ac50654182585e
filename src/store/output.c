/*
 * The vault: what actions print (output_slot.c), long texts that a run keeps,
 * and what of both can be had back.  All files of a run count against one
 * bound; refuses to go on when a file cannot be written.
 */
#include "store/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "store/output_part.h"

/* Bytes of the files that an earlier try of this run has made. */
static long long
used_so_far(const char *dir)
{
	auto_dir DIR *d = opendir(dir);
	long long all = 0;
	struct dirent *ent;
	struct stat st;

	while (d && (ent = readdir(d)))
		if (fstatat(dirfd(d), ent->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
			0 &&
		    S_ISREG(st.st_mode))
			all += st.st_size;
	return all;
}

struct output *
output_new(const struct output_opts *opts)
{
	struct output *o = mem_new(sizeof(*o));

	o->opts = *opts;
	o->dir = mem_strdup(opts->dir);
	o->used = opts->again ? used_so_far(o->dir) : 0;
	return o;
}

void
output_free(struct output *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < VAULT_SLOTS; i++)
		slot_free(o->slots[i]);
	free(o->dir);
	free(o);
}

long long
output_room(const struct output *o)
{
	long long used =
	    o->used + (o->opts.journal ? journal_size(o->opts.journal) : 0);

	return used < o->opts.disk ? o->opts.disk - used : 0;
}

/* Most runs never need the directory: it is made with its first file. */
int
output_create(struct output *o, const char *path, int how)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = open(path, flags | how, 0600);

	if (fd < 0 && errno == ENOENT && mkdir(o->dir, 0700) == 0)
		fd = open(path, flags | how, 0600);
	return fd;
}

int
output_sync(struct output *o, int fd, const char *path, struct err *e)
{
	int got;

	if (!o->opts.durable)
		return 0;
	do
		got = fsync(fd);
	while (got < 0 && errno == EINTR);
	return got < 0 ? err_sys(e, "sync %s", path) : 0;
}

int
output_sync_dir(struct output *o, struct err *e)
{
	auto_fd int fd = -1;

	if (!o->opts.durable)
		return 0;
	fd = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "open %s", o->dir)
		      : output_sync(o, fd, o->dir, e);
}

/* `what` as a part of a file name. */
static void
add_word(struct str *out, const char *what)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz_"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	for (int i = 0; what[i] && i < 40; i++)
		str_addc(out, strchr(plain, what[i]) ? what[i] : '-');
}

/* A new file for it; its number is the next that is free. */
static int
keep_create(struct output *o, const char *what, struct str *path)
{
	for (;;) {
		int fd;

		str_reset(path);
		str_addf(path, "%s/keep-%lld-", o->dir, ++o->nkept);
		add_word(path, what);
		fd = output_create(o, path->buf, O_EXCL);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
}

static int
vault_keep(void *self, const char *what, struct sv text, struct arena *a,
    struct kept *out, struct err *e)
{
	struct output *o = self;
	auto_str path = STR_INIT;
	auto_fd int fd = keep_create(o, what, &path);

	if (fd < 0)
		return err_sys(e, "create %s", path.buf);
	if ((long long)text.n > output_room(o)) {
		unlink(path.buf);
		return err_set(e, ERR_IO,
		    "%s: the run's files would pass limits.disk "
		    "(%lld bytes)",
		    path.buf, o->opts.disk);
	}
	o->used += (long long)text.n;
	if (file_write_all(fd, text.p, text.n) < 0)
		return err_sys(e, "write %s", path.buf);
	if (output_sync(o, fd, path.buf, e) < 0 || output_sync_dir(o, e) < 0)
		return -1;
	out->file = arena_strdup(a, path.buf);
	out->bytes = (long long)text.n;
	snprintf(out->sum, sizeof(out->sum), "%016llx",
	    (unsigned long long)XXH3_64bits(text.p, text.n));
	return 0;
}

static int
vault_settle(void *self, struct err *e)
{
	struct output *o = self;

	return o->opts.journal ? journal_sync(o->opts.journal, e) : 0;
}

static long long
vault_due_ms(void *self)
{
	struct output *o = self;

	return o->opts.journal ? journal_due_ms(o->opts.journal) : -1;
}

static int
vault_load(void *self, const char *file, long long bytes, const char *sum,
    struct str *out, struct err *e)
{
	const struct output *o = self;
	auto_str path = STR_INIT;

	/* Where it lies is ours to know: a project may have moved. */
	str_addf(&path, "%s/%s", o->opts.dir, path_base(file));
	return output_load(path.buf, bytes, sum, out, e);
}

static int
vault_recall(void *self, long long seq, const char *member, struct str *out,
    struct err *e)
{
	struct output *o = self;

	if (!o->opts.journal)
		return err_set(e, ERR_INTERNAL, "there is no journal");
	return journal_at_text(
	    journal_records(o->opts.journal), seq, member, out, e);
}

static int
vault_events(void *self, long long from, long long to, long long depth,
    long long item, struct str *out, struct err *e)
{
	struct output *o = self;
	const struct journal_span span = { .from = from,
		.to = to,
		.depth = depth,
		.item = item,
		.max = OUTPUT_LIMIT };

	if (!o->opts.journal)
		return err_set(e, ERR_INTERNAL, "there is no journal");
	return journal_at_events(
	    journal_records(o->opts.journal), &span, out, e);
}

struct vault
output_vault(struct output *o)
{
	return (struct vault) { .open = slot_open,
		.put = slot_put,
		.close = slot_close,
		.keep = vault_keep,
		.load = vault_load,
		.recall = vault_recall,
		.events = vault_events,
		.settle = vault_settle,
		.due_ms = vault_due_ms,
		.self = o };
}
