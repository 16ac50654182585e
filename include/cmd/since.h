/* Options that name an age or a point in time. */
#ifndef CMD_SINCE_H
#define CMD_SINCE_H

#include "base/err.h"

/* "1h", "2d" (before now) or an ISO time, in microseconds since 1970.
 * -1: ERR_USAGE, which names the option. */
int since_of(
    const char *option, const char *text, long long *wall_us, struct err *);

#endif
