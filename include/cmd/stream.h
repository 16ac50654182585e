/* Descriptors 1 and 2 as places to show text. */
#ifndef CMD_STREAM_H
#define CMD_STREAM_H

#include "show/out.h"

/* An `out` for descriptor 1 or 2: terminal or not, width, UTF-8; colours as
 * for "auto". */
void stream_init(struct out *, int fd);
/* From now on a reader that has stopped is given 5 s, then it counts as one
 * that left: signals and timeouts of a run must not wait for it. */
void stream_hurry(struct out *);
/* Decide colours: "auto" (a terminal, and neither NO_COLOR nor a dumb TERM;
 * or FORCE_COLOR), "always", "never". */
void stream_colour(struct out *, const char *when);
/* Was something lost for another reason than a reader that left? */
bool stream_failed(const struct out *);

#endif
