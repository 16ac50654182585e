/* Hosts by the names that loops say, each read once. */
#ifndef CMD_HOSTS_TAKE_H
#define CMD_HOSTS_TAKE_H

#include "base/vec.h"
#include "cmd/hosts_part.h"

/* What was chosen for where `name` is said; NULL: nothing is. */
struct host_taken {
	const char *name;
	struct chosen is;
};

/* Zero-initialised is empty; hosts_where_init() of `where` comes first. */
struct hosts_take {
	struct args *args;
	struct hosts_where where;
	VEC(struct host_taken) at;
};

/* NULL and *e, ERR_NEED; faults of a host's file are said.  What it points to
 * lasts until the next call, its host and texts until the release. */
const struct host_taken *hosts_take(
    struct hosts_take *, const char *name, struct err *);
/* One that was taken, or NULL. */
const struct host_taken *hosts_taken(
    const struct hosts_take *, const char *name);
void hosts_take_release(struct hosts_take *);

#endif
