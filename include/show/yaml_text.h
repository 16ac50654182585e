/* One text as YAML, in the plainest form that reads back the same bytes. */
#ifndef SHOW_YAML_TEXT_H
#define SHOW_YAML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum { YAML_STEP = 2 }; /* columns a level; what a block's head counts with */

/* Is it a literal block: several lines, nothing that YAML cannot show? */
bool yaml_text_is_block(struct sv);
/* Append `|`, with what the block needs to be told: `|2-`. */
void yaml_text_head(struct str *out, struct sv);
/* Append its lines, each from this column on, with a newline at the end. */
void yaml_text_block(struct str *out, struct sv, size_t indent);
/* Append it on one line: plain, '...' or "...".  Also what a stricter or
 * older reader would take for a number, a date or a boolean is quoted. */
void yaml_text_line(struct str *out, struct sv);
/* The same for a key, which is always text. */
void yaml_text_key(struct str *out, struct sv);
/* Append it as part of a comment: one line, everything visible. */
void yaml_text_comment(struct str *out, struct sv);

#endif
