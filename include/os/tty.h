/* What the terminal can do. */
#ifndef OS_TTY_H
#define OS_TTY_H

#include <stdbool.h>

enum tty_colour { TTY_AUTO, TTY_ALWAYS, TTY_NEVER };

bool tty_is(int fd);
/* Columns: COLUMNS if it is a number in 1..10000, else the terminal's, else
 * 80. */
int tty_width(int fd);
/* May we send colours? TTY_AUTO: to a terminal whose TERM is set and not
 * "dumb", unless NO_COLOR is set and not empty. */
bool tty_has_colour(enum tty_colour, int fd);

#endif
