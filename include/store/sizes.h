/*
 * What the runs of a project take on the disk, as far as it was noted: one
 * line a run in `runs/.sizes`, appended when it ends.  So that the question
 * whether runs pile up costs one small file, not a walk.
 */
#ifndef STORE_SIZES_H
#define STORE_SIZES_H

#include "base/arena.h"
#include "base/err.h"
#include "store/place.h"

struct sizes_row {
	const char *run;
	long long bytes;
};

/* A run ended: look at its directory (its first 2,000 entries) and note what
 * it takes.  What fails is not told: nobody depends on it. */
void sizes_note(const struct place_run *);
/* The sum of what is noted of runs that are still there; of a file over 1 MiB
 * its end is read.  At most `enough` is worth knowing: when the lines alone
 * say less, no directory is asked for. */
long long sizes_total(struct arena *, const char *root, long long enough);
/* Replace all notes. */
int sizes_put(struct arena *, const char *root, const struct sizes_row *,
    size_t n, struct err *);

#endif
