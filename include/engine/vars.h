/*
 * Who knows a variable: the namespaces of a frame (spec/loopfile.md 10.3)
 * behind the `lookup` seam of text/tmpl.
 */
#ifndef ENGINE_VARS_H
#define ENGINE_VARS_H

#include "engine/run.h"
#include "text/tmpl.h"

/* A lookup over the run's innermost frame; valid while the run is. */
struct lookup vars_lookup(struct run *);

#endif
