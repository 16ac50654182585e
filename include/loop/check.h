/*
 * The rules a loop must keep beyond the types of its keys: structure,
 * reachability, routes, references.  Ids in ll-loop(5).
 */
#ifndef LOOP_CHECK_H
#define LOOP_CHECK_H

#include "loop/loop.h"

/* Run every rule over a linked loop; findings go to `diags` (unsorted). */
void loop_check(const struct loop *, struct diags *);

/*
 * The last look before a run, with the context it would start with (a map):
 * E429 a reference that a reachable state needs and the context lacks, E430
 * a required input that is missing or empty (null, false, 0, "", [], {}),
 * E435 a required parameter that nobody gave.
 * One finding for each key.
 */
void check_context(
    const struct loop *, const struct val *context, struct diags *);

/* The ids that loop_check() can give, for the manual and its test. */
struct check_id {
	const char *id;  /* "E220"; a rule that can be either has two rows */
	const char *doc; /* one sentence */
};
extern const struct check_id check_ids[];
extern const size_t check_ids_len;

#endif
