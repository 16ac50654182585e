/*
 * What the runs of a project tell each other of hosts that refuse, as this run
 * asks for it and adds to it.
 */
#ifndef ENGINE_CIRCUIT_H
#define ENGINE_CIRCUIT_H

#include "engine/run.h"

/* Is this host not to be asked now?  False too where the run was resumed to
 * try again. */
bool circuit_is_shut(const struct run *, const char *host, struct shut *out);
/* It refused, and is not to be asked until then; it is good again. */
void circuit_shut(
    struct run *, const char *host, long long until_us, bool known);
void circuit_open(struct run *, const char *host);

#endif
