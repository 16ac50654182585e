/*
 * An execution that is no result: failure is not "no" (decisions.md §3.6).
 */
#ifndef ENGINE_BROKEN_H
#define ENGINE_BROKEN_H

#include "os/child.h"

/* ${result.kind}: "timeout", "signal", "loss", "output_limit", "limit",
 * "resource"; NULL when the action came to an end of its own. */
const char *broken_kind(const struct outcome *);
/* "the action ...", for a kind. */
const char *broken_text(const struct outcome *);

#endif
