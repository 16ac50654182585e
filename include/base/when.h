/* Ages and points in time as people write them. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdbool.h>

#include "base/sv.h"

/* "45s", "30m", "1h", "2d", "3w" in milliseconds: one whole number, one
 * letter.  False and *ms untouched for anything else. */
bool when_age(struct sv, long long *ms);
/* ISO 8601 in microseconds since 1970: "2026-11-21", or with "T" or a blank
 * "14:30", "14:30:05", "14:30:05.25"; then "Z", "+01:00" or "+0100"; without
 * a zone it is UTC, as everything that is recorded.  False and *wall_us
 * untouched for anything else. */
bool when_time(struct sv, long long *wall_us);

#endif
