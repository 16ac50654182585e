/*
 * Reading a journal back: the longest prefix in which every line has the sum
 * that follows from the line before it.  The file may be anything (cut,
 * flipped, a gigabyte of noise, a FIFO): it is read in pieces through one
 * bounded buffer, and the first fault ends the reading, not the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/sv.h"
#include "store/journal_line.h"
#include "text/json.h"

enum { BUF = 2 * JOURNAL_LINE_MAX, PEEK = 4096 };

struct reader {
	int (*hear)(void *self, const struct event *, struct err *);
	void *self;
	const char *path;
	struct arena mem;
	struct journal_end end;
};

__attribute__((format(printf, 3, 4))) static void
stop(struct reader *r, enum journal_state state, const char *fmt, ...)
{
	va_list ap;

	r->end.state = state;
	va_start(ap, fmt);
	vsnprintf(r->end.why, sizeof(r->end.why), fmt, ap);
	va_end(ap);
}

/* As this program writes the first record: for who only checks sums, it need
 * not be parsed.  Whatever looks different is. */
static bool
starts_plainly(struct sv line)
{
	static const char head[] = "{\"seq\":1,\"ts\":\"";
	struct sv ts;

	if (!sv_starts(line, head))
		return false;
	line = sv_make(line.p + sizeof(head) - 1, line.n - sizeof(head) + 1);
	return sv_cut(&line, '"', &ts) &&
	    sv_starts(line, ",\"event\":\"run_start\",\"v\":1,");
}

/* The first record says what may follow. -1 and *e for a newer version. */
static int
check_start(struct reader *r, const struct event *ev, struct err *e)
{
	long long v = val_num(ev->fields, "v", 0);

	if (ev->kind == EV_RUN_START && v > 1)
		return err_set(e, ERR_INPUT,
		    "%s: journal version %lld, this program knows 1", r->path,
		    v);
	if (ev->kind != EV_RUN_START || v != 1)
		stop(r, JOURNAL_CORRUPT, "the first record is no run_start");
	return 0;
}

/* One whole line: heard, or the end of reading. -1 and *e as journal_read. */
static int
take_line(struct reader *r, const char *line, size_t len, struct err *e)
{
	uint64_t sum;
	struct err bad = ERR_INIT;
	struct event ev;
	const struct val *record;

	if (!journal_line_holds(line, len, r->end.sum, &sum)) {
		stop(r, JOURNAL_CORRUPT, "record %lld has a wrong sum",
		    r->end.records + 1);
		return 0;
	}
	if (r->hear ||
	    (r->end.records == 0 && !starts_plainly(sv_make(line, len)))) {
		arena_reset(&r->mem);
		/* As the live event was built: origins are written down where
		 * they matter, and what an action made is data when asked. */
		record = json_read(&r->mem, line, len, ORIGIN_FILE, &bad);
		if (!record || !event_read(&r->mem, record, &ev) ||
		    ev.seq != r->end.records + 1) {
			stop(r, JOURNAL_CORRUPT, "record %lld is no event%s%s",
			    r->end.records + 1, record ? "" : ": ", bad.msg);
			return 0;
		}
		if (r->end.records == 0 && check_start(r, &ev, e) < 0)
			return -1;
		if (r->end.state != JOURNAL_WHOLE)
			return 0;
		if (r->hear && r->hear(r->self, &ev, e) < 0)
			return -1;
	}
	r->end.records++;
	r->end.bytes += (long long)len + 1;
	r->end.sum = sum;
	return 0;
}

/* All whole lines of the buffer; *used is how far they reach. */
static int
take_lines(
    struct reader *r, const char *p, size_t n, size_t *used, struct err *e)
{
	const char *at = p, *nl;

	while (r->end.state == JOURNAL_WHOLE &&
	    (nl = memchr(at, '\n', n - (size_t)(at - p)))) {
		if (take_line(r, at, (size_t)(nl - at), e) < 0)
			return -1;
		at = nl + 1;
	}
	*used = (size_t)(at - p);
	return 0;
}

static int
read_lines(struct reader *r, int fd, char *buf, struct err *e)
{
	size_t have = 0, used;

	for (;;) {
		ssize_t n = read(fd, buf + have, BUF - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, "read %s", r->path);
		if (n == 0)
			break;
		have += (size_t)n;
		if (take_lines(r, buf, have, &used, e) < 0)
			return -1;
		if (r->end.state != JOURNAL_WHOLE)
			return 0;
		memmove(buf, buf + used, have - used);
		have -= used;
		if (have > JOURNAL_LINE_MAX) {
			stop(r, JOURNAL_CORRUPT, "record %lld has no end",
			    r->end.records + 1);
			return 0;
		}
	}
	if (have)
		stop(r, JOURNAL_TORN, "the last record was not finished");
	return 0;
}

