/* What the command line laid over a loop, recorded and read back. */
#ifndef CMD_LAUNCH_OPTIONS_H
#define CMD_LAUNCH_OPTIONS_H

#include "cmd/launch_settings.h"

/* For run.json and for the record of a resume: a map of what holds over the
 * loop, whoever said so. */
const struct val *launch_options_val(
    struct arena *, const struct launch_opts *, const struct launch_values *);
/* Put it into the options again; what it does not hold stays. */
void launch_options_read(
    struct arena *, const struct val *map, struct launch_opts *);

/* Lay what was given on the command line now over what was recorded: it is
 * stronger.  Texts are in the arena. */
void launch_options_keep(
    struct arena *, const struct launch_opts *said, struct launch_opts *);

/* Options that several commands have; they fill a struct launch_opts.  What is
 * shown of a run and what it may cost: for every one that runs a loop. */
extern const struct cmd_opts launch_rows_shown;
/* Whether and when it begins: for those that begin anew. */
extern const struct cmd_opts launch_rows_begins;
/* About agents and memory, for commands that may change them. */
extern const struct cmd_opts launch_rows_agents;
/* Nothing was given. */
extern const struct launch_opts launch_opts_none;

#endif
