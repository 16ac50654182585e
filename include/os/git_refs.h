/* The refs of ours: refs/ll/kept/NAME and refs/ll/snap/NAME/STEP. */
#ifndef OS_GIT_REFS_H
#define OS_GIT_REFS_H

#include "base/vec.h"
#include "os/git_room.h"

struct git_refs {
	VEC(const char *) name; /* whole, in the room's memory */
};

/* All that match: of a pattern with a star at its end.  -1 and *e. */
int git_refs_find(
    struct git_room *, const char *glob, struct git_refs *out, struct err *);
/* Steps in order: "3" before "3.1" before "10".  <0, 0, >0. */
int git_refs_step_cmp(const char *, const char *);
/* The snapshot of NAME that shows the end of this step: the last one up to
 * it, with all inside it.  NULL: none. */
const char *git_refs_step(
    struct git_room *, const char *name, const char *step, struct err *);
/* The last one of all, or NULL. */
const char *git_refs_last(struct git_room *, const char *name);

#endif
