/* Which host each prompt would be given to, as lines of a page. */
#ifndef SHOW_HOSTS_H
#define SHOW_HOSTS_H

#include "show/out.h"
#include "text/val.h"

/* Append a line for each of a list of {state, host, from, model, ...} (NULL:
 * none), each with two blanks before it. */
void show_hosts(struct out *, const struct val *list);

#endif
