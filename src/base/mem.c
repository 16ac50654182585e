/* The heap: see mem.h for what out of memory means here. */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void *
mem_new(size_t n)
{
	void *p = calloc(1, n ? n : 1);

	if (!p)
		abort();
	return p;
}

void *
mem_grow(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		abort();
	return p;
}

char *
mem_dup(const void *p, size_t n)
{
	char *copy = mem_grow(NULL, n + 1);

	if (n)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

char *
mem_strdup(const char *s)
{
	return s ? mem_dup(s, strlen(s)) : NULL;
}
