/*
 * Shell text with values in it, without values becoming code: the rules R0
 * to R12 of design/data-refs.md (decisions.md §3.4).  The text is scanned
 * once at load (text/shell); every reference gets a class, and most are
 * handed over as variables (`${LL_V0}`, un-exported by a one-line prologue),
 * never pasted.
 */
#ifndef TEXT_SCRIPT_H
#define TEXT_SCRIPT_H

#include "base/diag.h"
#include "base/err.h"
#include "base/vec.h"
#include "text/tmpl.h"

struct script; /* immutable, in the arena it was compiled into */

/*
 * Compile an action.  NULL when the text cannot be run (then errors were
 * added): E411 the text does not scan as bash, E412 a reference where a name
 * must stand (R5), E413 `LL_V` followed by a digit, E414 `$((` that is not
 * plainly arithmetic.  Warnings: W411 whole action or command word may come
 * from data, W412 reference in bare program text (R7), W413 backslash before
 * a reference, W414 unquoted data is split and globbed, W415 a shell
 * variable set from data is used in program text or arithmetic, W416 data
 * where an integer or identifier must stand, W417 `:code`.
 * `origin_of` says what origin a reference will have when that is known at
 * load; NULL means: every reference but context is data.
 */
typedef enum origin script_origin(void *self, const struct ref *);
struct script *script_compile(struct arena *, const struct tmpl *,
    const char *path, script_origin *, void *self, struct diags *);

/* A command ready to start. Everything is in the step's arena. */
struct command {
	const char *text; /* what the journal shows: text with ${LL_Vn} */
	const char *run;  /* prologue and text: the argument of bash -c */
	/* Words for direct execution, NULL-ended, when the text has no shell
	 * syntax and no unquoted data (R12); else NULL.  The caller still
	 * checks that the word is a program on PATH. */
	char *const *argv;
	/* "LL_V0=..." strings, to be added to the environment. */
	VEC(const char *) env;
	/* For action_start: variable, reference, encoding, length. */
	const struct val *vars;
};

/* Put a long value where the child can read it; gives the absolute path,
 * or NULL and *e. */
typedef const char *script_spill(
    void *self, int n, struct sv value, struct err *);

/*
 * Put the values in.  -1 and *e (ERR_INPUT) when a value cannot be carried:
 * the message names the reference and the way out ("not an integer", "one
 * harmless token", "holds a NUL byte").  A value goes through `spill` when
 * it is over 100 KiB or the sum of all would pass 1 MiB.
 */
int script_render(const struct script *, const struct lookup *, script_spill *,
    void *spill_self, struct arena *, struct command *, struct err *);
void command_release(struct command *);

/* Does any reference stand in command position? (for R2 and the checker) */
bool script_has_command_ref(const struct script *, const char *context_key);

#endif
