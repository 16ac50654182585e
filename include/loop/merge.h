/*
 * One mapping laid over another: what `from`, `fragment` and `state_defs`
 * mean by "extends" (spec/loopfile.md 7.1 with decisions.md §3.5).
 */
#ifndef LOOP_MERGE_H
#define LOOP_MERGE_H

#include "text/val.h"

/* All that composing a file may make, in members: a few lines must not
 * become gigabytes. */
enum { MERGE_MAX_MEMBERS = 200000 };

struct merge {
	struct arena *mem;
	size_t made; /* members so far, over all merges of a file */
	bool over;   /* it would be too much: results are cut short */
};

/*
 * `over` laid over `base`: mappings member by member, at every depth;
 * anything else replaces.  `KEY: null` takes an inherited KEY away, except
 * inside `context`, `with` and `params` and for `default`, where null is a
 * value.  The order is the base's, then what is new.  Nodes keep their places
 * and are shared, not copied.
 */
const struct val *merge_maps(
    struct merge *, const struct val *base, const struct val *over);
/*
 * A state or fragment with the aliases of its keys (on_success, on_failure)
 * under their real names, so that a child's `on_success` replaces a parent's
 * `on_yes`.  Where both are written, both stay.
 */
const struct val *merge_real_names(struct merge *, const struct val *state);
/* A map without these keys (NULL-ended), otherwise the same. */
const struct val *merge_without(
    struct merge *, const struct val *map, const char *const *keys);
/* Append a member that must be new, counting it. */
void merge_add(struct merge *, struct val *map, const struct member *);

#endif
