/*
 * Questions about the world that may be slow to answer: a name and JSON
 * arguments in, JSON out, each answered by a helper (os/helper).
 *
 *   git_changes  see os/git
 *   worktree_... see os/worktree
 *   files        do these files still hold the same?  {cwd, paths, skip}:
 *                lists of files and directories, relative to cwd; skip are
 *                those that do not count.  {print, files}
 *   numbers      the lines of a text file that are numbers.  {cwd, file};
 *                a file that is not there has none.  {numbers}
 *   text         the end of a text file.  {cwd, file, keep, max}: at most
 *                `keep` bytes of it; one over `max` is not read.  {text,
 *                bytes}: what is no UTF-8 in it is repaired
 *   put_text     make it the content of a file, in a directory that need not
 *                be there.  {cwd, file, text}
 *
 * Kinds of faults beside those of the helper and of os/git: unreadable,
 * limit, failed; absent: there is no such file.
 */
#ifndef OS_PROBE_H
#define OS_PROBE_H

#include "os/helper.h"

struct probe {
	const char *request;
	const struct val *args; /* a map */
	long long limit_ms;     /* 0: PROBE_MS */
	struct sig *sig;        /* see helper */
};

enum { PROBE_MS = 30000 };

void probe_ask(const struct probe *, struct arena *, struct helped *out);

#endif
