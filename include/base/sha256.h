/* SHA-256 (FIPS 180-4), for `input_hash` only: names, not secrets. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

enum { SHA256_LEN = 32 };

void sha256(const void *p, size_t n, unsigned char out[SHA256_LEN]);

#endif
