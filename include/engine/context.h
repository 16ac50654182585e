/* The context a frame starts with, as run_start and loop_start tell it. */
#ifndef ENGINE_CONTEXT_H
#define ENGINE_CONTEXT_H

#include "loop/seam.h"

/*
 * Set `context` and `origins`; when that would make a long record, the long
 * values go to files and `context_files` says where: {KEY: {file, bytes,
 * sum, origin, json: true unless it is text}}.  -1: ERR_INPUT when it is too
 * long all the same, or the vault's error.
 */
int context_put(struct arena *, const struct vault *, const struct val *context,
    struct val *fields, struct err *);

/*
 * For run.json: the context, without its long values when it is long; *left
 * is then {KEY: {bytes, origin}} for these, else NULL.
 */
const struct val *context_short(
    struct arena *, const struct val *context, const struct val **left);

#endif
