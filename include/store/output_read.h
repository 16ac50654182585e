/*
 * A stored output read in pieces, as far as it has grown, with its sum: for
 * those who show it.  No file is held in memory.
 */
#ifndef STORE_OUTPUT_READ_H
#define STORE_OUTPUT_READ_H

#include <stdbool.h>

#include "base/err.h"
#include "store/place.h"

struct output_read;

/* Of a file in the run's own output directory, whatever directory `file`
 * names: a project may have moved.  NULL and *e: ERR_ABSENT when it is not
 * there (yet), ERR_INPUT when it is no regular file, ERR_IO. */
struct output_read *output_read_new(
    const struct place_run *, const char *file, struct err *);
/* Give what came since the last call, to byte `max` of the file at most
 * (-1: all), to `give` (NULL: only count and sum it). */
int output_read_more(struct output_read *, long long max,
    void (*give)(void *self, const char *p, size_t n), void *self,
    struct err *);
/* Is what was read so far these bytes with this sum?  -1: ERR_INPUT. */
int output_read_check(
    const struct output_read *, long long bytes, const char *sum, struct err *);
/* From the first byte again. */
void output_read_rewind(struct output_read *);
void output_read_free(struct output_read *); /* NULL is fine */

#endif
