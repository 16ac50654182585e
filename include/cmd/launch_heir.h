/* Who goes on with a run that hands over (`on_handoff: spawn`). */
#ifndef CMD_LAUNCH_HEIR_H
#define CMD_LAUNCH_HEIR_H

#include "engine/run.h"
#include "guard/guard.h"

struct launch_heir {
	struct args *args;
	const struct run *run; /* its host is the loop's */
	const char *id, *cwd;
	struct guard *guard;
	int life; /* as the engine has it */
};

/* As the engine asks for it. */
struct heir launch_heir(struct launch_heir *);

#endif
