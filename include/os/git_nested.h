/* Repositories inside a private tree, whose files git does not store. */
#ifndef OS_GIT_NESTED_H
#define OS_GIT_NESTED_H

#include "os/git_room.h"

/* The path of one that is neither ignored nor a submodule of this index; NULL:
 * there is none. */
const char *git_nested(struct git_room *, git_index *);

#endif
