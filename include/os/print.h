/*
 * Fingerprints of files: two equal ones mean that nobody changed what is
 * there.  Content counts, times do not, as long as there is not too much of
 * it; from then on a file's size and time stand for it.
 */
#ifndef OS_PRINT_H
#define OS_PRINT_H

#include "base/err.h"
#include "text/val.h"

enum { PRINT_HEX = 17 }; /* 16 hex digits and a NUL */

struct print;

struct print *print_new(void);
void print_free(struct print *); /* NULL is fine */
void print_bytes(struct print *, const void *, size_t);
/* What is at `path`, under the name `name`: a file with its content, a link
 * with its target, a directory as such, or that there is nothing. */
void print_file(struct print *, const char *path, const char *name);
/*
 * The same, and below a directory everything in it but `.git` and `.loops`,
 * in the order of names.  `skip` is a list of cleaned absolute paths that are
 * passed over with what is below them.  -1 and *e when there are too many
 * files or directories too deep.
 */
int print_tree(struct print *, struct arena *, const char *path,
    const struct val *skip, struct err *);
/* How many files were looked at. */
size_t print_count(const struct print *);
const char *print_hex(const struct print *, char out[PRINT_HEX]);
/* The fingerprint of one text. */
const char *print_text(struct sv, char out[PRINT_HEX]);

#endif
