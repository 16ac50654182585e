/*
 * What a run starts with: the loop's context under the positional input
 * under --context, each value with its origin (decisions.md §3.4).
 */
#ifndef LOOP_INPUTS_H
#define LOOP_INPUTS_H

#include "base/err.h"
#include "loop/loop.h"

struct inputs {
	const char *input;          /* positional, NULL: none */
	const char *const *context; /* "KEY=VALUE", later ones win */
	size_t ncontext;
	const char *run_dir;                 /* absolute, ends in "/" */
	long long max_steps, max_iterations; /* effective; -1: none */
};

/*
 * The context at start, in the arena: a map whose nodes carry origins.
 * NULL and *e (ERR_USAGE) for a --context without "=" or without a key.
 */
const struct val *inputs_context(
    struct arena *, const struct loop *, const struct inputs *, struct err *);
/* The origin of each key of a context, as a map of names. */
const struct val *inputs_origins(struct arena *, const struct val *context);

#endif
