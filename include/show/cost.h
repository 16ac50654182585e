/* What a run has cost, state by state, as run_end has it (loop/ledger). */
#ifndef SHOW_COST_H
#define SHOW_COST_H

#include "show/out.h"
#include "text/val.h"

/* A table; a cost that is not known is `n/a`.  Nothing for NULL. */
void cost_table(struct out *, const struct val *spent);
/* Append dollars with four decimals, rounded half up: "$0.0109". */
void cost_usd(struct str *out, long long micro);

#endif
