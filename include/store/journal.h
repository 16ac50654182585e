/*
 * The journal v1: the only truth about a run (decisions.md §6).  One JSON
 * object a line, one write a line, O_APPEND; each line ends in
 * `,"sum":"<16 hex>"}`: XXH3-64 of the bytes before `,"sum"`, seeded with the
 * previous sum, the first with the sum of run.json.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "loop/event.h"
#include "store/journal_at.h"

enum { JOURNAL_LINE_MAX = 128 * 1024, JOURNAL_SETTLE_MS = 50 };

struct journal;

/* Descriptors whose contents are not on the disk yet; -1 is none. */
enum { UNSYNCED_MAX = 80 };
struct unsynced {
	int fds[UNSYNCED_MAX];
	size_t n;
};
/* Close them, synced or not. */
void unsynced_release(struct unsynced *);

/* Make a new one, which must not exist. `durable` false: durability: process
 * (no fdatasync).  Keeps 64 KiB of disk in reserve where the file system can,
 * so that a run can tell its end on a full disk.  NULL and *e. */
struct journal *journal_create(
    const char *path, uint64_t seed, bool durable, struct err *);
struct journal_end;
/*
 * The same for one that is there, of which `end` is what journal_read() said:
 * what comes next follows its last whole record.  A torn end is cut.  NULL and
 * *e: ERR_INPUT when it is corrupt, and nothing is changed; ERR_IO.  Nobody
 * else may be writing it.
 */
struct journal *journal_reopen(const char *path, uint64_t seed,
    const struct journal_end *end, bool durable, struct err *);
/*
 * Append one event, whose seq must be the next: one write.  A line over
 * 128 KiB is refused and nothing changes (the caller moves long text to files
 * first).  When a write or sync failed, nothing of the line stays and from
 * then on only the events that close a run (phase, left_behind,
 * loop_complete, run_end) are tried, on a full disk from the reserve; all
 * others fail the same way.  When even cutting back failed, or the file was
 * removed or changed by somebody else, everything does.
 * Messages name the file.
 */
int journal_append(struct journal *, const struct event *, struct err *);
/* Take over what this journal builds on (run.json, sealed files, their
 * directories); `base` is empty afterwards, also when there is no journal.
 * The next sync pushes it to the disk before the journal, which is due at
 * once: so it happens while the first action runs and costs the run no time. */
void journal_stand_on(struct journal *, struct unsynced *base);
/* fdatasync now, if something is unsynced. Once it failed, it stays so. */
int journal_sync(struct journal *, struct err *);
/* Milliseconds until the 50 ms are over; -1 when nothing is unsynced. */
long long journal_due_ms(const struct journal *);
/* To look at the records so far; lives as long as the journal. */
struct journal_at *journal_records(struct journal *);
/* Bytes of the records so far. */
long long journal_size(const struct journal *);
/* Give the reserve back and close; what is unsynced stays so. NULL is fine. */
void journal_free(struct journal *);

/* How a journal reads. */
enum journal_state { JOURNAL_WHOLE, JOURNAL_TORN, JOURNAL_CORRUPT };

struct journal_end {
	enum journal_state state;
	long long bytes; /* of the valid prefix */
	long long records;
	uint64_t sum;  /* of the last valid record */
	char why[200]; /* for torn and corrupt */
};

/*
 * Read the valid prefix and give each event to `hear` (the event lasts until
 * it returns); with `hear` NULL only sums are checked.  A last line without
 * newline is TORN; any other fault is CORRUPT at `bytes`.  A `v` larger than
 * 1 in run_start is refused by name (-1, ERR_INPUT).  -1 also when `hear`
 * says so or the file cannot be read; *end is written only on success.
 */
int journal_read(const char *path, uint64_t seed,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *, struct err *);

/* The same from where an earlier reading ended: *at, which moves on; for who
 * follows a journal that grows.  A torn end is read again. */
int journal_read_on(const char *path,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *at, struct err *e);

/*
 * The first record and the last whole one, without what is between: for
 * lists of many runs.  Of all sums only the last is checked, against the one
 * that the record before states.  What
 * the events hold lives in the arena.  -1 when there is no such pair (no file,
 * no whole record, a wrong sum).
 */
int journal_peek(const char *path, struct arena *, struct event *first,
    struct event *last, struct err *);

#endif
