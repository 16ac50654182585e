/*
 * What a run claims (decisions.md §6): paths, exclusive or shared, and names
 * of other things.  Two paths overlap when they are one place or one contains
 * the other, whatever they are called: what exists is compared by device and
 * inode too, so that links and bind mounts of a directory hide nothing.  (A
 * bind mount of a directory inside a claimed one is not seen.)
 */
#ifndef GATE_SCOPE_H
#define GATE_SCOPE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/val.h"

enum { SCOPE_CLAIMS = 256, SCOPE_NAME = 200 };

struct claim_id {
	unsigned long long dev, ino;
};

struct claim {
	const char *text; /* absolute and resolved; of a name: the name */
	bool name, shared;
	/* Of "/" and of each directory on the way, as far as they exist. */
	const struct claim_id *id;
	size_t nid;
};

/* Lives in the arena that it was made with. */
struct scope {
	const struct claim *at;
	size_t n;
	bool all; /* nobody knows what it is: it overlaps everything */
};

/*
 * Add a path, which is relative to `root` (absolute), may be absolute, and
 * need not exist.  Symbolic links are followed.  -1: ERR_INPUT when it is
 * empty, a glob, or not inside the root; or there are too many; ERR_IO.
 */
int scope_path(struct scope *, struct arena *, const char *root,
    const char *text, bool shared, struct err *);
/* The same for a path of somebody else, wherever it leads. */
int scope_foreign(
    struct scope *, struct arena *, const char *path, struct err *);
/* Add a name.  -1: ERR_INPUT. */
int scope_name(struct scope *, struct arena *, const char *name, struct err *);
/* Is it a glob, which no claim can be? */
bool scope_is_glob(const char *text);
/* "user:NAME": of all of the user's projects. */
bool scope_is_users(const struct claim *);
/* Those claims that are of the user's projects, or those that are not. */
struct scope scope_part(struct arena *, const struct scope *, bool users);

bool claim_overlaps(const struct claim *, const struct claim *);
/* Is `inner` inside `outer`, and may who holds this lend it so? */
bool claim_covers(const struct claim *outer, const struct claim *inner);

/* As it stands in a ticket: [{path, shared?, ids}, {name}]. */
const struct val *scope_val(struct arena *, const struct scope *);
/* Back; what cannot be read is `all`. */
struct scope scope_read(struct arena *, const struct val *);

#endif
