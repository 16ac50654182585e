/* Loops whose names are known only while a run goes on. */
#ifndef CMD_LAUNCH_LIBRARY_H
#define CMD_LAUNCH_LIBRARY_H

#include "cmd/launch_hosts.h"
#include "cmd/launch_secrets.h"
#include "engine/run.h"
#include "store/runs.h"

struct launch_library {
	struct opened *in;
	const struct launch_secrets *secrets;
	const struct place_run *place;
	struct launch_hosts *hosts;
	bool durable;
};

/* Finds by the rule that finds at load, holds it to the same refusals, and
 * seals what it read, the files of its hosts too. */
struct library launch_library(struct launch_library *);

#endif
