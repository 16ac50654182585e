/*
 * Requests about git worktrees: a private tree for a run, beside the one of
 * the user.  Each is a function from JSON arguments to a JSON answer that
 * runs in a helper (os/helper); os/probe has their names.  The user's index,
 * HEAD and files are never touched, nothing is merged or pushed, hooks and
 * filters do not run.
 *
 * `cwd` is a directory in the repository, `name` the tree's own: `git
 * worktree list` calls it so, and refs/ll/kept/NAME and refs/ll/snap/NAME/STEP
 * are its own.
 *
 *   worktree_check  could it be made?  {base: a revision, branch, or under:
 *                   what a branch of no name yet is to stand under, existing:
 *                   true when the branch must be there already}.  {base: its
 *                   commit, top: of the user's tree, absent when bare, place:
 *                   of cwd below it, head: the user's branch, absent when
 *                   detached, linked, bare}
 *   worktree_add    make it: {name, run, path, branch, base, existing, copy,
 *                   link: lists of what is brought along from `top`}.
 *                   {path, branch, base, tree, cwd: `place` in it}.  On failure
 *                   nothing is left of it.
 *   worktree_undo   {name}: what a killed helper left of a making or a
 *                   removal goes.  {undone}
 *   worktree_state  {name}: {head, dirty, ahead: new commits, stays: why it
 *                   may not be removed, or absent}
 *   worktree_keep   {name}: uncommitted work and commits of no branch go to
 *                   refs/ll/kept/NAME.  {ref, commit}, or {} when there is
 *                   nothing to keep
 *   worktree_snapshot  {name, step, last: a tree's id}: the files as they are
 *                   as refs/ll/snap/NAME/STEP.  {tree, ref, commit}, without
 *                   ref when the tree is `last`
 *   worktree_remove {name}: only what is clean or kept.  {branch_deleted}
 *   worktree_close  {name, stay}: state, keep and, unless `stay`, remove; the
 *                   three answers together, and `action`: removed, kept,
 *                   stays.  Of one that somebody removed the last snapshot is
 *                   kept; without any it is `absent`
 *   worktree_restore  {name, step, path, run, foreign: true when `path` is
 *                   not where trees of ours are, cut}: what was kept, or a
 *                   step, as a worktree at `path`.  {path, branch, base, from}
 *   worktree_gone   {name, path, branch, base, existing: as it was made}: was
 *                   it given back, maybe only halfway, with nothing in it?
 *                   {empty}; false too when somebody else removed it
 *   worktree_list   {trees, kept, snapshots, rests}
 *   worktree_forget {name, cut}: its snapshots go.  {forgotten}
 *
 * `cut` says that no worktree_close told how the tree ended: where its files
 * are gone the last snapshot is kept first, when nothing later was.
 *   worktree_main   how the user's tree stands: {head, branch, and
 *                   fingerprints: index, print (of files)}
 *
 * Kinds of faults: refused (libgit2 cannot serve this repository, or the
 * request makes no sense in it), taken (of a branch or path), absent, busy,
 * failed.
 */
#ifndef OS_WORKTREE_H
#define OS_WORKTREE_H

#include "text/val.h"

const struct val *worktree_check(const struct val *args, struct arena *);
const struct val *worktree_add(const struct val *args, struct arena *);
const struct val *worktree_undo(const struct val *args, struct arena *);
const struct val *worktree_state(const struct val *args, struct arena *);
const struct val *worktree_keep(const struct val *args, struct arena *);
const struct val *worktree_snapshot(const struct val *args, struct arena *);
const struct val *worktree_remove(const struct val *args, struct arena *);
const struct val *worktree_close(const struct val *args, struct arena *);
const struct val *worktree_restore(const struct val *args, struct arena *);
const struct val *worktree_gone(const struct val *args, struct arena *);
const struct val *worktree_list(const struct val *args, struct arena *);
const struct val *worktree_forget(const struct val *args, struct arena *);
const struct val *worktree_main(const struct val *args, struct arena *);

#endif
