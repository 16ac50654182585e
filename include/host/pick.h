/*
 * Ways to members of a JSON document, as host files write them:
 *
 *   a.b.0          members, and elements by number
 *   a.*.b          every member or element
 *   a.x+y          the members x and y
 *   a.[k=v].text   the elements whose member k is the text v
 *
 * Several may stand in a list: the first that leads to something counts.
 */
#ifndef HOST_PICK_H
#define HOST_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "text/val.h"

enum { PICK_STEPS = 16, PICK_WAYS = 8 };

struct pick_step;

struct pick {
	const struct pick_step *at;
	size_t n;
};

struct picks {
	const struct pick *at;
	size_t n; /* 0: nothing is asked for */
};

/* -1 and *e (ERR_INPUT): what is wrong with the text. */
int pick_compile(
    struct arena *, struct sv text, struct pick *out, struct err *);
/* From a text or a list of texts; NULL gives none. */
int picks_compile(
    struct arena *, const struct val *, struct picks *out, struct err *);

/* Hears each value; false ends it. */
typedef bool pick_visitor(void *self, const struct val *);
/* False when the visitor ended it. */
bool pick_each(
    const struct pick *, const struct val *doc, pick_visitor *, void *self);

/* The first value of these kinds (bits 1u << VAL_...), or NULL. */
const struct val *picks_first(
    const struct picks *, const struct val *doc, unsigned kinds);
/* Append the texts, a blank line between them; false when there is nothing
 * but empty ones. */
bool picks_text(const struct picks *, const struct val *doc, struct str *out);
/* The sum of the whole numbers from 0 to 1e15; false when there is none. */
bool picks_count(const struct picks *, const struct val *doc, long long *out);
/* The sum of the decimals, in millionths: integers, and texts that
 * usd_quote_decimals() made. */
bool picks_usd(const struct picks *, const struct val *doc, long long *out);

#endif
