/* The terminal, asked and never changed: no raw mode, no foreground group. */
#include "os/tty.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/sv.h"

#define WIDTH_MAX 10000
#define WIDTH_ELSE 80

bool
tty_is(int fd)
{
	return isatty(fd) == 1;
}

int
tty_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize ws;
	long long n;

	if (columns && sv_to_long(sv(columns), 1, WIDTH_MAX, &n))
		return (int)n;
	if (ioctl(fd, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0)
		return ws.ws_col < WIDTH_MAX ? ws.ws_col : WIDTH_MAX;
	return WIDTH_ELSE;
}

bool
tty_has_colour(enum tty_colour mode, int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (mode != TTY_AUTO)
		return mode == TTY_ALWAYS;
	return tty_is(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}
