/* What a run claims, as lines of a page. */
#ifndef SHOW_CLAIMS_H
#define SHOW_CLAIMS_H

#include "show/out.h"
#include "text/val.h"

/* Append `scope`, {declared, paths, shared, resources, singleton}, a line for
 * each kind that there is; each line begins with two blanks. */
void show_claims(struct out *, const struct val *scope);

#endif
