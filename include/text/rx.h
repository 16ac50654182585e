/*
 * Regular expressions: PCRE2 with match, depth and heap limits on every
 * call.  A limit that is hit is an error, never "no match".
 */
#ifndef TEXT_RX_H
#define TEXT_RX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct rx;

/* Compile for matching bytes that may be invalid UTF-8.  NULL and *e
 * (ERR_INPUT, "offset N: why") when it does not compile. */
struct rx *rx_new(const char *pattern, size_t len, struct err *);
/* 1 found, 0 not found, -1 with *e: a limit, or PCRE2's own error. */
int rx_search(const struct rx *, const char *text, size_t len, struct err *);
/* The same from byte `from` on; the match is [*start, *end). */
int rx_search_at(const struct rx *, const char *text, size_t len, size_t from,
    size_t *start, size_t *end, struct err *);
void rx_free(struct rx *); /* NULL is fine */

#endif
