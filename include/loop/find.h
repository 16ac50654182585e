/*
 * One rule from a name to a file (decisions.md §3.8), used everywhere, and
 * the project root (decisions.md §6).
 */
#ifndef LOOP_FIND_H
#define LOOP_FIND_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "loop/files.h"
#include "text/val.h"

/* Where to look. All absolute; NULL entries are skipped. */
struct find {
	const char *referrer; /* the file that says the word, as in
	                       * found.path; NULL: the command line */
	const char *project;  /* ROOT/.loops */
	const char *user;     /* $XDG_CONFIG_HOME/ll-loop/loops */
	bool builtin_only;
	/* What was read once, and nothing else: a word means what it meant
	 * then, wherever files are now.  NULL: look in the places above. */
	const struct loop_files *sealed;
	struct loop_files *words; /* told what each word meant; may be NULL */
};

struct found {
	const char *path; /* absolute, or "builtin:NAME" */
	const char *name; /* the looked-up name; NULL for a path */
	struct str text;  /* the bytes; the caller releases */
};

/*
 * Find and read.  A word that starts with "/", "./", "../" or ends in .yaml
 * or .yml is a path (relative to the working directory); anything else a
 * name: NAME.fsm.yaml before NAME.yaml in each directory, then the built-ins.
 * Never a directory, never a prefix.  What a file says is looked up from its
 * own directory first, paths too; for a built-in that is among the built-ins,
 * so that nothing in a project changes what one is made of.  A path without
 * "./" that is not there (`lib/common.yaml`) is then looked for where names
 * are.  -1: ERR_ABSENT when there is none (the message has the nearest name)
 * or it is not among the sealed, ERR_INPUT when the name cannot be one.
 */
int find_loop(const struct find *, const char *word, struct arena *,
    struct found *, struct err *);

/* One entry of a listing. */
struct listed {
	const char *name, *path;
	const char *from; /* "project", "user" or "builtin" */
	bool builtin;
	/* Whose loop of this name would be found without it, and where that
	 * is; NULL: nobody's. */
	const char *hides, *hides_path;
};
/* All loops, sorted by name; the caller's arena. Unreadable directories are
 * skipped.  *out is an array of *n. */
void find_all(
    const struct find *, struct arena *, struct listed **out, size_t *n);

/*
 * The project root: `asked` (--root) if given, else upward from `cwd` to the
 * nearest directory that has .loops/, not above the git top level, the file
 * system or $HOME; else the git top level; else `cwd`.  Absolute.
 */
const char *find_root(
    struct arena *, const char *cwd, const char *asked, const char *home);

#endif
