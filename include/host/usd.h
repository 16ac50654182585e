/*
 * Money: US dollars as whole millionths, from a host's decimals, which never
 * pass through a floating number.
 */
#ifndef HOST_USD_H
#define HOST_USD_H

#include <stdbool.h>

#include "base/str.h"
#include "base/sv.h"

#define USD_MAX 1000000000000000LL /* 1e9 dollars */

/* A decimal as JSON writes numbers, at most a thousand million dollars, in
 * millionths; a seventh decimal is rounded, half up.  False and *micro
 * untouched for anything else, below zero too. */
bool usd_parse(struct sv, long long *micro);
/* The sum of what is not negative; not more than USD_MAX. */
long long usd_add(long long a, long long b);
/* Append dollars with six decimals: "0.012346". */
void usd_write(struct str *out, long long micro);
/* Append a JSON text whose numbers with a point or an exponent have become
 * strings of the same characters; all else stays, also what is no JSON. */
void usd_quote_decimals(struct str *out, const char *json, size_t n);

#endif
