/*
 * A control group (version 2) for the tree of one action, where the system
 * lets us make one: it bounds the tree as a whole, and says when the kernel
 * killed for want of memory.
 */
#ifndef OS_CGROUP_H
#define OS_CGROUP_H

#include <stdbool.h>

#include "os/limit.h"

/* Zero-initialised is none. */
struct cgroup {
	char *dir;  /* NULL: none */
	char *home; /* of our own group */
};

/*
 * Make one beside or below our own group, whose path is `own` in the tree
 * that is mounted on `mount`: in a group that we may write to and that hands
 * down what the limits need.  False when there is no such place.
 */
bool cgroup_make(
    struct cgroup *, const char *mount, const char *own, const struct limits *);
/* The same in the tree that this process is in. */
bool cgroup_make_here(struct cgroup *, const struct limits *);
/* How often the kernel killed in it for want of memory. */
long long cgroup_oom_kills(const struct cgroup *);
/* KILL to all in it, at once. */
void cgroup_kill(const struct cgroup *);
/* What still lives in it goes into our own group; then it is removed. */
void cgroup_release(struct cgroup *);

#endif
