/* Long text in the width of the screen. */
#ifndef SHOW_WRAP_H
#define SHOW_WRAP_H

#include "base/sv.h"
#include "show/out.h"

/*
 * Append a text, its paragraphs broken between words at `width` columns (0:
 * its lines as they are), each line begun with `indent` blanks and ended with
 * a newline.  A word that is longer than a line stands alone; lines that are
 * indented or begin a list are not joined with the one before.  Control bytes
 * are made visible; empty lines at both ends are dropped.
 */
void wrap_text(struct out *, struct sv text, int indent, int width);

/* Every line as it is: program text. */
void wrap_lines(struct out *, struct sv text, int indent);

#endif
