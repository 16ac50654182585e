/*
 * The vault: what actions print, in memory while its JSON form fits into a
 * record, in a file of the run from the first byte once it does not.  Counts
 * and drops what is over the limit or what the run's files have no room for,
 * and says so; refuses to go on when a file cannot be written.
 */
#include "store/output.h"

#include <assert.h>
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
#include "base/utf8.h"
#include "text/json.h"

struct flow {
	struct str text; /* all that is kept, while fd is -1 */
	size_t counted;  /* bytes of it that `json` is the length of */
	size_t json;
	bool inexact; /* base64 it will be */
	int fd;
	char *path; /* of the file; NULL: none */
	long long bytes, kept;
	XXH3_state_t *sum; /* of what is in the file */
};

struct output {
	struct output_opts opts;
	char *dir;
	long long seq, used, nkept;
	struct vault_rules rules;
	bool open;
	bool full; /* limits.disk was reached */
	struct flow flow[2];
};

struct output *
output_new(const struct output_opts *opts)
{
	struct output *o = mem_new(sizeof(*o));

	o->opts = *opts;
	o->dir = mem_strdup(opts->dir);
	for (int i = 0; i < 2; i++)
		o->flow[i] = (struct flow) { .text = STR_INIT, .fd = -1 };
	return o;
}

static void
flow_close(struct flow *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

static void
flow_reset(struct flow *f)
{
	flow_close(f);
	free(f->path);
	f->path = NULL;
	str_reset(&f->text);
	f->counted = f->json = 0;
	f->inexact = false;
	f->bytes = f->kept = 0;
}

void
output_free(struct output *o)
{
	if (!o)
		return;
	for (int i = 0; i < 2; i++) {
		flow_reset(&o->flow[i]);
		str_release(&o->flow[i].text);
		XXH3_freeState(o->flow[i].sum);
	}
	free(o->dir);
	free(o);
}

/* The bytes before a last UTF-8 sequence that may still be going on. */
static size_t
whole_part(const char *p, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		unsigned char c = (unsigned char)p[n - back];
		size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

		if ((c & 0xc0) != 0x80)
			return want > back ? n - back : n;
	}
	return n;
}

/* Does the JSON form of what is in memory still fit? */
static bool
fits(struct flow *f, bool last)
{
	const char *p = f->text.buf + f->counted;
	size_t n = f->text.len - f->counted;

	if (f->text.len > OUTPUT_INLINE_MAX)
		return false;
	if (!last)
		n = whole_part(p, n);
	if (!f->inexact && n) {
		f->inexact = !json_is_exact(p, n);
		f->json += json_quoted_len(p, n) - 2;
		f->counted += n;
	}
	if (f->inexact)
		return (f->text.len + 2) / 3 * 4 + 2 <= OUTPUT_INLINE_MAX;
	return f->json + 2 <= OUTPUT_INLINE_MAX;
}

/* What limits.disk has left; the journal counts too. */
static long long
disk_room(const struct output *o)
{
	long long used =
	    o->used + (o->opts.journal ? journal_size(o->opts.journal) : 0);

	return used < o->opts.disk ? o->opts.disk - used : 0;
}

static int
flow_write(
    struct output *o, struct flow *f, const char *p, size_t n, struct err *e)
{
	long long room = disk_room(o);

	if ((long long)n > room) {
		o->full = true;
		n = (size_t)room;
	}
	if (file_write_all(f->fd, p, n) < 0)
		return err_sys(e, "write %s", f->path);
	XXH3_64bits_update(f->sum, p, n);
	o->used += (long long)n;
	f->kept += (long long)n;
	return 0;
}

/* Most runs never need the directory: it is made with its first file. */
static int
create(struct output *o, const char *path, int how)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = open(path, flags | how, 0600);

	if (fd < 0 && errno == ENOENT && mkdir(o->dir, 0700) == 0)
		fd = open(path, flags | how, 0600);
	return fd;
}

/* From memory to a file.  A file of that number that no record names is what
 * a crash left: it is replaced. */
static int
spill(struct output *o, int i, struct err *e)
{
	struct flow *f = &o->flow[i];
	auto_str path = STR_INIT;

	str_addf(&path, "%s/%lld.%s", o->dir, o->seq, i ? "err" : "out");
	f->fd = create(o, path.buf, O_TRUNC);
	if (f->fd < 0)
		return err_sys(e, "create %s", path.buf);
	f->path = str_detach(&path);
	if (!f->sum)
		f->sum = XXH3_createState();
	if (!f->sum)
		abort();
	XXH3_64bits_reset(f->sum);
	f->kept = 0;
	if (flow_write(o, f, f->text.buf, f->text.len, e) < 0)
		return -1;
	str_release(&f->text);
	return 0;
}

