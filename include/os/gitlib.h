/*
 * libgit2, loaded when a helper needs it: 9.5 ms and 4.5 MiB that engine and
 * guard never pay.  Only src/os/git*.c include this, and all of it runs in a
 * helper; nothing is given back there: the helper exits.
 */
#ifndef OS_GITLIB_H
#define OS_GITLIB_H

#include <git2.h>
#include <git2/sys/repository.h>

#include "base/err.h"

/* The functions used, each named as in the library. */
#define GITLIB_FUNCTIONS(X)                    \
	X(git_libgit2_init)                    \
	X(git_error_last)                      \
	X(git_repository_open)                 \
	X(git_repository_open_ext)             \
	X(git_repository_workdir)              \
	X(git_repository_path)                 \
	X(git_repository_commondir)            \
	X(git_repository_head)                 \
	X(git_repository_head_detached)        \
	X(git_repository_is_bare)              \
	X(git_repository_is_worktree)          \
	X(git_repository_index)                \
	X(git_repository_set_index)            \
	X(git_repository_config_snapshot)      \
	X(git_repository_mergehead_foreach)    \
	X(git_config_get_bool)                 \
	X(git_config_get_path)                 \
	X(git_config_get_string)               \
	X(git_config_iterator_glob_new)        \
	X(git_config_next)                     \
	X(git_config_iterator_free)            \
	X(git_reference_create)                \
	X(git_reference_delete)                \
	X(git_reference_free)                  \
	X(git_reference_lookup)                \
	X(git_reference_name)                  \
	X(git_reference_name_to_id)            \
	X(git_reference_peel)                  \
	X(git_reference_shorthand)             \
	X(git_reference_target)                \
	X(git_reference_name_is_valid)         \
	X(git_reference_iterator_glob_new)     \
	X(git_reference_iterator_free)         \
	X(git_reference_next)                  \
	X(git_branch_is_checked_out)           \
	X(git_revparse_single)                 \
	X(git_graph_descendant_of)             \
	X(git_graph_ahead_behind)              \
	X(git_object_id)                       \
	X(git_object_lookup)                   \
	X(git_object_peel)                     \
	X(git_object_free)                     \
	X(git_commit_author)                   \
	X(git_commit_create)                   \
	X(git_commit_lookup)                   \
	X(git_commit_message)                  \
	X(git_commit_parent_id)                \
	X(git_commit_parentcount)              \
	X(git_commit_time)                     \
	X(git_commit_tree_id)                  \
	X(git_signature_now)                   \
	X(git_tree_entry_bypath)               \
	X(git_tree_entry_id)                   \
	X(git_tree_entry_name)                 \
	X(git_tree_entry_type)                 \
	X(git_tree_lookup)                     \
	X(git_tree_walk)                       \
	X(git_blob_lookup)                     \
	X(git_blob_rawcontent)                 \
	X(git_blob_rawsize)                    \
	X(git_oid_fromstr)                     \
	X(git_oid_equal)                       \
	X(git_oid_tostr)                       \
	X(git_ignore_path_is_ignored)          \
	X(git_index_add)                       \
	X(git_index_add_all)                   \
	X(git_index_add_bypath)                \
	X(git_index_conflict_cleanup)          \
	X(git_index_entrycount)                \
	X(git_index_get_byindex)               \
	X(git_index_get_bypath)                \
	X(git_index_has_conflicts)             \
	X(git_index_open)                      \
	X(git_index_read_tree)                 \
	X(git_index_write)                     \
	X(git_index_write_tree)                \
	X(git_checkout_options_init)           \
	X(git_checkout_tree)                   \
	X(git_diff_options_init)               \
	X(git_diff_index_to_workdir)           \
	X(git_diff_tree_to_workdir_with_index) \
	X(git_diff_num_deltas)                 \
	X(git_diff_get_delta)

struct gitlib {
#define GITLIB_MEMBER(name) __typeof__(name) *name;
	GITLIB_FUNCTIONS(GITLIB_MEMBER)
#undef GITLIB_MEMBER
};

/* -1: ERR_NEED. */
int gitlib_load(struct gitlib *, struct err *);
/* Set *e from the library's last error. Always -1. */
int gitlib_failed(const struct gitlib *, const char *what, struct err *e);

#endif
