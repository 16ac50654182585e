/*
 * Locks of an open file description (F_OFD_SETLK): shared by everyone who
 * inherited the descriptor, given up by the kernel when the last of them is
 * gone.  Open with O_CLOEXEC, or children hold it too.
 */
#ifndef OS_FLK_H
#define OS_FLK_H

#include "base/err.h"

/* Take the whole file, without waiting: 1 when it is ours (also if it was),
 * 0 when somebody else has it, -1 and *e when the file system has no such
 * locks or the descriptor is not open for writing. */
int flk_try(int fd, struct err *);
/* Only ask: 1 when another open file description holds it, 0 when nobody or
 * our own does, -1 and *e. */
int flk_held(int fd, struct err *);
/* Sleep until nobody holds it for himself: 0; -1 and *e.  Signals do not end
 * it: only for a process that may be killed. */
int flk_await(int fd, struct err *);

#endif
