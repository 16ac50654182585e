/* Single values as text. */
#ifndef TEXT_SCALAR_H
#define TEXT_SCALAR_H

#include "text/val.h"

/* Append a value that is no list and no map: null as nothing, true/false,
 * integers without point, reals by scalar_real(), text as its bytes. */
void scalar_write(struct str *out, const struct val *);
/* Append the shortest text that reads back the same, with ".0" when it would
 * look like an integer (Steele & White 1990; by trying precisions); "inf",
 * "-inf" and "nan" as they are. */
void scalar_real(struct str *out, double);

#endif