static int
vault_open(
    void *self, long long seq, const struct vault_rules *rules, struct err *e)
{
	struct output *o = self;

	(void)e;
	for (int i = 0; i < 2; i++)
		flow_reset(&o->flow[i]);
	o->seq = seq;
	o->rules = *rules;
	if (o->rules.limit <= 0)
		o->rules.limit = o->opts.limit;
	o->open = true;
	o->full |= disk_room(o) == 0;
	return 0;
}

static int
keep(struct output *o, int i, const char *p, size_t n, struct err *e)
{
	struct flow *f = &o->flow[i];

	if (!f->path && f->text.len + n <= OUTPUT_INLINE_MAX) {
		str_add(&f->text, p, n);
		f->kept += (long long)n;
		return fits(f, false) ? 0 : spill(o, i, e);
	}
	if (!f->path && spill(o, i, e) < 0)
		return -1;
	return flow_write(o, f, p, n, e);
}

static int
vault_put(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct output *o = self;
	struct flow *f = &o->flow[stream - 1];
	long long room = o->rules.limit - f->kept;
	bool over = (long long)n > room;

	assert(o->open && (stream == 1 || stream == 2));
	f->bytes += (long long)n;
	if (over)
		n = room > 0 ? (size_t)room : 0;
	if (n && !o->full && keep(o, stream - 1, p, n, e) < 0)
		return -1;
	if (o->full)
		return VAULT_FULL;
	return over && o->rules.fails ? VAULT_OVER : 0;
}

static int
sync_file(struct output *o, int fd, const char *path, struct err *e)
{
	int got;

	if (!o->opts.durable)
		return 0;
	do
		got = fsync(fd);
	while (got < 0 && errno == EINTR);
	return got < 0 ? err_sys(e, "sync %s", path) : 0;
}

static int
sync_dir(struct output *o, struct err *e)
{
	auto_fd int fd = -1;

	if (!o->opts.durable)
		return 0;
	fd = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_sys(e, "open %s", o->dir)
		      : sync_file(o, fd, o->dir, e);
}

static void
flow_tell(struct flow *f, struct stream *out)
{
	XXH64_hash_t sum = f->path ? XXH3_64bits_digest(f->sum)
				   : XXH3_64bits(f->text.buf, f->text.len);

	*out = (struct stream) { .text = f->path ? NULL : f->text.buf,
		.len = f->path ? (size_t)f->kept : f->text.len,
		.file = f->path,
		.bytes = f->bytes,
		.truncated = f->bytes > f->kept };
	snprintf(
	    out->sum, sizeof(out->sum), "%016llx", (unsigned long long)sum);
}

static int
vault_close(void *self, struct stream out[2], struct err *e)
{
	struct output *o = self;
	bool files = false;

	for (int i = 0; i < 2; i++) {
		struct flow *f = &o->flow[i];

		if (!f->path && !fits(f, true) && spill(o, i, e) < 0)
			return -1;
		if (f->fd >= 0 && sync_file(o, f->fd, f->path, e) < 0)
			return -1;
		files |= f->fd >= 0;
		flow_close(f);
	}
	if (files && sync_dir(o, e) < 0)
		return -1;
	o->open = false;
	for (int i = 0; i < 2; i++)
		flow_tell(&o->flow[i], &out[i]);
	return o->full ? VAULT_FULL : 0;
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
		fd = create(o, path->buf, O_EXCL);
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
	if ((long long)text.n > disk_room(o)) {
		unlink(path.buf);
		return err_set(e, ERR_IO,
		    "%s: the run's files would pass limits.disk "
		    "(%lld bytes)",
		    path.buf, o->opts.disk);
	}
	o->used += (long long)text.n;
	if (file_write_all(fd, text.p, text.n) < 0)
		return err_sys(e, "write %s", path.buf);
	if (sync_file(o, fd, path.buf, e) < 0 || sync_dir(o, e) < 0)
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
	(void)self;
	return output_load(file, bytes, sum, out, e);
}

struct vault
output_vault(struct output *o)
{
	return (struct vault) { .open = vault_open,
		.put = vault_put,
		.close = vault_close,
		.keep = vault_keep,
		.load = vault_load,
		.settle = vault_settle,
		.due_ms = vault_due_ms,
		.self = o };
}
