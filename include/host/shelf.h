/*
 * Where host files are: the project's .loops/hosts, the user's
 * $XDG_CONFIG_HOME/ll-loop/hosts, and those that are shipped.  The first that
 * has NAME.yaml counts, whole.  Before all of them come those that a run has
 * sealed, when it goes on.
 */
#ifndef HOST_SHELF_H
#define HOST_SHELF_H

#include "host/spec.h"
#include "loop/files.h"

struct shelf {
	const char *project, *user;      /* directories; NULL: none */
	const struct loop_files *sealed; /* NULL: none */
};

/* One that is there. */
struct shelf_entry {
	const char *name;
	const char *file; /* a path, or "builtin:NAME" */
	const char *from; /* "run", "project", "user" or "builtin" */
	struct sv text;   /* of one that was sealed; else n is 0 */
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

/* Add the host, and the one whose failures follow, to what a run is made of:
 * as files with how "host", named by words that "hosts" says. */
void shelf_seal(const struct host *, struct loop_files *);
/* Is the host of this name among those? */
bool shelf_is_sealed(const struct loop_files *, const char *name);

#endif
