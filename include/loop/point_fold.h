/*
 * The parts of point_apply(): only src/loop/point*.c include
 * this.
 */
#ifndef LOOP_POINT_FOLD_H
#define LOOP_POINT_FOLD_H

#include "loop/point.h"

/* Replace a malloc'ed text; NULL clears it. */
void fold_text(char **slot, const char *text);
/* Replace a box by a copy of `v`; NULL empties it. */
void box_set(struct box *, const struct val *v);
void box_release(struct box *);
/* The frame an event speaks of; NULL when it is not there. */
struct frame *fold_frame(struct point *, const struct event *);
/* Text of a field, "" when it is missing. */
const char *fold_field(const struct event *, const char *key);

/* Forget all fingerprints of a map. */
void marks_release(struct map *);
/* What an evaluation saw: for stall evaluators, and for progress. */
void fold_marks(struct frame *, const struct event *);
void fold_action_start(struct point *, const struct event *);
void fold_action_complete(struct point *, const struct event *);
void fold_evaluate(struct point *, const struct event *);
void fold_messages_append(struct point *, const struct event *);

#endif
