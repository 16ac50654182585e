/*
 * Sleep until something happens to files: inotify.  Nothing wakes it while
 * nothing happens.
 */
#ifndef OS_WATCH_H
#define OS_WATCH_H

#include <stdbool.h>

#include "base/err.h"

struct watch {
	int fd;
};

/* -1 and *e when the system has no more of them (ERR_IO). */
int watch_init(struct watch *, struct err *);
/*
 * From now on notice writing to it, its writer closing it (also by dying),
 * its removal; of a directory: of the files in it, and new ones.  Again is
 * fine.  False when there is no such file (yet).
 */
bool watch_add(struct watch *, const char *path);
/* Wait for that, or for the reader of `out` (a descriptor that is written to,
 * or -1) to leave.  1: something happened; 0: the reader left; -1 and *e. */
int watch_wait(struct watch *, int out, struct err *);
/* The same for at most `ms`, or until `in` (-1: none) can be read.  1:
 * something happened; 0: the time is up, or `in`; -1 and *e.  Without a
 * watch (fd -1) nothing happens. */
int watch_nap(struct watch *, int in, long long ms, struct err *);
/* Twice is fine. */
void watch_release(struct watch *);

#endif
