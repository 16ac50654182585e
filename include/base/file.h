/* Files: read all of one within a bound, put one whole, make directories. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

/* Append the content of a regular file to `out`; -1 when it is not regular
 * (never blocks on a FIFO), unreadable (ERR_ABSENT if missing) or larger
 * than `max` bytes (ERR_INPUT). */
int file_read(const char *path, size_t max, struct str *out, struct err *);
/* Write all bytes; EINTR and short writes are handled. -1 with errno. */
int file_write_all(int fd, const void *p, size_t n);
/* The same at an offset. */
int file_write_at(int fd, const void *p, size_t n, long long at);
/* read(2), fsync(2), that no signal interrupts. */
ssize_t file_read_some(int fd, void *p, size_t n);
int file_sync(int fd);
/* Put a file whole: temporary beside it, write, fsync, rename, fsync of the
 * directory. */
int file_put(const char *path, const void *p, size_t n, int mode, struct err *);
/* mkdir for each missing component, with this mode. */
int file_mkdirs(const char *path, int mode, struct err *);
/* The same with mode 0777 (umask holds); when the last one was missing, it
 * gets a .gitignore of "*", and is never there without. */
int file_mkdir_ignored(const char *path, struct err *);
bool file_exists(const char *path);
bool file_is_dir(const char *path);
bool file_is_regular(const char *path);

#endif
