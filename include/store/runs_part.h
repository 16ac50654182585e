/* The parts of store/runs: only src/store/runs*.c include this. */
#ifndef STORE_RUNS_PART_H
#define STORE_RUNS_PART_H

#include "store/runs.h"

/* What the sums of a run's journal begin with: the sum of its run.json. */
int runs_seed(const struct place_run *, uint64_t *seed, struct err *);

#endif
