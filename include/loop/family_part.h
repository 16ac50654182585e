/* The inside of a family: only src/loop/family.c and load_family.c, where
 * the loader is, include this. */
#ifndef LOOP_FAMILY_PART_H
#define LOOP_FAMILY_PART_H

#include "base/vec.h"
#include "loop/family.h"

/* A loop that was called; NULL with `why` when it cannot be loaded. */
struct relative {
	const char *path; /* as found */
	struct loop *loop;
	const char *why; /* the first error, with its place */
	size_t more;     /* errors beside it */
	size_t height;   /* loops on the longest way down, itself too */
};

/* A loop that is being loaded. */
struct kin {
	const char *path;
	size_t height; /* of what it was seen to call */
};

struct family {
	struct arena mem;
	VEC(struct relative *) all;
	VEC(struct kin) chain; /* from the first loop to the current one */
	size_t height;         /* of the loop that was loaded last */
	/* The outermost link of the chain that a circle came back to, below
	 * the call that is looked at; FAMILY_NO_CIRCLE: none did. */
	size_t circle;
	const char *circle_names;
	/* A call was too deep to be followed: an error of the first loop. */
	bool deep;
};

#define FAMILY_NO_CIRCLE ((size_t)-1)

/* What was loaded from there, or NULL. */
struct relative *family_known(const struct family *, const char *path);
/* Room for one more of this path; NULL when the family is full. */
struct relative *family_add(struct family *, const char *path);

#endif
