/* What a run has cost, as documents have it. */
#ifndef CMD_REPORT_COST_H
#define CMD_REPORT_COST_H

#include "cmd/cmd.h"
#include "loop/ledger.h"

/* As ledger_val(), with cost_usd beside each cost_micro_usd; NULL for NULL. */
const struct val *cost_val(struct arena *, const struct val *spent);
/* The totals alone, for the object of a run; NULL when there was no call. */
const struct val *cost_totals(struct arena *, const struct ledger *);
/* Write the costs of a run to a file, whole or not at all; no file when it has
 * called no agent.  Missing directories are made.  -1 and *e. */
int cost_file_put(struct args *, const char *root, const char *run,
    const char *path, struct err *);

#endif
