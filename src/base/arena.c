/*
 * Bump allocation in malloc'ed blocks.  A large request gets a block of its
 * own; reset keeps the newest small block and frees the rest.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK = 16384, ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	_Alignas(ALIGN) char bytes[];
};

static struct arena_block *
block_new(size_t room)
{
	struct arena_block *b = mem_grow(NULL, sizeof(*b) + room);

	b->next = NULL;
	b->used = 0;
	b->room = room;
	return b;
}

/* Of room and use alike: what is left of a block is always a multiple. */
static size_t
aligned(size_t n)
{
	return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

void *
arena_new(struct arena *a, size_t n)
{
	struct arena_block *b = a->head;
	size_t need;
	void *p;

	if (n > SIZE_MAX / 2)
		abort();
	need = aligned(n);
	if (!b || b->room - b->used < need) {
		b = block_new(need > BLOCK ? need : BLOCK);
		b->next = a->head;
		a->head = b;
	}
	p = b->bytes + b->used;
	b->used += need;
	return memset(p, 0, n);
}

char *
arena_dup(struct arena *a, const void *p, size_t n)
{
	char *copy = arena_new(a, n + 1);

	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_dup(a, s, strlen(s)) : NULL;
}

/* Into what the newest block has left: most texts fit, and are formatted
 * once. */
char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	struct arena_block *b = a->head;
	size_t room = b ? b->room - b->used : 0;
	char *text = room ? b->bytes + b->used : NULL;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(text, room, fmt, again);
	va_end(again);
	if (n < 0)
		abort();
	if ((size_t)n < room) {
		b->used += aligned((size_t)n + 1);
		return text;
	}
	text = arena_new(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}

static void
free_chain(struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head;

	while (keep && keep->room > BLOCK) {
		struct arena_block *next = keep->next;

		free(keep);
		keep = next;
	}
	a->head = keep;
	if (!keep)
		return;
	free_chain(keep->next);
	keep->next = NULL;
	keep->used = 0;
}

void
arena_release(struct arena *a)
{
	free_chain(a->head);
	a->head = NULL;
}
