/* A run looked at as a whole: its journal, and every file that it names. */
#ifndef STORE_FSCK_H
#define STORE_FSCK_H

#include "store/journal.h"
#include "store/place.h"
#include "text/val.h"

struct fsck {
	struct place_run place;
	bool blank;      /* there is no journal: nothing was ever recorded */
	const char *why; /* it cannot be read at all; NULL: `end` is how it
	                  * reads */
	struct journal_end end;
	long long size; /* bytes of the journal */
	/* A list of texts: what is wrong with run.json, sealed files and
	 * outputs. */
	const struct val *faults;
};

/* Look at a run; nothing is written.  -1: ERR_ABSENT when there is none. */
int fsck_look(struct arena *, const char *root, const char *run, struct fsck *,
    struct err *);
/*
 * Cut a corrupt journal to its valid prefix and record that.  The whole of it
 * is copied first, and the copy is on the disk: *copy is its path.  The
 * caller sees to it that nobody runs it.  -1: ERR_INPUT when no record is
 * valid; ERR_IO, and nothing was cut.
 */
int fsck_truncate(
    struct arena *, const struct fsck *, const char **copy, struct err *);

#endif
