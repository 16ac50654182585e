/*
 * A configuration file (decisions.md §6): the same reader, tables and
 * findings as a loop file, another table at the top.
 */
#ifndef LOOP_CONFIG_H
#define LOOP_CONFIG_H

#include "base/diag.h"
#include "loop/keys.h"
#include "text/val.h"

/*
 * The mapping in `text`; `file` is its name in places.  Only what is written
 * is in it.  An empty file is an empty mapping.  NULL when something is
 * wrong: then `diags` got at least one error.  Keys that are not acted on yet
 * draw W120.
 */
const struct val *config_read(
    struct arena *, const char *file, struct sv text, struct diags *);
/* The same of a file of another kind, whose top has the table `object`
 * ("host").  `d` may hold findings already. */
const struct val *config_read_as(struct arena *, const char *object,
    const char *file, struct sv text, struct diags *);
/* Hold a mapping against the tables; false when `diags` got an error. */
bool config_check(struct arena *, const struct val *map, struct diags *);
/* The row of a path such as "run_defaults.delay"; `*acted`: it and what is
 * above it are acted on.  NULL when there is none. */
const struct key *config_key(const char *path, bool *acted);
/* The value at such a path, or NULL; `*at` is where its key stands. */
const struct val *config_get(
    const struct val *map, const char *path, struct place *at);

#endif
