/* Requests about worktrees, as commands and runs ask them. */
#ifndef CMD_WORKTREE_ASK_H
#define CMD_WORKTREE_ASK_H

#include "cmd/settings.h"
#include "os/probe.h"

enum {
	WORKTREE_LONG_MS = 600 * 1000, /* to make or to end one */
	WORKTREE_STEP_MS = 60 * 1000,
};

struct worktree_ask {
	struct arena *mem;
	const char *cwd;
	long long limit_ms; /* 0: WORKTREE_STEP_MS */
	struct sig *sig;    /* NULL: no signal ends it */
};

/* `args` gets cwd.  NULL and *e, which names the kind of exit. */
const struct val *worktree_ask(const struct worktree_ask *, const char *request,
    struct val *args, struct err *e);
/* Set KEY to a text, unless it is NULL. */
void worktree_put(
    struct arena *, struct val *, const char *key, const char *text);
/* The names of a run's own tree and of its branch; bytes that git does not
 * like in names are "-". */
const char *worktree_name(struct arena *, const char *run);
/* The directory of worktrees, absolute. */
const char *worktree_dir(
    struct arena *, const struct settings *, const char *root);

#endif
