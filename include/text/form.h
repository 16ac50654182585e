/*
 * A value in whose texts references may stand: what a sub-loop is given
 * (`with`), the items of a `parallel`.  Compiled once at load like a
 * template; filling gives a value of the same shape.  Keys are never
 * touched.
 */
#ifndef TEXT_FORM_H
#define TEXT_FORM_H

#include "text/tmpl.h"

struct form; /* immutable, in the arena it was compiled into */

struct form_source {
	const struct val *v;
	const char *path; /* for the diagnostics */
	const char *item; /* as of tmpl_compile_item(); NULL: no items here */
};

/* Always gives a form; what is wrong with its texts is in the diags, as
 * tmpl_compile() says it, each under its own path ("with.a.b", "items[2]"). */
const struct form *form_compile(
    struct arena *, const struct form_source *, struct diags *);
/* Is there no reference in it? */
bool form_is_plain(const struct form *);
/* What was written. */
const struct val *form_src(const struct form *);
/* The form of a member of a map; NULL when absent or of another kind. */
const struct form *form_get(const struct form *map, const char *key);
/* Call for each text that has references, in the order of the file. */
typedef void form_visitor(void *self, const char *path, const struct tmpl *);
void form_each(const struct form *, form_visitor *, void *self);
/*
 * The value with its references filled in.  A text with references becomes
 * text, also when it is one single reference, with the worst origin used;
 * what is literal stays as it is, origin too.  NULL and *e (ERR_INPUT, or
 * what the lookup says) naming the reference and its place.
 */
const struct val *form_fill(
    const struct form *, const struct lookup *, struct arena *, struct err *);

#endif
