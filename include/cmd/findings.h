/* Findings about a loop, said or as JSON. */
#ifndef CMD_FINDINGS_H
#define CMD_FINDINGS_H

#include "base/diag.h"
#include "cmd/secrets.h"
#include "loop/files.h"
#include "show/out.h"
#include "text/val.h"

/* What is hidden beside the values of the files' own `secrets`. */
struct findings_hide {
	const struct secrets *found; /* NULL: nothing more */
	const struct val *names;     /* secrets of the configuration, or NULL */
};

/* Append them to `out`, files relative to the working directory where they
 * lie inside; the files' texts are for the caret lines.  Values of secrets
 * are masked; `hide` may be NULL. */
void findings_say(struct out *, const struct diags *, const struct loop_files *,
    const struct findings_hide *);
/* The same for findings about one file. */
void findings_say_file(
    struct out *, const struct diags *, const char *path, struct sv text);
/* A list of {severity, path, message, id, file, line, column}. */
const struct val *findings_val(struct arena *, const struct diags *,
    const struct loop_files *, const struct findings_hide *);

#endif
