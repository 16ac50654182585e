/* Where a called loop works. */
#ifndef ENGINE_HOUSE_H
#define ENGINE_HOUSE_H

#include "engine/run.h"

/* As its caller, or in a tree on the branch that the state names. 1: there is
 * no such tree, and *why says it; -1: something could not be recorded. */
int house_in(struct run *, const struct state *, struct level *,
    struct err *why, struct err *);
/* Where it worked before the run was stopped; `was`: its fields, or NULL. */
int house_again(
    struct run *, const struct val *was, struct level *, struct err *);
/* Its own tree, if it has one, is given back. */
int house_out(struct run *, const struct level *, struct err *);

#endif
