/* The head of a loop file, without the cost of its states. */
#ifndef CMD_HEAD_H
#define CMD_HEAD_H

#include "base/diag.h"
#include "text/val.h"

/*
 * A mapping with what a listing shows of a loop: name, category, labels,
 * visibility, description, from; and initial, states, flow as far as they are
 * there.  What stands inside other keys is not read, so a fault there is not
 * seen.  NULL: does not parse, the first of `diags` says why.
 */
const struct val *head_read(struct arena *, const char *file, const char *text,
    size_t len, struct diags *);

#endif
