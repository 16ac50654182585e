/* Base64 (RFC 4648, with padding), for bytes that are not UTF-8. */
#ifndef BASE_B64_H
#define BASE_B64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

void b64_encode(struct str *out, const void *p, size_t n);
/* Append the bytes; false (and nothing appended) for anything malformed. */
bool b64_decode(struct str *out, const char *p, size_t n);

#endif
