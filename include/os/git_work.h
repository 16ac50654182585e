/* What stands in a private tree, as git would store it. */
#ifndef OS_GIT_WORK_H
#define OS_GIT_WORK_H

#include "os/git_room.h"

struct git_work {
	git_oid tree;  /* of tracked and of new files, not the ignored */
	bool has_head; /* false: a branch without a commit */
	git_oid head, head_tree;
	bool dirty;  /* tree is not what HEAD has */
	bool staged; /* and the index is a third thing: */
	git_oid index_tree;
	const char *nested; /* a repository in it, which cannot be stored */
	git_index *own;     /* that remembers the files */
};

/* Look; the user's index is only read. -1 and *e. */
int git_work_look(struct git_room *, struct git_work *, struct err *);
/* Only HEAD of g->tree, which need have no files. */
int git_work_head(struct git_room *, struct git_work *, struct err *);
/* A ref names its tree: what was stored need not be stored again.  Where that
 * fails the next look takes longer, and no more. */
void git_work_remember(struct git_room *, const struct git_work *);
/* A commit of it upon HEAD, what is being merged, and the index when it is a
 * third thing; nothing names it yet. */
int git_work_commit(struct git_room *, const struct git_work *,
    const char *message, git_oid *out, struct err *);
/* Are the commits of HEAD neither in `base` nor on the tree's own branch, so
 * that nobody would find them from its name once it is gone? */
bool git_work_is_nameless(
    struct git_room *, const struct git_work *, const git_oid *base);
/* Is that commit one of these? */
bool git_work_is_ours(struct git_room *, git_commit *);

#endif
