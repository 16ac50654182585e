/* Chance, from the kernel.  What is drawn for a run belongs into an event. */
#ifndef OS_LOT_H
#define OS_LOT_H

#include <stdbool.h>

enum { LOT_HEX = 17 /* with the NUL */ };

/* 16 hex digits that nobody can know; returns `out`. */
const char *lot_hex(char out[LOT_HEX]);
/* A coin. */
bool lot_flip(void);

#endif
