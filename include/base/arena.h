/*
 * Memory by lifetime: what dies together is freed together.  A loop has one
 * arena (immutable after load), a step has one (reset after each step).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

/* Zero-initialised is empty and ready: `struct arena a = ARENA_INIT;` */
struct arena {
	struct arena_block *head;
};

#define ARENA_INIT   \
	{            \
		NULL \
	}

/* `n` zeroed bytes, aligned for any type, valid until release or reset. */
void *arena_new(struct arena *, size_t n);
/* A copy of `n` bytes with a NUL after them. */
char *arena_dup(struct arena *, const void *p, size_t n);
/* A copy of a NUL-ended string; NULL for NULL. */
char *arena_strdup(struct arena *, const char *s);
/* Formatted text. */
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Empty it but keep one block, so that a step costs no malloc. */
void arena_reset(struct arena *);
/* Give all memory back; the arena is empty and ready again. */
void arena_release(struct arena *);

/* The arena releases itself when its name leaves scope. */
#define auto_arena __attribute__((cleanup(arena_release))) struct arena

#endif
