/*
 * Where host files are: the project's .loops/hosts, the user's
 * $XDG_CONFIG_HOME/ll-loop/hosts, and those that are shipped.  The first that
 * has NAME.yaml counts, whole.
 */
#ifndef HOST_SHELF_H
#define HOST_SHELF_H

#include "host/spec.h"

struct shelf {
	const char *project, *user; /* directories; NULL: none */
};

/* One that is there. */
struct shelf_entry {
	const char *name;
	const char *file; /* a path, or "builtin:NAME" */
	const char *from; /* "project", "user" or "builtin" */
};

/* A host of this name, or which says `also: NAME`.  NULL and *e: ERR_ABSENT
 * (with the nearest name), ERR_INPUT with findings in `d`, or ERR_IO.  The
 * caller frees. */
struct host *shelf_take(
    const struct shelf *, const char *name, struct diags *d, struct err *);
/* The host of an entry; as above. */
struct host *shelf_read(const struct shelf *, const struct shelf_entry *,
    struct diags *, struct err *);
/* All, by name; each name once. The arena's. */
size_t shelf_list(
    const struct shelf *, struct arena *, const struct shelf_entry **out);

#endif
