/* The first record of a run. */
#ifndef CMD_LAUNCH_START_H
#define CMD_LAUNCH_START_H

#include "cmd/launch_secrets.h"
#include "engine/run.h"
#include "store/place.h"

struct launch_start {
	const struct run *run;
	const struct place_run *place;
	const struct launch_secrets *secrets;
	const struct val *context;
	const char *cwd;
	pid_t pid; /* of the guard: the process that was started */
	const struct val *hosts; /* as launch_hosts_val() */
};

/* The fields of run_start.  NULL and *e as context_put(). */
const struct val *launch_start(
    const struct launch_start *, struct arena *, struct err *);

#endif
