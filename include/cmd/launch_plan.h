/* The page of a run that is not made. */
#ifndef CMD_LAUNCH_PLAN_H
#define CMD_LAUNCH_PLAN_H

#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"

/* On stdout, as text or as JSON, without the values of secrets. */
void launch_plan(
    struct opened *, struct launch_secrets *, const struct launch_values *);

#endif
