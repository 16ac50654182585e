/* What `items` of a `parallel` come to. */
#ifndef ENGINE_ITEMS_H
#define ENGINE_ITEMS_H

#include "engine/run.h"

enum {
	ITEMS_MAX = 10000,
	ITEM_BYTES_MAX = 32 * 1024, /* of one, as text */
};

/*
 * The items as a list of data: those that are written with their values
 * filled in; of a text the elements when it is a JSON list, else its lines
 * that are not blank.  Lives in the arena.  NULL and *why: a value is
 * missing, there are too many, one is too long or holds a NUL byte.
 */
const struct val *items_of(
    struct run *, const struct state *, struct arena *, struct err *why);

#endif
