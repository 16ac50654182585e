/* Ages and times on the command line.  What is recorded is UTC, so no time
 * zone is asked for. */
#include "cmd/since.h"

#include "base/clock.h"
#include "base/when.h"

int
since_of(
    const char *option, const char *text, long long *wall_us, struct err *e)
{
	long long ms, us;

	if (when_age(sv(text), &ms))
		us = clock_wall_us() - ms * 1000;
	else if (!when_time(sv(text), &us))
		return err_set(e, ERR_USAGE,
		    "%s needs an age such as 45s, 30m, 1h, 2d or 3w, or a time "
		    "such as 2026-11-21T14:30:00Z, not '%s'",
		    option, text);
	*wall_us = us;
	return 0;
}
