/* From what a loop file says to what a run claims. */
#ifndef CMD_CLAIMS_H
#define CMD_CLAIMS_H

#include "gate/scope.h"
#include "loop/loop.h"

struct claims_from {
	const struct loop *loop;
	const struct val *context; /* that the run begins with */
	const char *root;
	/* Values of `secrets` must not be in it: tickets can be read. */
	const struct mask *mask; /* or NULL */
};

/* All of it; without any it is the whole project.  -1: ERR_INPUT, located,
 * when a value is missing or a path cannot be claimed; ERR_IO. */
int claims_make(
    const struct claims_from *, struct arena *, struct scope *, struct err *);
/*
 * The same for a page: {declared, paths, shared, resources, singleton}, paths
 * absolute; what is only known when the run begins stays as it is written.
 */
const struct val *claims_val(const struct claims_from *, struct arena *);

#endif
