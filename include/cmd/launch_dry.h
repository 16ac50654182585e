/* --dry-run: what would run. */
#ifndef CMD_LAUNCH_DRY_H
#define CMD_LAUNCH_DRY_H

#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"

/* Print the plan, its secrets hidden.  The exit status. */
int launch_dry(const struct opened *, const struct launch_values *,
    const struct launch_secrets *);

#endif
