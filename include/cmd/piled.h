/* The warning that runs pile up. */
#ifndef CMD_PILED_H
#define CMD_PILED_H

#include "cmd/cmd.h"
#include "store/place.h"

#define PILED_LIMIT (5LL << 30)

/* Say on stderr, once, when the runs of the project are noted to take over
 * 5 GiB.  Costs the reading of one small file. */
void piled_say(struct args *, const char *root);
/* A run of this program ended: note what it takes, and say it as above
 * unless `quiet`. */
void piled_note(struct args *, const struct place_run *, bool quiet);

#endif
