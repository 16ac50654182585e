/* What actions leave behind: told when new, ended with the run. */
#ifndef CMD_LAUNCH_LEFT_H
#define CMD_LAUNCH_LEFT_H

#include "engine/run.h"
#include "os/tree.h"

/* Zero but for what the caller gives. */
struct launch_left {
	struct sig *sig;
	long long grace_ms; /* as tree_end() has it */
	struct tree known;
};

/* As the engine asks for it. */
struct sweep launch_left_sweep(struct launch_left *);
void launch_left_release(struct launch_left *);

#endif
