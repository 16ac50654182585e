/*
 * Taking runs away: what one costs, and its removal.  A run goes by one
 * rename to a hidden name, so that readers see it whole or not at all; what a
 * killed removal left is removed by the next.
 */
#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include <stdbool.h>

#include "base/err.h"
#include "store/place.h"

struct prune_size {
	long long bytes; /* on the disk */
	long long files; /* and directories */
};

/* What a run's directory takes; links are not followed, mounts are not
 * entered.  Stops after `most` entries (0: none): false then, and when
 * something could not be read.  *out is what was seen. */
bool prune_measure(
    const struct place_run *, long long most, struct prune_size *out);
/*
 * May its directory be removed?  0, or -1 and *e, which says why not: not a
 * directory (a link), not a run's, not ours, or it holds a directory that is
 * not ours or on which something is mounted.
 */
int prune_may(const struct place_run *, struct err *);
/* Hide it; from now on there is no such run.  The caller has made sure that
 * no run is there (ticket_bar).  -1 and *e: it is still there. */
int prune_hide(const struct place_run *, struct err *);
/* Remove all that is hidden under `runs`.  -1 and *e when something stays,
 * which the next call tries again. */
int prune_sweep(const char *root, struct err *);

#endif
