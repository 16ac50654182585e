/*
 * What the parts of `show --resolved` share: only src/show/resolved*.c
 * include this.
 */
#ifndef SHOW_RESOLVED_PART_H
#define SHOW_RESOLVED_PART_H

#include "show/resolved.h"
#include "show/yaml_out.h"

/* The key that holds what states give to their parameters. */
#define RESOLVED_FRAGMENTS "fragments"

/* The value of a member of a state, with the names of other loops in it made
 * such that the document means the same files. */
const struct val *resolved_words(
    struct arena *, const struct resolved *, const struct member *);

/* The files of a loop and what lies where in them; in the arena. */
struct sources;
struct sources *sources_new(struct arena *, const struct resolved *);
/* Append what the document is made of, as comments. */
void sources_head(const struct sources *, struct str *out);
/* A yaml_note: who wrote it, when it was not the loop's own file. */
void sources_note(void *, const struct yaml_spot *, struct str *out);

#endif
