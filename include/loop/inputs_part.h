/*
 * How a context is put together: only src/loop/inputs*.c and calling.c
 * include this.
 */
#ifndef LOOP_INPUTS_PART_H
#define LOOP_INPUTS_PART_H

#include "loop/inputs.h"

/* Who gives; what comes from the loop's own file is not held against its
 * parameters, the loader has done that. */
extern const char inputs_by_file[], inputs_by_default[];

/* A context while it is put together. */
struct build {
	struct arena *a;
	const struct loop *l;
	struct val *map, *givers;
	struct diags *diags;
	/* Another loop gives: what its file says may be shell text. */
	bool called;
	/* More names of secrets, or NULL; is there one in a text? or NULL. */
	const struct val *secrets;
	bool (*is_secret)(void *self, struct sv text);
	void *self;
};

/* A shallow copy with this origin. */
const struct val *inputs_with_origin(
    struct arena *, const struct val *, enum origin);
/* Over what is there; each member of a map (or NULL); only where nobody
 * wrote, as the runner. */
void inputs_put(
    struct build *, const char *key, const struct val *, const char *giver);
void inputs_put_all(struct build *, const struct val *map, const char *giver);
void inputs_put_new(struct build *, const char *key, const struct val *);
/* Who gave the value that counts; NULL: there is none. */
const char *inputs_giver(const struct build *, const char *key);
/* Convert what was given for parameters, then defaults where there is
 * nothing.  E434 for what does not fit. */
void inputs_put_parameters(struct build *);
/* What the runner adds to every context. */
void inputs_put_runner(struct build *, const struct val *run_dir);
/* Is it one of those keys? */
bool inputs_runner_key(struct sv key);

#endif
