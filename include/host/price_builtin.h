/* The shipped price table, inside the program (made from src/prices/ at build
 * time). */
#ifndef HOST_PRICE_BUILTIN_H
#define HOST_PRICE_BUILTIN_H

#include "loop/builtin.h"

extern const struct builtin price_builtins[]; /* a NULL name ends the table */

#endif
