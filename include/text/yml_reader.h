/*
 * What yml.c and yml_reader.c share: libyaml's events one by one, with
 * places, limits and complaints.  For these two files only.
 */
#ifndef TEXT_YML_READER_H
#define TEXT_YML_READER_H

#include <yaml.h>

#include "base/map.h"
#include "text/lines.h"
#include "text/yml.h"

struct reader {
	yaml_parser_t parser;
	yaml_event_t event; /* the current one, owned */
	struct arena *mem;
	struct lines lines;
	struct map anchors; /* name -> struct anchor */
	struct str path;
	struct diags *diags;
	size_t nodes;
	int height; /* levels of the node that was read last */
};

struct place reader_place(const struct reader *, yaml_mark_t);
/* Dotted path of the node that is being read. */
const char *reader_path(const struct reader *);
/* Go on to the next event; false when there is none, which was said. */
bool reader_next(struct reader *);
/* So many nodes more; false when that is too many, which was said. */
bool reader_count(struct reader *, size_t nodes);
/* The tag without its prefix; "" for none.  NULL when it is not one of the
 * core schema's in `allowed` (words), which was said. */
const char *reader_tag(
    struct reader *, const yaml_char_t *raw, const char *allowed);
/* The scalar at the current event; NULL when it is wrong, which was said. */
struct val *reader_scalar(struct reader *);

/* Complain about the current event. */
#define refuse(rd, id, ...)                                                 \
	diag_add((rd)->diags, reader_place(rd, (rd)->event.start_mark), id, \
	    reader_path(rd), __VA_ARGS__)

#endif
