/* What `run --dry-run` prints. */
#ifndef CMD_LAUNCH_PLAN_H
#define CMD_LAUNCH_PLAN_H

#include "cmd/launch_hosts.h"
#include "cmd/launch_secrets.h"
#include "cmd/launch_settings.h"

/* 0. The context is withheld by now; `limits` as launch_budget_val(). */
int launch_plan(struct args *, const struct launch_secrets *,
    struct launch_hosts *, const struct launch_values *,
    const struct val *limits);

#endif
