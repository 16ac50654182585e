/* Where a run stood that is to go on. */
#ifndef CMD_AGAIN_STOOD_H
#define CMD_AGAIN_STOOD_H

#include "cmd/again.h"
#include "store/runs.h"

/* -1 and *e: ERR_USAGE when it stands nowhere; ERR_INPUT when its journal is
 * corrupt, or a file that its captures are in is not there as it was
 * written. */
int again_stood(struct args *, const struct run_info *,
    const struct stood **out, struct err *);

#endif
