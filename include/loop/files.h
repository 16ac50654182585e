/*
 * The files a loop is made of, in the order they were read, and which word
 * meant which of them: for the lines that findings show, and for the seal of
 * a run, out of which the same loop can be made again.
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

/* What a word named where it was said. */
struct loop_word {
	const char *by; /* the file that says it; NULL: the command line */
	const char *word;
	const char *path; /* of the file, as in struct loop_file */
};

struct loop_files {
	struct arena mem;
	struct loop_file *at;
	size_t n, room;
	struct loop_word *words;
	size_t nwords, words_room;
};

#define LOOP_FILES_INIT                            \
	{                                          \
		ARENA_INIT, NULL, 0, 0, NULL, 0, 0 \
	}

/* Append a copy, unless these bytes of this path are there already: the loops
 * of a family share libraries. */
void loop_files_add(struct loop_files *, const struct loop_file *);
/* The same for a word; once for each file that says it. */
void loop_files_say(struct loop_files *, const struct loop_word *);
/* The file that the word named there, as far as both are known; or NULL. */
const struct loop_file *loop_files_meant(
    const struct loop_files *, const char *by, const char *word);
void loop_files_release(struct loop_files *);

#endif
