/*
 * The heap, with one answer to its end: abort.  Locks are the kernel's and
 * files are written whole, so dying here loses nothing (house R8).
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* `n` zeroed bytes; never NULL, also for 0. The caller frees. */
void *mem_new(size_t n);
/* realloc() that never fails. */
void *mem_grow(void *p, size_t n);
/* A copy of `n` bytes, with a NUL after them. The caller frees. */
char *mem_dup(const void *p, size_t n);
/* A copy of a NUL-ended string; NULL for NULL. The caller frees. */
char *mem_strdup(const char *s);

#endif
