/*
 * What the parts of the outline share: only src/show/outline*.c include
 * this.
 */
#ifndef SHOW_OUTLINE_PART_H
#define SHOW_OUTLINE_PART_H

#include "show/outline.h"

/* A written transition, in the order in which they are tried. */
struct way {
	const char *on; /* the verdict, or the key without `on_` */
	const char *to;
};

/* Text as it stands on one line of a table, cut at `max` characters (0:
 * never); in the arena. */
const char *outline_cell(
    struct arena *, const struct out *, struct sv text, int max);
/* What stands for the value of a secret. */
#define OUTLINE_HIDDEN "***"

/* All ways out of a state, in the arena. */
const struct way *outline_ways(struct arena *, const struct state *, size_t *n);
/* "shell", "loop", "end", ... */
const char *outline_kind(const struct state *);

/* The table of states; each state in full; limits, scope and inputs. */
void outline_states(struct out *, const struct outline *);
void outline_bodies(struct out *, const struct loop *);
void outline_limits(struct out *, const struct outline *);
/* Who else set this limit of the loop, or NULL. */
const struct outline_over *outline_over(
    const struct outline *, const char *name);
void outline_inputs(struct out *, const struct loop *);

#endif
