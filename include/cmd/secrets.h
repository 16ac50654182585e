/*
 * The values behind the names of `secrets`, gathered before anything is shown
 * or recorded.  A name is a context key, the name of an environment variable,
 * or both.
 */
#ifndef CMD_SECRETS_H
#define CMD_SECRETS_H

#include "base/err.h"
#include "loop/family.h"
#include "loop/files.h"
#include "text/mask.h"

enum { SECRETS_MAX = 512 * 1024 }; /* bytes of all values */

struct secrets {
	struct mask *mask; /* NULL: nothing to hide */
};

/* Where to look. */
struct secrets_from {
	/* Lists of names; NULL among them is an empty one, and what is no text
	 * in them is passed over. */
	const struct val *const *lists;
	size_t nlists;
	const struct val *const *contexts; /* maps or NULL */
	size_t ncontexts;
	const char *const *pairs; /* "KEY=VALUE" */
	size_t npairs;
};

/*
 * Add all values that these names have there and in the environment.  Null
 * and empty text are no value.  -1 with ERR_INPUT for what cannot be hidden:
 * too short, true or false, more than SECRETS_MAX in all; the message never
 * holds a value.  What was found before stays hidden.
 */
int secrets_add(struct secrets *, const struct secrets_from *, struct err *);
/* The same without complaint: what can be hidden is. */
void secrets_add_all(struct secrets *, const struct secrets_from *);
/* The same for what the `secrets` of these files, and `names` (a list or
 * NULL), have in the files' context, defaults of parameters and environment. */
void secrets_add_files(
    struct secrets *, const struct loop_files *, const struct val *names);
/* What the files of a family say about values: the context of each loop, the
 * defaults of its parameters, and what is written under `with`.  `l` is the
 * first loop. */
const struct val *const *secrets_contexts(
    struct arena *, const struct loop *l, const struct family *, size_t *n);
/* Those of the names (each once, as a list) that have a value there or in
 * the environment (`found`), or that have none. */
const struct val *secrets_names(
    struct arena *, const struct secrets_from *, bool found);
void secrets_release(struct secrets *);

/* Mask a message, also a value that the end of its room has cut. */
void secrets_hide_err(const struct secrets *, struct err *);
/* Mask what was appended to `text` from this byte on. */
void secrets_hide_tail(const struct secrets *, struct str *text, size_t from);

#endif
