/*
 * What the requests about worktrees share: only src/os/git*.c include this,
 * and all of it runs in a helper.
 *
 * A tree of ours is known by the file `ll-loop` in its directory below
 * .git/worktrees: a JSON map of run, name, path, branch, base, own (the
 * branch was made for it), main (the user's tree), copies, made (it was whole
 * once).  That directory comes and goes by a rename from and to .git/ll-loop,
 * so that git never sees half of one.
 */
#ifndef OS_GIT_ROOM_H
#define OS_GIT_ROOM_H

#include "os/gitlib.h"
#include "text/val.h"

#define ROOM_META "ll-loop"

struct git_room {
	struct arena *mem;
	struct gitlib l;
	git_repository *main; /* around the working directory */
	const char *common;   /* the repository's directory, without "/" */
	const char *top;      /* of the user's tree; NULL: bare */

	/* of one tree, see room_tree() */
	const char *name;
	const char *admin; /* .git/worktrees/NAME */
	const char *stage; /* .git/ll-loop/NAME: not there yet, or no more */
	const char *kept;  /* name of the ref */
	const struct val *meta;
	const char *path;
	git_repository *tree;
};

/* Load the library, find the repository. -1: ERR_ABSENT, ERR_INPUT (libgit2
 * cannot serve it), ERR_NEED. */
int room_open(struct git_room *, struct arena *, struct err *);
/* Only names; nothing is read. -1: ERR_INPUT, it is no name. */
int room_name(struct git_room *, const char *name, struct err *);
/* The map of `dir`/ll-loop, or NULL. */
const struct val *room_meta(struct git_room *, const char *dir);
/* The tree of this name, which must be whole. -1: ERR_ABSENT. */
int room_tree(struct git_room *, const char *name, struct err *);

/* Rename into a directory that is made when it is missing, and that others
 * remove when they find it empty.  -1: ERR_IO. */
int room_move(
    struct git_room *, const char *from, const char *to, struct err *);
/* The same for a new directory. */
int room_mkdir(struct git_room *, const char *path, struct err *);

/* 40 hex digits, in the arena. */
const char *room_hex(struct git_room *, const git_oid *);
bool room_true(const struct val *args, const char *key);
/* Commit a ref names; false when there is none. */
bool room_ref(struct git_room *, const char *name, git_oid *out);
/* Make or, with `force`, move a ref; busy ones are waited for. -1: ERR_BUSY
 * after ten seconds; ERR_USAGE: it is there already.  No lock is removed but
 * one that a killed helper left below refs/ll/. */
int room_ref_put(struct git_room *, const char *name, const git_oid *,
    bool force, struct err *);
/* Away with it, when it is there; with `only`, if it still names that. */
int room_ref_drop(
    struct git_room *, const char *name, const git_oid *only, struct err *);
/* The lock of a ref that only we know of goes, when a killed helper left it:
 * whoever else has it has it for a moment, and is waited for. */
void room_unlock(struct git_room *, const char *name);
/* The answer that there is none. */
const struct val *room_fault(struct arena *, const struct err *);

#endif
