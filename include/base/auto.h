/*
 * Cleanup attributes: a handle gives itself back when its name leaves scope.
 * Always initialise; hand over with take_fd() or take_ptr().
 */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

static inline void
auto_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline void
auto_free_ptr(void *p)
{
	free(*(void **)p);
}

static inline void
auto_close_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

#define auto_fd __attribute__((cleanup(auto_close_fd)))
#define auto_free __attribute__((cleanup(auto_free_ptr)))
#define auto_dir __attribute__((cleanup(auto_close_dir)))

/* The descriptor, which the caller now owns; the variable becomes -1. */
static inline int
take_fd(int *fd)
{
	int got = *fd;

	*fd = -1;
	return got;
}

/* The pointer, which the caller now owns; the variable becomes NULL. */
#define take_ptr(p)                         \
	__extension__({                     \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#endif
