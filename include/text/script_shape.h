/* Compiled shell text from the inside: shared by src/text/script*.c only. */
#ifndef TEXT_SCRIPT_SHAPE_H
#define TEXT_SCRIPT_SHAPE_H

#include "text/script.h"
#include "text/shell.h"

/* A text with its references cut out, as the scanner wants it. */
struct flat {
	struct shell_text text;
	const size_t *slot; /* per reference: which of the script's slots */
};

/* One variable: a reference and what happens to its value on the way. */
struct var {
	size_t slot;
	enum enc enc;
	bool quoted; /* holds text for a shell to read again */
};

/* Literal text, or (atom >= 0) a reference. */
struct piece {
	struct sv lit;
	long atom;
};

/* A scanned text, ready to be put together. */
struct shape {
	struct flat flat;
	struct shell_scan scan;
	struct piece *piece;
	size_t npieces;
	struct var *var;
	size_t nvars;
	size_t *var_of; /* per reference: its variable */
};

struct script {
	const struct tmpl *tmpl;
	const struct ref **slot; /* each different reference once */
	size_t nslots;
	struct shape shape; /* flat.text only, when there is no reference */
};

/* -1: shape->scan says why. Everything is in the arena, and `flat` must
 * live as long. */
int shape_build(
    struct arena *, const struct script *, const struct flat *, struct shape *);
/* `LL_V` and a digit in here? The offset, or n. */
size_t shape_own_name(const char *p, size_t n);

/* One rendering. */
struct render {
	const struct script *script;
	struct arena *mem;
	struct err *e;
	const struct val **value; /* per slot */
	struct sv *text;          /* per slot, when it is spliced */
	const struct shape *shape;
	bool *spliced; /* per reference of `shape` */
	int *number;   /* per variable: 0 unused, 1 used */
};

const struct ref *render_ref(
    const struct render *, const struct shape *, size_t i);
/* Decide what is spliced; r->shape may become *again. -1 and *r->e. */
int render_shape(struct render *, struct shape *again);

/* What the checker says about a scanned text (W411 to W417). */
void script_warn(const struct script *, const char *path, script_origin *,
    void *self, struct diags *);
/* The words of a text without shell syntax (R12), or NULL. */
char *const *script_words(struct arena *, struct sv text);

#endif
