/*
 * The way of libgit2, loaded when a helper needs it: 9.5 ms and 4.5 MiB that
 * engine and guard never pay.  Nothing is given back here: the helper exits.
 */
#include "os/git_part.h"

#include <dlfcn.h>
#include <git2.h>
#include <string.h>

#include "base/auto.h"

#define LIBRARY "libgit2.so." LIBGIT2_SOVERSION

/* The functions used, each named as in the library. */
#define FUNCTIONS(X)                           \
	X(git_libgit2_init)                    \
	X(git_error_last)                      \
	X(git_repository_open_ext)             \
	X(git_repository_workdir)              \
	X(git_repository_head)                 \
	X(git_reference_peel)                  \
	X(git_object_id)                       \
	X(git_tree_entry_bypath)               \
	X(git_tree_entry_id)                   \
	X(git_oid_tostr)                       \
	X(git_diff_options_init)               \
	X(git_diff_tree_to_workdir_with_index) \
	X(git_diff_num_deltas)                 \
	X(git_diff_get_delta)

struct library {
#define MEMBER(name) __typeof__(name) *name;
	FUNCTIONS(MEMBER)
#undef MEMBER
	git_repository *repo;
};

static int
load(struct library *l, struct err *e)
{
	static const char *const names[] = {
#define NAME(name) #name,
		FUNCTIONS(NAME)
#undef NAME
	};
	void *so = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	void *found[COUNT(names)];

	if (!so)
		return err_set(e, ERR_NEED, "cannot load %s", LIBRARY);
	for (size_t i = 0; i < COUNT(names); i++) {
		found[i] = dlsym(so, names[i]);
		if (!found[i])
			return err_set(
			    e, ERR_NEED, "%s has no %s", LIBRARY, names[i]);
	}
	/* ISO C has no cast from an object to a function. */
	_Static_assert(sizeof(found) == offsetof(struct library, repo),
	    "a name for every member");
	memcpy(l, found, sizeof(found));
	if (l->git_libgit2_init() < 0)
		return err_set(e, ERR_NEED, "%s does not start", LIBRARY);
	return 0;
}

static int
failed(const struct library *l, const char *what, struct err *e)
{
	const git_error *g = l->git_error_last();

	return err_set(e, ERR_IO, "libgit2: %s: %s", what,
	    g && g->message ? g->message : "no reason given");
}

static int
open_repository(struct repo_room *g, struct err *e)
{
	struct library *l = arena_new(g->mem, sizeof(*l));
	const char *dir;
	size_t n;
	int rc;

	if (load(l, e) < 0)
		return -1;
	rc = l->git_repository_open_ext(&l->repo, ".", 0, NULL);
	if (rc == GIT_ENOTFOUND)
		return err_set(e, ERR_ABSENT, "this is no git repository");
	if (rc < 0)
		return failed(l, "open", e);
	dir = l->git_repository_workdir(l->repo);
	if (!dir)
		return err_set(
		    e, ERR_ABSENT, "a bare git repository has no files");
	n = strlen(dir);
	g->top = arena_dup(g->mem, dir, n > 1 && dir[n - 1] == '/' ? n - 1 : n);
	g->own = l;
	return 0;
}

static void
add_id(struct repo_room *g, const struct library *l, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	vec_push(&g->tree,
	    arena_strdup(
		g->mem, id ? l->git_oid_tostr(hex, sizeof(hex), id) : "none"));
}

/* HEAD's tree, NULL before the first commit. */
static int
read_head(
    struct repo_room *g, const struct library *l, git_tree **out, struct err *e)
{
	git_reference *head;
	git_object *tree = NULL;
	int rc = l->git_repository_head(&head, l->repo);

	if (rc < 0 && rc != GIT_EUNBORNBRANCH && rc != GIT_ENOTFOUND)
		return failed(l, "HEAD", e);
	if (rc == 0 && l->git_reference_peel(&tree, head, GIT_OBJECT_TREE) < 0)
		return failed(l, "HEAD", e);
	*out = (git_tree *)tree;
	if (!g->spec.len || !tree) {
		add_id(g, l, tree ? l->git_object_id(tree) : NULL);
		return 0;
	}
	for (size_t i = 0; i < g->spec.len; i++) {
		git_tree_entry *entry;

		rc = l->git_tree_entry_bypath(&entry, *out, g->spec.at[i]);
		add_id(g, l, rc < 0 ? NULL : l->git_tree_entry_id(entry));
	}
	return 0;
}

static int
list(struct repo_room *g, struct err *e)
{
	struct library *l = g->own;
	git_diff_options how;
	git_tree *tree = NULL;
	git_diff *diff;
	size_t n;

	if (read_head(g, l, &tree, e) < 0)
		return -1;
	if (l->git_diff_options_init(&how, GIT_DIFF_OPTIONS_VERSION) < 0)
		return failed(l, "options", e);
	how.flags = GIT_DIFF_INCLUDE_UNTRACKED |
	    GIT_DIFF_RECURSE_UNTRACKED_DIRS | GIT_DIFF_INCLUDE_TYPECHANGE |
	    GIT_DIFF_SKIP_BINARY_CHECK;
	how.ignore_submodules = GIT_SUBMODULE_IGNORE_DIRTY;
	how.pathspec.strings = (char **)g->spec.at;
	how.pathspec.count = g->spec.len;
	if (l->git_diff_tree_to_workdir_with_index(&diff, l->repo, tree, &how) <
	    0)
		return failed(l, "diff", e);
	n = l->git_diff_num_deltas(diff);
	for (size_t i = 0; i < n; i++)
		vec_push(
		    &g->path, l->git_diff_get_delta(diff, i)->new_file.path);
	return 0;
}

const struct repo_way repo_by_library = { "libgit2", open_repository, list };
