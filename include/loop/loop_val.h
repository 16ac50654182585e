/* A loop as the value that `show --json` prints. */
#ifndef LOOP_LOOP_VAL_H
#define LOOP_LOOP_VAL_H

#include "loop/loop.h"

/*
 * The member of `map`, an object of this name ("loop", "state", ...), that
 * counts for a key: written under its own name or under another one
 * (`on_success` for `on_yes`; `max_iterations` for a `max_steps` that is not
 * there).  NULL when there is none or when it is null.
 */
const struct member *loop_written(
    const char *object, const struct val *map, const char *key);

/*
 * All that a loop file may hold, normalised as the reference does it
 * (spec/cli.md 1.9): every key under its real name, in the order of the
 * tables, without nulls and, but for keys where the reference keeps it, without
 * what is only the default.  Read back it is the same loop.
 */
struct val *loop_val(struct arena *, const struct loop *);

#endif
