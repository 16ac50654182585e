/* The shipped host files, inside the program (made from src/hosts/ at build
 * time). */
#ifndef HOST_BUILTIN_H
#define HOST_BUILTIN_H

#include "loop/builtin.h"

extern const struct builtin host_builtins[]; /* a NULL name ends the table */

#endif
