/*
 * Values that nobody may see: found in text, bytes on their way and value
 * trees, also in the forms of text/mask_form, and replaced by `***`.
 */
#ifndef TEXT_MASK_H
#define TEXT_MASK_H

#include <stdbool.h>

#include "text/sieve.h"
#include "text/val.h"

struct mask;

struct mask *mask_new(void);
void mask_free(struct mask *); /* NULL is fine */

/* Can it be hidden?  It must have a line of MASK_MIN bytes without the blanks
 * around it: `***` for every "a" would hide everything and say so. */
bool mask_can_hide(struct sv value);
/* Hide this value and its forms; nothing happens when it cannot be hidden.
 * Counts after the next mask_seal(). */
void mask_add(struct mask *, struct sv value);
/* Before any use; again after more mask_add(). */
void mask_seal(struct mask *);
/* Is there nothing to hide? */
bool mask_is_empty(const struct mask *);

/* For bytes on their way (text/sieve). */
struct sieve mask_sieve(const struct mask *);
/* Is some of it to be hidden? */
bool mask_hits(const struct mask *, struct sv);
/* Append the text, masked. */
void mask_text(const struct mask *, struct sv, struct str *out);
/* In place, a `*` for each byte but newlines: places in the text stay. */
void mask_cover(const struct mask *, char *p, size_t n);
/* As mask_val(), and numbers are hidden like texts; in a record they are
 * times and counts, in what a user gave they may be a secret. */
const struct val *mask_numbers(
    const struct mask *, struct arena *, const struct val *);
/* The value with its texts and keys masked; the same pointer when there is
 * nothing to hide.  Keys of a map stay different from each other; places and
 * origins stay. */
const struct val *mask_val(
    const struct mask *, struct arena *, const struct val *);

#endif
