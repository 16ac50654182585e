/*
 * Writing the journal: one record, one write, one chain of sums.  A record
 * that could not be written whole is cut back, so that the file is a valid
 * prefix at any time.  A reserve beyond the end keeps room for the records
 * that close a run.  Refuses to go on after a failure.
 */
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

enum { RESERVE = 64 * 1024, STRIDE = 64 * 1024 };

/* CLOSING: something failed, what stands is a valid prefix, and the records
 * that close a run may still be tried.  BROKEN: not even that. */
enum health { FINE, CLOSING, BROKEN };

struct journal {
	int fd;
	bool durable, dirty, reserves;
	bool lost; /* a sync failed: a later one would lie */
	enum health health;
	char *path;
	uint64_t sum;
	long long seq, size, reserved, dirty_since;
	struct unsynced base; /* before the next sync of our own */
	struct str line;
	struct journal_at *records; /* where they are */
	struct err why;             /* once it is not FINE */
};

static bool
is_full(int sys)
{
	return sys == ENOSPC || sys == EDQUOT || sys == EFBIG;
}

/* Keep `why` for later calls, and say it now. */
static int
fail(struct journal *j, enum health health, struct err *e)
{
	j->health = health;
	j->why = *e;
	return -1;
}

/* Room for `n` bytes and the reserve behind them. */
static int
reserve(struct journal *j, size_t n, struct err *e)
{
	long long want = j->size + (long long)n + RESERVE;
	int got;

	if (!j->reserves || want <= j->reserved)
		return 0;
	do
		got = fallocate(
		    j->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)(want + STRIDE));
	while (got < 0 && errno == EINTR);
	if (got == 0) {
		j->reserved = want + STRIDE;
		return 0;
	}
	if (is_full(errno))
		return err_sys(e, "write %s", j->path);
	j->reserves = false;
	return 0;
}

static struct journal *
make(const char *path, int fd, uint64_t seed, bool durable)
{
	struct journal *j = mem_new(sizeof(*j));

	*j = (struct journal) { .fd = fd,
		.durable = durable,
		.reserves = true,
		.path = mem_strdup(path),
		.sum = seed,
		.line = STR_INIT,
		.records = journal_at_new(path, seed) };
	return j;
}

struct journal *
journal_create(const char *path, uint64_t seed, bool durable, struct err *e)
{
	struct journal *j;
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
	    0600);

	if (fd < 0) {
		err_sys(e, "create %s", path);
		return NULL;
	}
	j = make(path, fd, seed, durable);
	if (reserve(j, 0, e) == 0)
		return j;
	unlink(path);
	journal_free(j);
	return NULL;
}

/* Is it as long as the reading said; is a torn end off it? */
static int
cut_torn(int fd, const char *path, const struct journal_end *end, struct err *e)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, "open %s", path);
	if (end->state == JOURNAL_TORN && ftruncate(fd, (off_t)end->bytes) < 0)
		return err_sys(e, "cut %s", path);
	if (end->state == JOURNAL_WHOLE && st.st_size != end->bytes)
		return err_set(e, ERR_IO, "%s: changed by somebody else", path);
	return 0;
}

struct journal *
journal_reopen(const char *path, uint64_t seed, const struct journal_end *end,
    bool durable, struct err *e)
{
	auto_fd int fd = -1;
	struct journal *j;

	if (end->state == JOURNAL_CORRUPT) {
		err_set(e, ERR_INPUT, "%s: corrupt at byte %lld: %s", path,
		    end->bytes, end->why);
		return NULL;
	}
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (cut_torn(fd, path, end, e) < 0)
		return NULL;
	j = make(path, take_fd(&fd), seed, durable);
	j->sum = end->sum;
	j->seq = end->records;
	j->size = end->bytes;
	/* What its writer kept in reserve is still there, on a full disk too,
	 * and goes back at the end. */
	if (reserve(j, 0, &j->why) < 0)
		j->health = CLOSING;
	j->reserved = j->reserved ? j->reserved : j->size + 1;
	return j;
}

/* What the reserve is for. */
static bool
closes(enum event_kind kind)
{
	return kind == EV_PHASE || kind == EV_LEFT_BEHIND ||
	    kind == EV_LOOP_COMPLETE || kind == EV_RUN_END ||
	    kind == EV_JOURNAL_REPAIRED;
}

static int
compose(struct journal *j, const struct event *ev, uint64_t *sum, struct err *e)
{
	char tail[40];
	int n;

	if (ev->seq != j->seq + 1)
		return err_set(e, ERR_INTERNAL,
		    "%s: record %lld after record %lld", j->path, ev->seq,
		    j->seq);
	str_reset(&j->line);
	event_write(&j->line, ev);
	*sum = XXH3_64bits_withSeed(j->line.buf, j->line.len, j->sum);
	n = snprintf(tail, sizeof(tail), ",\"sum\":\"%016llx\"}\n",
	    (unsigned long long)*sum);
	str_add(&j->line, tail, (size_t)n);
	if (j->line.len > JOURNAL_LINE_MAX)
		return err_set(e, ERR_INTERNAL,
		    "%s: a record of %zu bytes (at most %d)", j->path,
		    j->line.len, JOURNAL_LINE_MAX);
	return 0;
}

