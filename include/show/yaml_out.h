/*
 * Values as YAML, exactly: what is written reads back as the same value in
 * the same order (text/yml), with a comment behind what deserves one.
 */
#ifndef SHOW_YAML_OUT_H
#define SHOW_YAML_OUT_H

#include "base/str.h"
#include "text/val.h"

/* Where a value stands in the document that is written. */
struct yaml_spot {
	const struct yaml_spot *up;  /* what it stands in; NULL: the document */
	const struct member *member; /* NULL: in a list, or the document */
	const struct val *v;
};

/* Append the comment on this value, one line without `#`; or nothing. */
typedef void yaml_note(void *self, const struct yaml_spot *, struct str *out);

/*
 * Append the document, with a newline at its end.  `note` may be NULL; the
 * document itself is not asked about.  Texts must not hold NUL; bytes that
 * are not UTF-8 are written as U+FFFD, and not-a-number reads back as itself.
 */
void yaml_write(struct str *out, const struct val *, yaml_note *, void *self);
/* Append one line of a comment: `# `, the text, a newline. */
void yaml_comment(struct str *out, const char *text);

#endif
