/* Inside captures: their streams may be elsewhere. */
#ifndef ENGINE_VARS_RECORD_H
#define ENGINE_VARS_RECORD_H

#include "engine/run.h"
#include "text/tmpl.h"

/*
 * The rest of a reference's path, from segment `at`, inside a capture or
 * `prev`, at any depth: captures of a called loop and results of items hold
 * streams too.  `chomp`: outputs lose their line ends.  As lookup.get.
 */
int vars_record(struct run *, const struct val *, const struct ref *, size_t at,
    bool chomp, struct arena *, const struct val **out, struct err *why);

#endif
