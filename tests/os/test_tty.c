/* A pseudo-terminal of our own, so the test's output may go anywhere. */
#include "os/tty.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "test.h"

static int
open_terminal(int *master)
{
	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	cr_assert(*master >= 0);
	cr_assert_eq(grantpt(*master), 0);
	cr_assert_eq(unlockpt(*master), 0);
	return open(ptsname(*master), O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static void
put_env(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

TEST(tty, width)
{
	static const struct {
		const char *columns;
		int col, expect;
	} cases[] = {
		{ NULL, 101, 101 },
		{ "50", 101, 50 },
		{ "0", 101, 101 },
		{ "", 101, 101 },
		{ "12x", 101, 101 },
		{ "99999999999", 101, 101 },
		{ NULL, 0, 80 },
		{ NULL, 60000, 10000 },
	};
	auto_fd int master = -1;
	auto_fd int fd = open_terminal(&master);
	auto_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	cr_assert(tty_is(fd));
	cr_assert_not(tty_is(null));
	cr_assert_not(tty_is(-1));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct winsize ws = { .ws_row = 1,
			.ws_col = (unsigned short)cases[i].col };

		put_env("COLUMNS", cases[i].columns);
		cr_assert_eq(ioctl(fd, TIOCSWINSZ, &ws), 0);
		cr_assert_eq(tty_width(fd), cases[i].expect, "%zu", i);
	}
	put_env("COLUMNS", NULL);
	cr_assert_eq(tty_width(null), 80);
	cr_assert_eq(tty_width(-1), 80);
}

TEST(tty, colour)
{
	static const struct {
		enum tty_colour mode;
		const char *no, *term;
		bool terminal, expect;
	} cases[] = {
		{ TTY_AUTO, NULL, "xterm", true, true },
		{ TTY_AUTO, "", "xterm", true, true },
		{ TTY_AUTO, "1", "xterm", true, false },
		{ TTY_AUTO, NULL, "dumb", true, false },
		{ TTY_AUTO, NULL, NULL, true, false },
		{ TTY_AUTO, NULL, "xterm", false, false },
		{ TTY_ALWAYS, "1", "dumb", false, true },
		{ TTY_NEVER, NULL, "xterm", true, false },
	};
	auto_fd int master = -1;
	auto_fd int fd = open_terminal(&master);
	auto_fd int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < COUNT(cases); i++) {
		put_env("NO_COLOR", cases[i].no);
		put_env("TERM", cases[i].term);
		cr_assert_eq(tty_has_colour(
				 cases[i].mode, cases[i].terminal ? fd : null),
		    cases[i].expect, "%zu", i);
	}
}
