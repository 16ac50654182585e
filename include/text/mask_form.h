/*
 * The forms in which a value comes back from programs: as it is, each of its
 * lines, and inside JSON, shell quotes, percent signs and base64.
 */
#ifndef TEXT_MASK_FORM_H
#define TEXT_MASK_FORM_H

#include "base/sv.h"

enum {
	MASK_MIN = 4,          /* shorter texts are everywhere */
	MASK_FORMS_MAX = 65536 /* of longer values: only bytes, lines, JSON */
};

typedef void mask_form_hear(void *self, struct sv form);

/* Give each form of at least MASK_MIN bytes; some may come twice. */
void mask_forms(struct sv value, mask_form_hear *, void *self);

#endif
