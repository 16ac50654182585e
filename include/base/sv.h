/* A slice of text while parsing, and strict numbers. It owns nothing. */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>

struct sv {
	const char *p;
	size_t n;
};

/* For printf: `"%.*s", SV_ARG(s)`. */
#define SV_ARG(s) (int)(s).n, (s).p

struct sv sv(const char *s);
struct sv sv_make(const char *p, size_t n);
bool sv_eq(struct sv, const char *s);
bool sv_starts(struct sv, const char *prefix);
bool sv_ends(struct sv, const char *suffix);
/* Without the blanks (space, tab, CR, LF) at both ends. */
struct sv sv_trim(struct sv);
/* Without CR and LF at the end (what a captured output loses). */
struct sv sv_chomp(struct sv);
/* Cut the next field off `*rest` at `sep`; false when nothing is left. */
bool sv_cut(struct sv *rest, char sep, struct sv *field);
/* A decimal integer, whole text, in [min, max]. False and *out untouched
 * for anything else (blanks, '+', hex, overflow). */
bool sv_to_long(struct sv, long long min, long long max, long long *out);
/* A decimal number as strtod reads it, whole text; refuses hex, inf, nan,
 * blanks inside and an empty text (spec/execution.md 3.2 [F]). */
bool sv_to_real(struct sv, double *out);
/* Edit distance of two words, capped at `max` + 1 (Levenshtein 1966). */
int sv_distance(const char *a, const char *b, int max);

#endif
