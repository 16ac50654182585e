/*
 * A process that takes over when we are gone: it is there at once, has a
 * number, and does nothing until then.
 */
#ifndef OS_HEIR_H
#define OS_HEIR_H

#include <sys/types.h>

#include "base/err.h"

struct heir_spec {
	const char *file; /* executed as it is; PATH is not searched */
	char *const *argv, *const *env;
	const char *cwd;
	int in;   /* becomes its standard input; -1: /dev/null */
	int life; /* the reading end of a pipe: it begins when nobody has the
	           * other end any more */
};

/*
 * Its number.  It has a session of its own, nothing of ours is open in it but
 * what it waits for, and it prints to nobody.  -1 and *e: there is none.
 */
pid_t heir_make(const struct heir_spec *, struct err *);

#endif
