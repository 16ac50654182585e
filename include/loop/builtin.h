/* The shipped loops, inside the program (made from loops/ at build time). */
#ifndef LOOP_BUILTIN_H
#define LOOP_BUILTIN_H

#include <stddef.h>

struct builtin {
	const char *name; /* NULL ends the table */
	const char *text;
	size_t len;
};

extern const struct builtin builtins[];

#endif
