/* Workers at work until the run is over. */
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include "engine/run.h"

/* From the frames as they stand to the end of the outermost one, which is
 * not recorded yet: *fin says why.  -1 and *e: something could not be
 * recorded. */
int work(struct run *, struct finish *fin, struct err *);

#endif