/* Who writes into a file that is gone, or that somebody cut, records
 * nothing. */
static int
still_ours(struct journal *j, struct err *e)
{
	struct stat st;

	if (fstat(j->fd, &st) < 0)
		err_sys(e, "%s", j->path);
	else if (st.st_nlink == 0)
		err_set(e, ERR_IO, "%s: removed while the run was writing it",
		    j->path);
	else if (st.st_size != j->size)
		err_set(e, ERR_IO, "%s: changed by somebody else", j->path);
	else
		return 0;
	return fail(j, BROKEN, e);
}

/* All of the line or, as far as the file system lets us, nothing of it. */
static int
put(struct journal *j, struct err *e)
{
	const char *p = j->line.buf;
	size_t left = j->line.len;

	while (left) {
		ssize_t n = write(j->fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		p += n;
		left -= (size_t)n;
	}
	if (left == 0)
		return 0;
	err_sys(e, "write %s", j->path);
	if (left < j->line.len && ftruncate(j->fd, (off_t)j->size) < 0)
		return fail(j, BROKEN, e);
	return fail(j, CLOSING, e);
}

int
journal_append(struct journal *j, const struct event *ev, struct err *e)
{
	uint64_t sum = 0;
	bool closing = closes(ev->kind);
	struct err full = ERR_INIT;

	if (j->health == BROKEN || (j->health == CLOSING && !closing)) {
		*e = j->why;
		return -1;
	}
	if (compose(j, ev, &sum, e) < 0 || still_ours(j, e) < 0)
		return -1;
	if (j->health == FINE && reserve(j, j->line.len, &full) < 0) {
		fail(j, CLOSING, &full);
		if (!closing) {
			*e = full;
			return -1;
		}
	}
	if (put(j, e) < 0)
		return -1;
	j->sum = sum;
	j->seq++;
	journal_at_note(j->records, j->seq, j->size);
	j->size += (long long)j->line.len;
	if (!j->dirty)
		j->dirty_since = clock_ms();
	j->dirty = true;
	return 0;
}

void
unsynced_release(struct unsynced *u)
{
	while (u->n > 0)
		if (u->fds[--u->n] >= 0)
			close(u->fds[u->n]);
}

void
journal_stand_on(struct journal *j, struct unsynced *base)
{
	if (!j) {
		unsynced_release(base);
		return;
	}
	unsynced_release(&j->base);
	j->base = *base;
	base->n = 0;
}

static int
sync_base(struct journal *j)
{
	int got = 0;

	if (!j->base.n)
		return 0;
	/* Blocks for all files are found before the first fsync, which then
	 * commits everything; directories refuse, which is no matter. */
	for (size_t i = 0; i < j->base.n; i++)
		(void)!sync_file_range(
		    j->base.fds[i], 0, 0, SYNC_FILE_RANGE_WRITE);
	(void)!sync_file_range(j->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	for (size_t i = 0; i < j->base.n && got == 0; i++)
		do
			got = fsync(j->base.fds[i]);
		while (got < 0 && errno == EINTR);
	if (got == 0)
		unsynced_release(&j->base);
	return got;
}

int
journal_sync(struct journal *j, struct err *e)
{
	int got;

	if (j->health == BROKEN || j->lost) {
		*e = j->why;
		return -1;
	}
	if (!j->dirty || !j->durable)
		return 0;
	got = sync_base(j);
	if (got == 0)
		do
			got = fdatasync(j->fd);
		while (got < 0 && errno == EINTR);
	if (got < 0) {
		err_sys(e, "sync %s", j->path);
		j->lost = true;
		return fail(j, CLOSING, e);
	}
	j->dirty = false;
	return 0;
}

long long
journal_due_ms(const struct journal *j)
{
	long long left;

	if (!j->dirty || !j->durable || j->lost || j->health == BROKEN)
		return -1;
	if (j->base.n)
		return 0;
	left = j->dirty_since + JOURNAL_SETTLE_MS - clock_ms();
	return left > 0 ? left : 0;
}

long long
journal_size(const struct journal *j)
{
	return j->size;
}

struct journal_at *
journal_records(struct journal *j)
{
	return j->records;
}

void
journal_free(struct journal *j)
{
	if (!j)
		return;
	/* A torn tail that could not be cut stays for the one who repairs. */
	if (j->reserved && j->health != BROKEN)
		(void)!ftruncate(j->fd, (off_t)j->size);
	close(j->fd);
	unsynced_release(&j->base);
	journal_at_free(j->records);
	free(j->path);
	str_release(&j->line);
	free(j);
}
