/* Parts of ref_parse(): only src/text/ref*.c include this. */
#ifndef TEXT_REF_PROPERTY_H
#define TEXT_REF_PROPERTY_H

#include "text/ref.h"

/* A body for a message: one line, not long; in the arena of the source. */
const char *ref_show(const struct ref_source *, struct sv text);
/* Does its namespace hold the first name of its path?  False with E403; what
 * only looks cut off like a shell slice is taken with W406. */
bool ref_check_property(const struct ref_source *, const struct ref *);

#endif
