/* Sizes as people write them: 65536, 64K, 64M, 1.5GiB, 2 GB. */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdbool.h>

#include "base/str.h"
#include "base/sv.h"

/* What size_parse() takes, for messages: "... must be " SIZE_WORDS. */
#define SIZE_WORDS "a size like 65536, 64K, 64M or 1GiB"

/*
 * Bytes: a number, then perhaps a blank and a unit of any case: B; K, M, G,
 * T and KiB, MiB, GiB, TiB are powers of 1024; KB, MB, GB, TB of 1000.  A
 * fraction needs a unit other than B.  Whole text; false and *out untouched
 * for anything else, a negative number and more than 2^53.
 */
bool size_parse(struct sv, long long *out);
/* Append the text with the largest unit that is exact: "64 MiB", "1500".
 * size_parse() reads it back.  `n` is not negative. */
void size_add(struct str *, long long n);

#endif
