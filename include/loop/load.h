/*
 * A file becomes a loop: read, load by the tables of loop/keys, link, check.
 * All findings are collected; nothing runs while one of them is an error.
 */
#ifndef LOOP_LOAD_H
#define LOOP_LOAD_H

#include "loop/files.h"
#include "loop/find.h"
#include "loop/loop.h"

struct family;

struct load_opts {
	bool lenient; /* unknown keys are warnings */
	/* Where `from` and `import` look (its referrer is set here); NULL:
	 * what they name is not found. */
	const struct find *find;
	/* Grows by every file that was read, this one first; may be NULL. */
	struct loop_files *files;
	/* Where the loops are kept that this one calls: with it (and `find`),
	 * the names of `loop:` are looked up and what they name is loaded,
	 * by the same options.  NULL: names stay names. */
	struct family *family;
};

/*
 * Load from bytes.  `file` is the name in places; `shown` is what the user
 * typed or the loop's looked-up name (NULL: no name check, decisions §3.8).
 * Always fills `diags` (unsorted).  NULL when no loop can be made (it does
 * not parse, is no mapping, or has errors).
 */
struct loop *loop_load(const char *file, const char *text, size_t len,
    const char *shown, const struct load_opts *, struct diags *);

#endif
