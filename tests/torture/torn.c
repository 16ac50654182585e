/*
 * Cuts the journal of a run at every length and turns every bit of it, and
 * asks all readers each time: they must give the valid prefix and say where
 * it ends.  Who opens it to go on must cut what is torn and refuse, and leave
 * alone, what is corrupt.
 *
 * Usage: torn ROOT RUN PART PARTS.  Of all damages it does those of one part;
 * the run's own journal is damaged, so each part needs a copy of the project.
 * Says what is wrong, a line for each; ends with 1 when something is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/file.h"
#include "store/fsck.h"
#include "store/runs.h"

enum { JOURNAL_MAX = 1 << 24, CUT = 8, WAYS };

struct torn {
	const char *root, *run;
	struct arena mem;
	struct place_run place;
	struct str text; /* the journal as it was written */
	uint64_t seed;
	int fd;
	long long tried, faults;
	/* The damage: the byte, and its bit or CUT. */
	size_t at;
	int way;
	/* What must be said of it. */
	long long records, bytes;
	enum journal_state state;
};

static void
fault(struct torn *t, const char *who, const char *what)
{
	printf("%s at %zu: %s: %s\n", t->way == CUT ? "cut" : "turned", t->at,
	    who, what);
	t->faults++;
}

/* Are those bytes all there is of it? */
static bool
holds(struct torn *t, size_t n)
{
	auto_str now = STR_INIT;
	struct err e = ERR_INIT;

	return file_read(t->place.journal, JOURNAL_MAX, &now, &e) == 0 &&
	    now.len == n && memcmp(now.buf, t->text.buf, n) == 0;
}

static int
put(struct torn *t, char c)
{
	return pwrite(t->fd, &c, 1, (off_t)t->at) == 1 ? 0 : -1;
}

static int
damage(struct torn *t)
{
	if (t->way == CUT)
		return ftruncate(t->fd, (off_t)t->at);
	return put(t, (char)(t->text.buf[t->at] ^ 1 << t->way));
}

/* As it was written, whatever became of it. */
static int
restore(struct torn *t)
{
	return pwrite(t->fd, t->text.buf, t->text.len, 0) ==
		    (ssize_t)t->text.len &&
		ftruncate(t->fd, (off_t)t->text.len) == 0
	    ? 0
	    : -1;
}

/* ---- who reads ---- */

static void
check_end(struct torn *t, const char *who, const struct journal_end *end)
{
	if (end->state != t->state)
		fault(t, who, "another state");
	if (end->records != t->records || end->bytes != t->bytes)
		fault(t, who, "the prefix ends elsewhere");
	if (end->state == JOURNAL_WHOLE ? end->why[0] != '\0' : !end->why[0])
		fault(t, who, "the reason");
}

static int
count(void *self, const struct event *ev, struct err *e)
{
	long long *seq = self;

	(void)e;
	*seq += ev->seq == *seq + 1 ? 1 : 1 << 20;
	return 0;
}

static void
ask_status(struct torn *t, struct arena *a)
{
	struct run_info info;
	struct err e = ERR_INIT;

	if (runs_open(a, t->root, t->run, false, &info, &e) < 0 ||
	    info.unreadable) {
		fault(t, "status", "it cannot be read");
		return;
	}
	check_end(t, "status", &info.end);
	if (info.point.seq != t->records)
		fault(t, "status", "folded another number of records");
	run_info_release(&info);
}

static void
ask_history(struct torn *t, struct arena *a)
{
	struct journal_end end;
	struct err e = ERR_INIT;
	long long seq = 0;

	if (runs_events(a, t->root, t->run, count, &seq, &end, &e) < 0) {
		fault(t, "history", e.msg);
		return;
	}
	check_end(t, "history", &end);
	if (seq != t->records)
		fault(t, "history", "heard another number of records");
}

/* It looks at both ends only: at what is between, nobody asks it. */
static void
ask_list(struct torn *t, struct arena *a)
{
	struct run_brief b;

	runs_brief(a, t->root, t->run, &b);
	if (!b.why != (t->records > 0) && t->state != JOURNAL_CORRUPT)
		fault(t, "list", b.why ? b.why : "there is no record");
}

