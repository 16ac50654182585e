/* Where the lines of a text file begin, and whether it is text at all. */
#ifndef TEXT_LINES_H
#define TEXT_LINES_H

#include "base/diag.h"
#include "base/sv.h"
#include "base/vec.h"

struct lines {
	const char *file; /* name in places, as given */
	struct sv text;
	VEC(size_t) start; /* byte offset of each line */
};

/* Look at a text that must outlive it.  A byte order mark of UTF-8 is left
 * out of `text`.  False when it is not UTF-8 or holds a NUL byte: then E002
 * was added.  Release it in any case. */
bool lines_init(
    struct lines *, const char *file, struct sv text, struct diags *);
/* Line and column of a byte. */
struct place lines_place(const struct lines *, size_t off);
/* By how many columns the YAML block `value` is indented whose `|` stands
 * on line `line` (from 1). */
size_t lines_indent(const struct lines *, int line, struct sv value);
void lines_release(struct lines *);

#endif
