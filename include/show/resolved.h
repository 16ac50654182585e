/* A loop as one file: `show --resolved`. */
#ifndef SHOW_RESOLVED_H
#define SHOW_RESOLVED_H

#include "loop/files.h"
#include "loop/find.h"
#include "loop/loop.h"
#include "text/mask.h"

struct resolved {
	const struct loop *loop;
	const struct loop_files *files; /* all it is made of, its own first */
	const struct find *find;        /* where it was looked for, or NULL */
	const struct mask *mask;        /* values nobody may see, or NULL */
};

/*
 * Append the loop as one document without `from`, `import`, `flow`, which
 * loads as the same loop from where its file lies.  A value that another file
 * wrote has a comment that says which.  Values of secrets are `***`.
 */
void resolved_text(struct str *out, const struct resolved *);
/* What is written, as a value; nodes keep the places where they stood. */
const struct val *resolved_val(struct arena *, const struct resolved *);

#endif
