/*
 * A line of a journal and the sum it ends in, for those who read it.  Lines
 * are without their newline.
 */
#ifndef STORE_JOURNAL_LINE_H
#define STORE_JOURNAL_LINE_H

#include "base/str.h"
#include "store/journal.h"

/* Bytes of `,"sum":"0123456789abcdef"}`. */
enum { JOURNAL_SUM_TAIL = 26 };

/* The sum that a line states. */
bool journal_line_states(const char *line, size_t len, uint64_t *sum);
/* Does it state the right sum, after a line with the sum `before`? */
bool journal_line_holds(
    const char *line, size_t len, uint64_t before, uint64_t *sum);
/* A journal, to be read; -1 and *e when it is no regular file. */
int journal_line_open(const char *path, struct err *);
/* A piece of the file: what there is of `n` bytes from `off` on. */
int journal_line_piece(int fd, const char *path, long long off, size_t n,
    struct str *out, struct err *);

#endif
