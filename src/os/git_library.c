/* The way of libgit2: what it says differs from HEAD. */
#include "os/git_part.h"

#include <string.h>

#include "base/auto.h"
#include "os/gitlib.h"

struct library {
	struct gitlib l;
	git_repository *repo;
};

static int
open_repository(struct repo_room *g, struct err *e)
{
	struct library *own = arena_new(g->mem, sizeof(*own));
	const struct gitlib *l = &own->l;
	const char *dir;
	size_t n;
	int rc;

	if (gitlib_load(&own->l, e) < 0)
		return -1;
	rc = l->git_repository_open_ext(&own->repo, ".", 0, NULL);
	if (rc == GIT_ENOTFOUND)
		return err_set(e, ERR_ABSENT, "this is no git repository");
	if (rc < 0)
		return gitlib_failed(l, "open", e);
	dir = l->git_repository_workdir(own->repo);
	if (!dir)
		return err_set(
		    e, ERR_ABSENT, "a bare git repository has no files");
	n = strlen(dir);
	g->top = arena_dup(g->mem, dir, n > 1 && dir[n - 1] == '/' ? n - 1 : n);
	g->own = own;
	return 0;
}

static void
add_id(struct repo_room *g, const struct gitlib *l, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	vec_push(&g->tree,
	    arena_strdup(
		g->mem, id ? l->git_oid_tostr(hex, sizeof(hex), id) : "none"));
}

/* HEAD's tree, NULL before the first commit. */
static int
read_head(struct repo_room *g, git_tree **out, struct err *e)
{
	const struct library *own = g->own;
	const struct gitlib *l = &own->l;
	git_reference *head;
	git_object *tree = NULL;
	int rc = l->git_repository_head(&head, own->repo);

	if (rc < 0 && rc != GIT_EUNBORNBRANCH && rc != GIT_ENOTFOUND)
		return gitlib_failed(l, "HEAD", e);
	if (rc == 0 && l->git_reference_peel(&tree, head, GIT_OBJECT_TREE) < 0)
		return gitlib_failed(l, "HEAD", e);
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
	const struct library *own = g->own;
	const struct gitlib *l = &own->l;
	git_diff_options how;
	git_tree *tree = NULL;
	git_diff *diff;
	size_t n;

	if (read_head(g, &tree, e) < 0)
		return -1;
	if (l->git_diff_options_init(&how, GIT_DIFF_OPTIONS_VERSION) < 0)
		return gitlib_failed(l, "options", e);
	how.flags = GIT_DIFF_INCLUDE_UNTRACKED |
	    GIT_DIFF_RECURSE_UNTRACKED_DIRS | GIT_DIFF_INCLUDE_TYPECHANGE |
	    GIT_DIFF_SKIP_BINARY_CHECK;
	how.ignore_submodules = GIT_SUBMODULE_IGNORE_DIRTY;
	how.pathspec.strings = (char **)g->spec.at;
	how.pathspec.count = g->spec.len;
	if (l->git_diff_tree_to_workdir_with_index(
		&diff, own->repo, tree, &how) < 0)
		return gitlib_failed(l, "diff", e);
	n = l->git_diff_num_deltas(diff);
	for (size_t i = 0; i < n; i++)
		vec_push(
		    &g->path, l->git_diff_get_delta(diff, i)->new_file.path);
	return 0;
}

const struct repo_way repo_by_library = { "libgit2", open_repository, list };
