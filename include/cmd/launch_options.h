/* What the command line laid over a loop, recorded and read back. */
#ifndef CMD_LAUNCH_OPTIONS_H
#define CMD_LAUNCH_OPTIONS_H

#include "cmd/launch_settings.h"

/* For run.json: a map of what holds over the loop, whoever said so. */
const struct val *launch_options_val(
    struct arena *, const struct launch_opts *, const struct launch_values *);
/* Put it into the options again; what it does not hold stays. */
void launch_options_read(
    struct arena *, const struct val *map, struct launch_opts *);

/* What was said now about costs is stronger than what was said then. */
void launch_options_keep(const struct launch_opts *said, struct launch_opts *o);

#endif
