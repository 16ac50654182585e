/* Findings about one loop file, said or as JSON. */
#ifndef CMD_FINDINGS_H
#define CMD_FINDINGS_H

#include "base/diag.h"
#include "show/out.h"
#include "text/val.h"

/* Append them to `out`, files relative to the working directory where they
 * lie inside; `text` is the file's, for the caret lines.
 * All findings must be about one file.  Values of its `secrets` are masked. */
void findings_say(struct out *, const struct diags *, struct sv text);
/* A list of {severity, path, message, id, file, line, column}. */
const struct val *findings_val(
    struct arena *, const struct diags *, struct sv text);

#endif
