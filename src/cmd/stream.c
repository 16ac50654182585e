/*
 * Descriptors 1 and 2.  Owns the writing and what is known of the terminal
 * behind them.  A descriptor that was closed when we started is a reader
 * that left: it gets /dev/null and nothing is said.
 */
#include "cmd/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/sv.h"

static int
write_1(void *self, const char *p, size_t n)
{
	(void)self;
	return file_write_all(1, p, n) < 0 ? errno : 0;
}

static int
write_2(void *self, const char *p, size_t n)
{
	(void)self;
	return file_write_all(2, p, n) < 0 ? errno : 0;
}

void
stream_fill(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd < 3);
	if (fd >= 3)
		close(fd);
}

static bool
set(const char *name)
{
	const char *v = getenv(name);

	return v && *v;
}

/* The locale by its name: asking the C library would load it. */
static bool
is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (set(names[i]))
			return strcasestr(getenv(names[i]), "utf-8") ||
			    strcasestr(getenv(names[i]), "utf8");
	return false;
}

static int
columns(int fd)
{
	long long asked;
	struct winsize w;

	if (set("COLUMNS") &&
	    sv_to_long(sv(getenv("COLUMNS")), 20, 10000, &asked))
		return (int)asked;
	if (!isatty(fd))
		return 0;
	return ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

void
stream_init(struct out *o, int fd)
{
	*o = (struct out) {
		.write = fd == 1 ? write_1 : write_2,
		.buf = STR_INIT,
		.tty = isatty(fd),
		.utf8 = is_utf8(),
		.width = columns(fd),
	};
	stream_colour(o, "auto");
}

void
stream_colour(struct out *o, const char *when)
{
	const char *term = getenv("TERM");
	bool dumb = !term || strcmp(term, "dumb") == 0;

	if (strcmp(when, "auto") != 0)
		o->colour = strcmp(when, "always") == 0;
	else
		o->colour = !set("NO_COLOR") &&
		    ((o->tty && !dumb) || set("FORCE_COLOR"));
}

bool
stream_failed(const struct out *o)
{
	return o->lost && o->lost != EPIPE;
}
