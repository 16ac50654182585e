/* A directory and all that is in it, taken away. */
#ifndef OS_ERASE_H
#define OS_ERASE_H

#include "base/err.h"

/* What is not there is gone already: 0.  Links are removed, not followed;
 * other file systems mounted inside are refused.  -1: something is left. */
int erase_tree(const char *path, struct err *);

#endif
