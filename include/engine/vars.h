/*
 * Who knows a variable: the namespaces of a frame (spec/loopfile.md 10.3)
 * behind the `lookup` seam of text/tmpl.
 */
#ifndef ENGINE_VARS_H
#define ENGINE_VARS_H

#include "engine/run.h"
#include "text/tmpl.h"

/* A lookup over the run's innermost frame; valid while the run is.  Secrets
 * are masked, as they are in all that is recorded. */
struct lookup vars_lookup(struct run *);
/* The same with secrets as they are: only for what a child is handed. */
struct lookup vars_of_child(struct run *);

/* The output of a capture as data, without line ends: 1 and *out; 0: it has
 * none; -1 and *e: it cannot be had. */
int vars_output(struct run *, const struct val *record, struct arena *,
    const struct val **out, struct err *);
/* A long value of the context, read back from where its row in
 * `context_files` says.  NULL and *why: it cannot be had. */
const struct val *vars_kept(
    struct run *, const struct val *row, struct arena *, struct err *why);
/* A long list of items, as parallel_start says where it is. */
const struct val *vars_items(
    struct run *, const struct val *at, struct arena *, struct err *why);
/* The run's directory as the frame knows it, or NULL. */
const struct val *vars_run_dir(struct run *);

#endif