int
journal_read_on(const char *path,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *at, struct err *e)
{
	struct reader r = { hear, self, path, ARENA_INIT, *at };
	auto_fd int fd = journal_line_open(path, e);
	auto_free char *buf = NULL;
	int got;

	if (fd < 0)
		return -1;
	if (lseek(fd, (off_t)at->bytes, SEEK_SET) < 0)
		return err_sys(e, "%s", path);
	r.end.state = JOURNAL_WHOLE;
	r.end.why[0] = '\0';
	buf = mem_grow(NULL, BUF);
	got = read_lines(&r, fd, buf, e);
	arena_release(&r.mem);
	if (got == 0)
		*at = r.end;
	return got;
}

int
journal_read(const char *path, uint64_t seed,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *out, struct err *e)
{
	struct journal_end end = { .sum = seed };

	if (journal_read_on(path, hear, self, &end, e) < 0)
		return -1;
	*out = end;
	return 0;
}

/* What of `text` (whole lines first, when `whole`) the last line is, and the
 * one before it; `before` is empty when it does not start inside. */
static bool
last_lines(struct sv text, bool whole, struct sv *before, struct sv *last)
{
	const char *end = memrchr(text.p, '\n', text.n), *mid, *start;

	if (!end)
		return false;
	mid = memrchr(text.p, '\n', (size_t)(end - text.p));
	if (!mid && !whole)
		return false;
	*last = sv_make(mid ? mid + 1 : text.p, 0);
	last->n = (size_t)(end - last->p);
	*before = sv_make(text.p, 0);
	if (!mid)
		return true;
	start = memrchr(text.p, '\n', (size_t)(mid - text.p));
	if (!start && !whole)
		return false;
	before->p = start ? start + 1 : text.p;
	before->n = (size_t)(mid - before->p);
	return true;
}

static int
read_event(struct arena *a, const char *path, struct sv line, struct event *out,
    struct err *e)
{
	const struct val *v = json_read(a, line.p, line.n, ORIGIN_DATA, e);

	if (!v)
		return err_wrap(e, "%s", path);
	if (!event_read(a, v, out))
		return err_set(e, ERR_INPUT, "%s: not a journal", path);
	return 0;
}

static int
peek_last(struct arena *a, const char *path, struct sv before, struct sv last,
    struct event *out, struct err *e)
{
	uint64_t sum;

	if (before.n &&
	    (!journal_line_states(before.p, before.n, &sum) ||
		!journal_line_holds(last.p, last.n, sum, &sum)))
		return err_set(
		    e, ERR_INPUT, "%s: the last record has a wrong sum", path);
	return read_event(a, path, last, out, e);
}

int
journal_peek(const char *path, struct arena *a, struct event *first,
    struct event *last, struct err *e)
{
	auto_fd int fd = journal_line_open(path, e);
	auto_str text = STR_INIT;
	struct sv before, line, rest;
	struct event one, two;
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END), from;
	size_t n = PEEK, head = size < PEEK ? (size_t)size : PEEK;
	bool ok;

	if (size < 0)
		return err_sys(e, "%s", path);
	if (fd < 0 || journal_line_piece(fd, path, 0, head, &text, e) < 0)
		return -1;
	if (!memchr(text.buf, '\n', text.len) &&
	    journal_line_piece(fd, path, 0, BUF, &text, e) < 0)
		return -1;
	rest = str_sv(&text);
	if (!memchr(text.buf, '\n', text.len) || !sv_cut(&rest, '\n', &line))
		return err_set(e, ERR_INPUT, "%s: no whole record", path);
	if (read_event(a, path, line, &one, e) < 0)
		return -1;
	for (;;) {
		from = size > (off_t)n ? size - (off_t)n : 0;
		if ((from || text.len < (size_t)size) &&
		    journal_line_piece(fd, path, from, n, &text, e) < 0)
			return -1;
		ok = last_lines(str_sv(&text), from == 0, &before, &line);
		if (ok || from == 0 || n >= 2 * BUF)
			break;
		n = 2 * BUF;
	}
	if (!ok)
		return err_set(e, ERR_INPUT, "%s: no whole record", path);
	if (peek_last(a, path, before, line, &two, e) < 0)
		return -1;
	*first = one;
	*last = two;
	return 0;
}
