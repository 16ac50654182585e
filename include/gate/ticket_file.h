/* A ticket as a file: what those who draw and those who ask share. */
#ifndef GATE_TICKET_FILE_H
#define GATE_TICKET_FILE_H

#include <stdbool.h>

enum { TICKET_DIGITS = 8, TICKET_NUMBER_MAX = 99999999 };

/* open() that follows no link, never blocks, and closes on exec. */
int ticket_open(const char *path, int how);
/* "00000007.RUN" -> 7 and RUN; false for any other name. */
bool ticket_name(const char *name, long long *number, const char **run);

#endif
