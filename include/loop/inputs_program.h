/* The steering file program.md (spec/cli.md 2.3). */
#ifndef LOOP_INPUTS_PROGRAM_H
#define LOOP_INPUTS_PROGRAM_H

#include "text/val.h"

/* Keys that one file may give; a table of prices is no steering. */
enum { INPUTS_PROGRAM_KEYS = 256 };

/*
 * A map from context keys to text, all data: `directive`, `budget`,
 * `constraints` and `targets` from the sections of these names, and a key for
 * each `name: value` line of the section Benchmark.  Of two sections with one
 * name the first counts; an empty one gives nothing.
 * With more than INPUTS_PROGRAM_KEYS keys the map has one more than that and
 * is to be refused.
 */
const struct val *inputs_program(struct arena *, struct sv text);

#endif
