/* Where this invocation looks for loops (decisions.md §3.8). */
#ifndef CMD_WHERE_H
#define CMD_WHERE_H

#include "cmd/cmd.h"
#include "loop/find.h"

/* The project's .loops, then the user's own, then the shipped ones. */
struct find cmd_where(struct args *);

#endif
