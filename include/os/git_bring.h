/* Files that git does not know and a private tree needs. */
#ifndef OS_GIT_BRING_H
#define OS_GIT_BRING_H

#include "os/git_room.h"

/* Before anything is made: are these there?  -1: ERR_INPUT. */
int git_bring_check(struct git_room *, const struct val *list, struct err *);
/*
 * Copy, or link to, these files and directories (a list or NULL) from the
 * user's tree; what the commit brought is left as it is.  -1: ERR_INPUT when
 * one is not there or not below the tree.
 */
int git_bring(struct git_room *, const char *path, const struct val *list,
    bool link, struct err *);
/* Both lists as one. */
const struct val *git_bring_names(
    struct arena *, const struct val *copy, const struct val *link);
/* Is this path (below the tree) one of them, or inside one? */
bool git_bring_is(const struct val *names, const char *path);

#endif
