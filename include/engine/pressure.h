/* `host_guard`: how much memory actions use, and are allowed together. */
#ifndef ENGINE_PRESSURE_H
#define ENGINE_PRESSURE_H

#include "engine/run.h"

enum { PRESSURE_KB_PER_MB = 1024 };

/* One digit behind the point, as the reference has it. */
double pressure_tenths(double);
const struct val *pressure_megabytes(struct run *, long long kb);
/* Kilobytes of the frame whose action it is; 0: nobody counts. */
long long pressure_budget_kb(const struct run *);
/* Tell what an action has used, when somebody counts it. */
int pressure_used(struct run *, const struct state *, struct err *);

#endif
