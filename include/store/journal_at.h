/*
 * Records of a journal by their number, also while it is being written.  Of
 * some records it knows where they are, so that a look back reads 256 records
 * or 1 MiB at most; in a very long journal more.  A record is given only when
 * its sum follows from the one before.
 */
#ifndef STORE_JOURNAL_AT_H
#define STORE_JOURNAL_AT_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct journal_at;

/* Of the journal at `path` whose sums begin with `seed`.  Nothing is opened
 * before the first look; what is not known by then is found by reading. */
struct journal_at *journal_at_new(const char *path, uint64_t seed);
/* The record `seq` begins at that offset: who writes it knows. */
void journal_at_note(struct journal_at *, long long seq, long long offset);

/* Append the text of a member of the record `seq`.  -1 and *e: ERR_IO when
 * there is no such text or the journal is broken there. */
int journal_at_text(struct journal_at *, long long seq, const char *member,
    struct str *out, struct err *);

struct journal_span {
	long long from, to; /* seq of the first and the last record */
	long long depth;    /* at least */
	long long item;     /* -1: those of none */
	long long max;      /* bytes */
};

/* Append those records as event_write() makes them, with `}` and a newline,
 * so many levels higher.  -1 and *e, and nothing appended: ERR_IO when the
 * journal is broken there, ERR_INPUT when it is more than `max`. */
int journal_at_events(struct journal_at *, const struct journal_span *,
    struct str *out, struct err *);

void journal_at_free(struct journal_at *); /* NULL is fine */

#endif
