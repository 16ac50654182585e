/*
 * Templates: `${ns.path}`, `:default=TEXT`, `?`, `:shell`, `:json`, `:py`,
 * `:code`, and `$${` for a literal `${`.  Compiled once at load; checker,
 * pre-flight and engine use the same compiled form.
 *
 *     reference = "${" path [ "?" | ":default=" text ]
 *                 [ ":shell" | ":json" | ":py" | ":code" ] "}"
 *     path      = "messages" | "item" | namespace "." segment { "." segment }
 *
 * A body never holds "}".  The text of a default may hold anything else; an
 * encoding suffix at its very end is the encoding.
 */
#ifndef TEXT_TMPL_H
#define TEXT_TMPL_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/err.h"
#include "text/ref.h"
#include "text/val.h"

/* A literal (ref NULL) or a reference. Offsets are into the source text. */
struct part {
	struct sv text; /* literal bytes, with `$${` already `${` */
	const struct ref *ref;
	size_t off;
};

struct tmpl {
	const struct val *src;
	const struct part *part;
	size_t nparts, nrefs;
};

/*
 * Compile a text node.  Always gives a template; what is wrong with it is in
 * `diags` under `path`: E401 bad reference, E402 unknown namespace, E403
 * unknown property of state, loop or prev, E404 conflicting suffixes, E405
 * bash form such as `${x:-y}` (write `$${x:-y}`).  A bad reference is kept
 * as a literal, so that later checks do not repeat it.
 */
struct tmpl *tmpl_compile(
    struct arena *, const struct val *text, const char *path, struct diags *);
/* The same where `${item}`, `${item.x}` and the word `item` for it are
 * references too (NULL: they are not); see ref_source.item. */
struct tmpl *tmpl_compile_item(struct arena *, const struct val *text,
    const char *path, const char *item, struct diags *);
/* One literal part; for fields without references. */
bool tmpl_is_plain(const struct tmpl *);

/*
 * Who knows a variable.  `get` gives 1 and *out (which lives in the arena or
 * longer), 0 when the path does not exist (`why` may say which prefix
 * failed), -1 with *e when it exists and cannot be had (a file is gone).
 */
struct lookup {
	int (*get)(void *self, const struct ref *, struct arena *,
	    const struct val **out, struct err *why);
	void *self;
};

/*
 * The value of a reference after `?` and `:default=` (which also cover
 * null): never NULL on success.  A missing path without them is -1 with
 * ERR_INPUT naming the reference and its place.  A default has origin FILE.
 */
const struct val *ref_value(
    const struct ref *, const struct lookup *, struct arena *, struct err *);
/* Append a value as a reference with this encoding writes it: `:shell`
 * quotes, `:json` writes JSON, `:py` a Python literal, else plain text. */
void ref_encode(struct str *out, const struct val *, enum ref_code);
/*
 * Append the template with its values as text (not for shell text: see
 * text/script).  *worst, if not NULL, becomes the worst origin used.  -1 and
 * *e.
 */
int tmpl_render(const struct tmpl *, const struct lookup *, struct arena *,
    struct str *out, enum origin *worst, struct err *);

#endif
