/* What a run may spend, and who keeps the accounts. */
#ifndef CMD_LAUNCH_BUDGET_H
#define CMD_LAUNCH_BUDGET_H

#include "cmd/opened.h"
#include "engine/run.h"
#include "host/price.h"
#include "store/day.h"

struct launch_budget {
	const char *root;
	struct budget budget;
	const struct settled *by[BUDGETS]; /* whose number it is; NULL: the
	                                    * loop's or an option's */
	struct prices prices;
	bool priced; /* they are read */
	struct day day;
};

/* The loop's limits, those of the settings where it has none, and over both
 * what variables and options say. */
void launch_budget(struct launch_budget *, struct args *,
    const struct launch_opts *, const struct loop *);
/* What holds: {usd: {value, then, to, from}}, values as they are written;
 * `from` is BUDGET_FROM_LOOP, "--max-cost", "LL_USD_LIMIT" or
 * ".loops/config.yaml:3".  NULL: nothing is bounded. */
#define BUDGET_FROM_LOOP "loop file"
const struct val *launch_budget_val(
    const struct launch_budget *, struct arena *, const char *cwd);
/* Read the price tables of the project and the user, if there are any.  -1:
 * ERR_INPUT, findings were said; ERR_IO. */
int launch_budget_prices(struct launch_budget *, struct args *, struct err *);
/* Hang them into the engine's seams. */
void launch_budget_hang(struct launch_budget *, struct run *);
void launch_budget_release(struct launch_budget *);

#endif
