/* Parameters of fragments, and how a path goes on inside a value. */
#ifndef ENGINE_VARS_PARAM_H
#define ENGINE_VARS_PARAM_H

#include "engine/run.h"
#include "text/tmpl.h"

/*
 * What the state where the run stands gives to a parameter of its fragment.
 * `outer` knows everything else that the value refers to.  As lookup.get.
 */
int vars_param(struct run *, const struct lookup *outer, const struct ref *,
    struct arena *, const struct val **out, struct err *why);

/* The rest of a reference's path, from segment `from`, inside `v`: 1 and
 * *out, or 0 and why. */
int vars_walk(const struct val *, const struct ref *, size_t from,
    const struct val **out, struct err *why);

#endif