static void
ask_records(struct torn *t)
{
	struct journal_at *j = journal_at_new(t->place.journal, t->seed);
	struct err e = ERR_INIT;
	struct journal_span span = { 1, t->records, 0, -1, JOURNAL_MAX };
	auto_str out = STR_INIT;

	if (t->records && journal_at_events(j, &span, &out, &e) < 0)
		fault(t, "records", e.msg);
	span.to++;
	if (journal_at_events(j, &span, &out, &e) == 0)
		fault(t, "records", "there is one too many");
	journal_at_free(j);
}

/* ---- who goes on ---- */

static void
check_refused(struct torn *t, struct journal *j, const struct err *e)
{
	enum err_kind want =
	    t->state == JOURNAL_CORRUPT ? ERR_INPUT : ERR_ABSENT;

	if (j)
		fault(t, "resume", "it goes on");
	else if (e->kind != want)
		fault(t, "resume", e->msg);
	if (t->way == CUT
		? !holds(t, t->at)
		: put(t, t->text.buf[t->at]) < 0 || !holds(t, t->text.len))
		fault(t, "resume", "it changed the file");
}

static void
check_taken(struct torn *t, struct journal *j, const struct point *p,
    const struct err *e)
{
	bool torn = t->state == JOURNAL_TORN;

	if (!j) {
		fault(t, "resume", e->msg);
		return;
	}
	if (p->seq != t->records + torn)
		fault(t, "resume", "it goes on elsewhere");
	if (torn ? journal_size(j) <= t->bytes : journal_size(j) != t->bytes)
		fault(t, "resume", "what is torn was not cut");
}

static void
go_on(struct torn *t)
{
	struct point p = POINT_INIT;
	struct err e = ERR_INIT;
	struct journal *j = runs_reopen(&t->place, false, &p, &e);

	if (t->state == JOURNAL_CORRUPT || t->records == 0)
		check_refused(t, j, &e);
	else
		check_taken(t, j, &p, &e);
	journal_free(j);
	point_release(&p);
}

/* ---- all of it ---- */

/* The record that byte `at` is of begins at t->bytes and is number
 * t->records + 1. */
static void
expect(struct torn *t)
{
	bool last = t->at == t->text.len - 1;

	if (t->way != CUT) /* without an end it may have been in the writing */
		t->state = last ? JOURNAL_TORN : JOURNAL_CORRUPT;
	else
		t->state =
		    (long long)t->at == t->bytes ? JOURNAL_WHOLE : JOURNAL_TORN;
}

static int
try(struct torn *t)
{
	auto_arena mem = ARENA_INIT;

	t->tried++;
	expect(t);
	if (damage(t) < 0)
		return -1;
	ask_status(t, &mem);
	ask_history(t, &mem);
	ask_list(t, &mem);
	ask_records(t);
	go_on(t);
	return restore(t);
}

static int
try_all(struct torn *t, size_t part, size_t parts)
{
	for (t->at = 0; t->at < t->text.len; t->at++) {
		for (t->way = 0; t->at % parts == part && t->way < WAYS;
		     t->way++)
			if (try(t) < 0)
				return -1;
		if (t->text.buf[t->at] != '\n')
			continue;
		t->records++;
		t->bytes = (long long)t->at + 1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct torn t = { .mem = ARENA_INIT, .text = STR_INIT };
	struct err e = ERR_INIT;
	auto_str json = STR_INIT;
	int rc;

	if (argc != 5)
		return 64;
	t.root = argv[1];
	t.run = argv[2];
	place_of(&t.mem, t.root, t.run, &t.place);
	t.fd = open(t.place.journal, O_RDWR | O_CLOEXEC);
	if (t.fd < 0 ||
	    file_read(t.place.run_json, JOURNAL_MAX, &json, &e) < 0 ||
	    file_read(t.place.journal, JOURNAL_MAX, &t.text, &e) < 0)
		return 66;
	t.seed = XXH3_64bits(json.buf, json.len);
	rc =
	    try_all(&t, strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
	if (rc < 0)
		perror(t.place.journal);
	printf("%lld damages of %lld records, %zu bytes; %lld faults\n",
	    t.tried, t.records, t.text.len, t.faults);
	close(t.fd);
	str_release(&t.text);
	arena_release(&t.mem);
	return rc < 0 || t.faults;
}
