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

#endif
