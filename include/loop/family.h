/*
 * The family of a loop: every loop that it may call, or that those may call,
 * each loaded once by its path and owned here.  The first loop itself is its
 * caller's.  It grows while loops are loaded (load_opts.family) and when a
 * name that is a template is looked up at run time.
 */
#ifndef LOOP_FAMILY_H
#define LOOP_FAMILY_H

#include "base/err.h"
#include "loop/files.h"
#include "loop/loop.h"

struct family;
struct load_opts;

enum {
	FAMILY_MAX = 256,      /* loops */
	FAMILY_DEPTH_MAX = 32, /* calls within calls, as the files say */
};

struct family *family_new(void);
/* The loops in it too. NULL is fine. */
void family_free(struct family *);

/* The loops that could be loaded, in the order they were met. */
size_t family_len(const struct family *);
const struct loop *family_at(const struct family *, size_t i);

/* The secrets that any of them names, and `first`, as one list; NULL: none
 * does.  `family` may be NULL. */
const struct val *family_secrets(
    const struct family *, const struct loop *first, struct arena *);

/* The first key of any of them that is not acted on and that `ignored` does
 * not know; NULL: none. */
typedef bool family_ignores(void *self, const char *key);
const struct later *family_later(
    const struct family *, family_ignores *ignored, void *self);

/* A name to be looked up while a loop runs. */
struct family_ask {
	/* As those that the caller was loaded with; `files` is not used. */
	const struct load_opts *opts;
	const char *referrer; /* the file that wrote it: call.word->src->at */
	const char *word;
	struct loop_files *grown; /* files that were read for it are added */
};

/*
 * By the rule that finds it at load: the same search, the same checks.  Circles
 * are fine here, they are bounded by the depth of frames.  -1: ERR_ABSENT,
 * there is none; ERR_INPUT, it has errors (the first, with its place), is a
 * library, or the family is full.  One sentence that names the word.
 */
int family_find(struct family *, const struct family_ask *,
    const struct loop **out, struct err *why);

#endif
