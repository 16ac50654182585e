/*
 * inotify.  What happened is not told, only that something did: who waits
 * looks again himself, so that a queue that ran over loses nothing.
 */
#include "os/watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

int
watch_init(struct watch *w, struct err *e)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return err_sys(e, "inotify");
	w->fd = fd;
	return 0;
}

bool
watch_add(struct watch *w, const char *path)
{
	return inotify_add_watch(w->fd, path,
		   IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE |
		       IN_DELETE_SELF | IN_MOVE_SELF) >= 0;
}

/* Forget what is waiting; it is one wake-up. */
static void
drain(int fd)
{
	char buf[4096]
	    __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n;

	do
		n = read(fd, buf, sizeof(buf));
	while (n > 0 || (n < 0 && errno == EINTR));
}

int
watch_wait(struct watch *w, int out, struct err *e)
{
	struct pollfd p[] = { { w->fd, POLLIN, 0 }, { out, 0, 0 } };
	int n;

	do
		n = poll(p, 2, -1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(e, "poll");
	if (p[1].revents)
		return 0;
	drain(w->fd);
	return 1;
}

int
watch_nap(struct watch *w, int in, long long ms, struct err *e)
{
	struct pollfd p[] = { { w->fd, POLLIN, 0 }, { in, POLLIN, 0 } };
	int n = poll(p, 2, ms < INT_MAX ? (int)ms : INT_MAX);

	if (n < 0 && errno != EINTR)
		return err_sys(e, "poll");
	if (n <= 0 || !p[0].revents)
		return 0;
	drain(w->fd);
	return 1;
}

void
watch_release(struct watch *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = -1;
}
