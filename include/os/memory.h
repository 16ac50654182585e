/*
 * How full the memory is that this process may use: the tightest of its
 * control groups (version 2) up to the root, and the machine.
 */
#ifndef OS_MEMORY_H
#define OS_MEMORY_H

#include <stdbool.h>

/* Where to look; tests have a tree of their own. */
struct memory_from {
	const char *meminfo; /* "/proc/meminfo" */
	const char *cgroup;  /* "/proc/self/cgroup" */
	const char *mount;   /* "/sys/fs/cgroup"; no such tree: the machine */
};

/* In per cent, 0 to 100.  False when nobody can tell. */
bool memory_used_pct(const struct memory_from *, double *out);
/* The same of this process. */
bool memory_used_here(double *out);

#endif
