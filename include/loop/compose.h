/*
 * One loop out of several files: `from`, `flow`, `import`, `fragment`
 * (decisions.md §3.5, §3.8; spec/loopfile.md part 7).  What comes out is one
 * mapping as if it had been written in one piece, each node with the place
 * where it was written.
 */
#ifndef LOOP_COMPOSE_H
#define LOOP_COMPOSE_H

#include "base/map.h"
#include "base/vec.h"
#include "loop/files.h"
#include "loop/find.h"
#include "loop/merge.h"

enum { COMPOSE_MAX_FILES = 64, COMPOSE_MAX_DEPTH = 32 };

/* A file that was read on the way; the loop's own is the first. */
struct piece {
	const char *path;
	const struct val *root; /* NULL: it does not parse */
};

/* What a state gives to the parameters of its fragment. */
struct binding {
	const char *fragment;   /* its name */
	const struct val *spec; /* its `parameters`, or NULL */
	const struct val *with; /* a map: the values, defaults filled in */
	struct place at;        /* of the state's `fragment` key */
};

struct compose {
	/* given by the caller */
	struct arena *mem;
	struct diags *diags;
	const struct find *find;  /* NULL: no other file can be found */
	struct loop_files *files; /* grows by what is read; may be NULL */
	/* results */
	VEC(struct piece) pieces;
	struct map bindings; /* name of a state -> struct binding * */
	/* its own */
	struct merge merge;
	VEC(const char *) chain; /* of `from`, for circles */
};

/*
 * The loop as one mapping, without `from`, `flow`, `state_defs`, `import`,
 * `fragments` and without `fragment` in its states.  Faults are diagnostics
 * (E130 to E139); then what could be composed is given back all the same.
 * `file` is the loop's own, and `root` what it holds.
 */
const struct val *compose(
    struct compose *, const char *file, const struct val *root);
void compose_release(struct compose *);

#endif
