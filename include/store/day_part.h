/* What src/store/day*.c share; nobody else includes this. */
#ifndef STORE_DAY_PART_H
#define STORE_DAY_PART_H

#include "store/day.h"

/* The row of a run, made when there is none. */
struct day_run *day_row(struct day *, const char *run);
/* Add the sums of runs that were removed since the day began. */
int day_gone_read(struct day *, const char *root, struct err *);
/* Note the sums of the runs in `d`.  With the purse open. */
int day_gone_write(const struct day *, const char *root, struct err *);

#endif
