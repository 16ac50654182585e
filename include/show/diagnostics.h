/*
 * Findings about a loop file as text: `file:line:col: error E201: message`,
 * on a terminal with the line and a caret under the place.
 */
#ifndef SHOW_DIAGNOSTICS_H
#define SHOW_DIAGNOSTICS_H

#include "base/diag.h"
#include "base/sv.h"
#include "show/out.h"

/* The bytes of a file that places name. */
struct source {
	const char *file;
	struct sv text;
};

/* Append all, in the order they have (diags_sort). */
void diagnostics_show(
    struct out *, const struct diags *, const struct source *, size_t nsources);
/* Append `NAME is valid` or `NAME is invalid: 2 errors, 1 warning`. */
void diagnostics_sum(struct out *, const struct diags *, const char *name);

#endif
