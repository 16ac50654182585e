/* Workers at work until the run is over. */
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include "engine/run.h"

/* From the frames as they stand to the end of the outermost one, which is
 * not recorded yet: *fin says why.  -1 and *e: something could not be
 * recorded. */
int work(struct run *, struct finish *fin, struct err *);
/* One turn: 1 when it goes on later; fin->cause is set when it was the
 * frame's last. */
int work_turn(struct run *, struct finish *fin, struct err *);

#endif
