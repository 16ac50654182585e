/* JSON text to values and back (jansson behind it for reading). */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "base/err.h"
#include "text/val.h"

enum { JSON_COMPACT = 0, JSON_PRETTY = 1 };

/*
 * One JSON document, all of `text` (blanks around it allowed); any kind at
 * the top.  NULL and *e (ERR_INPUT, with line and column) when it is not
 * JSON, over 64 levels deep, or has a duplicate key.  Nodes get `origin`.
 * Integers outside 64 bits become text with all their digits.
 */
const struct val *json_read(
    struct arena *, const char *text, size_t len, enum origin, struct err *);
/* Append as JSON.  Compact: no blanks.  Text that is not UTF-8 is repaired
 * (U+FFFD); use json_is_exact() to know beforehand.  Not-a-number is null. */
void json_write(struct str *out, const struct val *, int how);
/* Append one JSON string literal for these bytes. */
void json_quote(struct str *out, const char *p, size_t n);
/* Bytes that json_quote() would append, quotes included. */
size_t json_quoted_len(const char *p, size_t n);
/* Can the bytes be written as a JSON string and read back the same? */
bool json_is_exact(const char *p, size_t n);

#endif
