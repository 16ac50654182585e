/*
 * Requests about a git repository.  Each is a function from JSON arguments to
 * a JSON answer that runs in a helper (os/helper), the only place where
 * libgit2 is ever loaded (decisions.md §6 and §7); os/probe has their names.
 * Symbols are repo_*: git_* belongs to the library.
 */
#ifndef OS_GIT_H
#define OS_GIT_H

#include "text/val.h"

/*
 * Does the work tree around the working directory still look the same?
 *   scope   list of paths, relative to it; none: all of the work tree
 *   program true: do not even try libgit2
 * Answer: {print, files, via, why?}.  `print` is 16 hex digits over what HEAD
 * has of the scope and over path and content of every file that differs from
 * it or is new and not ignored; staging changes nothing.  `via` is "libgit2",
 * or "git" when the program had to do it, and `why` says why.
 * Kinds of faults: not_a_repository, limit, failed.
 */
const struct val *repo_changes(const struct val *args, struct arena *);

#endif
