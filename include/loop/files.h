/*
 * The files a loop is made of, in the order they were read: for the lines
 * that findings show, and for the seal of a run.
 */
#ifndef LOOP_FILES_H
#define LOOP_FILES_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/sv.h"

struct loop_file {
	const char *path; /* as places name it: absolute or builtin:NAME */
	struct sv text;
	const char *how;  /* "from", "import" or "loop"; NULL: the loop's own */
	struct place via; /* where it was asked for */
};

struct loop_files {
	struct arena mem;
	struct loop_file *at;
	size_t n, room;
};

#define LOOP_FILES_INIT                \
	{                              \
		ARENA_INIT, NULL, 0, 0 \
	}

/* Append a copy, unless these bytes of this path are there already: the loops
 * of a family share libraries. */
void loop_files_add(struct loop_files *, const struct loop_file *);
void loop_files_release(struct loop_files *);

#endif
