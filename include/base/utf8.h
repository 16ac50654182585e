/* UTF-8: validate, cut, and make bytes fit to be shown. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Bytes of the valid sequence at `p` (1 to 4), or 0. RFC 3629: no
 * surrogates, no overlong forms, nothing over U+10FFFF. */
size_t utf8_len(const char *p, size_t n);
/* Is it valid all through? NUL counts as valid. */
bool utf8_valid(const char *p, size_t n);
/* The largest length <= `max` that does not cut a sequence in two. */
size_t utf8_floor(const char *p, size_t n, size_t max);
/* Append the bytes with each invalid one replaced by U+FFFD. */
void utf8_repair(struct str *out, const char *p, size_t n);
/* The same, and control characters (ESC, CR, NUL …) but tab and newline
 * become visible: "\x1b". For a terminal. */
void utf8_show(struct str *out, const char *p, size_t n);
/* The same with newlines visible too, for what must stay on one line. */
void utf8_show_line(struct str *out, const char *p, size_t n);
/* Has it no control characters, tab and newline included? */
bool utf8_is_plain(const char *p, size_t n);
/* Characters (code points) in the first `n` bytes. */
size_t utf8_count(const char *p, size_t n);
/* Columns that they take on a terminal: two for East Asian wide characters
 * and emoji, none for marks that stand on the one before. */
size_t utf8_columns(const char *p, size_t n);

#endif
