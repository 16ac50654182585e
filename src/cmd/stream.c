/*
 * Descriptors 1 and 2.  Owns the writing and what is known of the terminal
 * behind them.  A descriptor that was closed when we started is a reader
 * that left: it gets /dev/null and nothing is said.
 */
#include "cmd/stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sv.h"

/* How long a run waits for a reader that does not read. */
enum { PATIENCE_MS = 5000 };

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

/* 0 when `fd` takes at least PIPE_BUF bytes (or is broken, which the write
 * tells), ETIMEDOUT when its reader stopped. */
static int
await_reader(int fd)
{
	long long until = clock_ms() + PATIENCE_MS, left;
	struct pollfd p = { fd, POLLOUT, 0 };

	while ((left = until - clock_ms()) > 0)
		if (poll(&p, 1, (int)left) > 0)
			return 0;
	return ETIMEDOUT;
}

/* Slices that a pipe takes whole: a longer write would wait inside. */
static int
write_soon(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t got;

		if (await_reader(fd) != 0)
			return ETIMEDOUT;
		got = write(fd, p, n < PIPE_BUF ? n : PIPE_BUF);
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return errno;
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
	return 0;
}

static int
write_soon_1(void *self, const char *p, size_t n)
{
	(void)self;
	return write_soon(1, p, n);
}

static int
write_soon_2(void *self, const char *p, size_t n)
{
	(void)self;
	return write_soon(2, p, n);
}

void
stream_hurry(struct out *o)
{
	o->write = o->write == write_1 ? write_soon_1 : write_soon_2;
}

static bool
set(const char *name)
{
	const char *v = getenv(name);

	return v && *v;
}

/* The locale by its name: asking the C library would load it, and its search
 * without regard to case costs more pages than all else here. */
static bool
names_utf8(const char *locale)
{
	for (const char *p = locale; *p; p++)
		if ((p[0] | 32) == 'u' && (p[1] | 32) == 't' &&
		    (p[2] | 32) == 'f' && p[3 + (p[3] == '-')] == '8')
			return true;
	return false;
}

static bool
is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (set(names[i]))
			return names_utf8(getenv(names[i]));
	return false;
}

static int
columns(int fd, bool tty)
{
	long long asked;
	struct winsize w;

	if (set("COLUMNS") &&
	    sv_to_long(sv(getenv("COLUMNS")), 20, 10000, &asked))
		return (int)asked;
	if (!tty)
		return 0;
	return ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

void
stream_init(struct out *o, int fd)
{
	bool tty = isatty(fd);

	*o = (struct out) {
		.write = fd == 1 ? write_1 : write_2,
		.buf = STR_INIT,
		.tty = tty,
		.utf8 = is_utf8(),
		.width = columns(fd, tty),
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
