/*
 * The rules a loop must keep beyond the types of its keys: structure,
 * reachability, routes, references.  Ids in ll-loop(5).
 */
#ifndef LOOP_CHECK_H
#define LOOP_CHECK_H

#include "loop/loop.h"

/* Run every rule over a linked loop; findings go to `diags` (unsorted). */
void loop_check(const struct loop *, struct diags *);

#endif
