/* Loops whose names are known only while a run goes on. */
#ifndef CMD_LAUNCH_LIBRARY_H
#define CMD_LAUNCH_LIBRARY_H

#include "cmd/launch_secrets.h"
#include "engine/run.h"
#include "store/runs.h"

struct launch_library {
	struct opened *in;
	const struct launch_secrets *secrets;
	const struct place_run *place;
	bool durable;
};

/* Finds by the rule that finds at load, holds it to the same refusals, and
 * seals what it read. */
struct library launch_library(struct launch_library *);

#endif
