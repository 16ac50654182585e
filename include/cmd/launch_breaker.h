/* What the project's other runs know of hosts that refuse. */
#ifndef CMD_LAUNCH_BREAKER_H
#define CMD_LAUNCH_BREAKER_H

#include "cmd/cmd.h"
#include "engine/run.h"

struct launch_breaker {
	struct args *args;
	const char *root;
	bool said; /* that it cannot be had, which is said once */
};

/* As the engine asks for it; it must outlive the run. */
struct breaker launch_breaker(struct launch_breaker *);

#endif
