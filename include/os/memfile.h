/*
 * A text that a child reads as a file and that is on no disk: it lies in
 * memory and ends with us, however we end.
 */
#ifndef OS_MEMFILE_H
#define OS_MEMFILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sv.h"

/*
 * A descriptor (close-on-exec) that holds the text, and in *path (in the
 * arena) the name under which processes of the same user can open it for
 * reading as long as the descriptor is open here.  -1 and *e, ERR_IO: the
 * kernel or /proc does not give one.
 */
int memfile_new(
    struct sv text, struct arena *, const char **path, struct err *);
/* A descriptor (close-on-exec) to be read from its start, whose text nobody
 * can change any more.  -1 and *e, ERR_IO. */
int memfile_sealed(struct sv text, struct err *);

#endif
