/* Runs instead of loops: `list --running`, `list --status`. */
#ifndef CMD_LIST_RUNS_H
#define CMD_LIST_RUNS_H

#include "cmd/cmd.h"

/*
 * Show the runs whose lease is held (`alive`) or all of the project, of this
 * status or phase (NULL: any), as a table or as a JSON list of the objects of
 * `status --json`.  0; 1 when a status was asked for that no run has; -1.
 */
int list_runs(
    struct args *, const char *status, bool alive, bool json, struct err *);

#endif
