/*
 * What git would do and libgit2 would do otherwise is refused by name: filters
 * that are programs, object names it does not know, files that a partial
 * clone has not fetched.  Everything else that git itself refuses is refused
 * in one sentence, before anything is made.
 */
#include "os/git_fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/git_refs.h"

enum { ATTRIBUTES_MAX = 1 << 20 };

struct filters {
	struct git_room *g;
	git_config *config;
	const char *found; /* what libgit2 would not do, in words */
};

/* ---- filters ---- */

static bool
is_program(struct filters *f, const char *name)
{
	static const char *const ways[] = { "process", "smudge", "clean" };
	const char *text;

	for (size_t i = 0; i < COUNT(ways); i++)
		if (f->g->l.git_config_get_string(&text, f->config,
			arena_printf(
			    f->g->mem, "filter.%s.%s", name, ways[i])) == 0 &&
		    *text)
			return true;
	return false;
}

/* What stands behind `key` in a word of a line; NULL: it is another. */
static const char *
value_of(struct filters *f, struct sv word, const char *key)
{
	size_t n = strlen(key);

	return sv_starts(word, key)
	    ? arena_dup(f->g->mem, word.p + n, word.n - n)
	    : NULL;
}

static void
look_at_word(struct filters *f, struct sv word)
{
	const char *filter = value_of(f, word, "filter=");
	const char *encoding = value_of(f, word, "working-tree-encoding=");

	if (filter && is_program(f, filter))
		f->found = arena_printf(f->g->mem,
		    "the filter '%s', which is a program that libgit2 does not "
		    "run",
		    filter);
	if (encoding && strcasecmp(encoding, "UTF-8") != 0)
		f->found = arena_printf(f->g->mem,
		    "the encoding '%s', which libgit2 does not convert to",
		    encoding);
}

static void
look_for_filters(struct filters *f, struct sv text)
{
	struct sv line;

	while (!f->found && sv_cut(&text, '\n', &line)) {
		line = sv_trim(line);
		if (sv_starts(line, "#"))
			continue;
		while (!f->found && line.n) {
			size_t n = 0;

			while (n < line.n && !strchr(" \t\r", line.p[n]))
				n++;
			look_at_word(f, sv_make(line.p, n));
			line = sv_trim(sv_make(line.p + n, line.n - n));
		}
	}
}

static int
on_entry(const char *dir, const git_tree_entry *entry, void *self)
{
	struct filters *f = self;
	const struct gitlib *l = &f->g->l;
	git_blob *blob;

	(void)dir;
	if (l->git_tree_entry_type(entry) != GIT_OBJECT_BLOB ||
	    strcmp(l->git_tree_entry_name(entry), ".gitattributes") != 0 ||
	    l->git_blob_lookup(&blob, f->g->main, l->git_tree_entry_id(entry)) <
		0)
		return 0;
	look_for_filters(f,
	    sv_make(l->git_blob_rawcontent(blob),
		(size_t)l->git_blob_rawsize(blob)));
	return f->found ? -1 : 0;
}

static void
look_into_file(struct filters *f, const char *path)
{
	auto_str text = STR_INIT;
	struct err unused = ERR_INIT;

	if (file_read(path, ATTRIBUTES_MAX, &text, &unused) == 0)
		look_for_filters(f, str_sv(&text));
}

/* Where git looks beside the tree: the file of the repository, the user's and
 * the machine's. */
static void
look_beside(struct filters *f, git_config *config)
{
	static const char key[] = "core.attributesfile";
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct arena *a = f->g->mem;
	git_buf named = { 0 };

	look_into_file(f, arena_printf(a, "%s/info/attributes", f->g->common));
	if (f->g->l.git_config_get_path(&named, config, key) == 0)
		look_into_file(f, named.ptr);
	else if (xdg && *xdg)
		look_into_file(f, arena_printf(a, "%s/git/attributes", xdg));
	else if (home)
		look_into_file(
		    f, arena_printf(a, "%s/.config/git/attributes", home));
	look_into_file(f, "/etc/gitattributes");
}

static int
check_filters(
    struct git_room *g, git_config *config, git_tree *tree, struct err *e)
{
	struct filters f = { .g = g, .config = config };

	look_beside(&f, config);
	if (!f.found)
		g->l.git_tree_walk(tree, GIT_TREEWALK_PRE, on_entry, &f);
	if (!f.found)
		return 0;
	return err_set(e, ERR_INPUT, "its attributes name %s", f.found);
}

/* ---- the repository ---- */

static bool
is_partial(struct git_room *g, git_config *config)
{
	git_config_iterator *it;
	git_config_entry *entry;
	bool found;

	if (g->l.git_config_iterator_glob_new(
		&it, config, "^remote\\..*\\.promisor$") < 0)
		return false;
	found = g->l.git_config_next(&entry, it) == 0 &&
	    strcmp(entry->value, "true") == 0;
	g->l.git_config_iterator_free(it);
	return found;
}

static int
check_config(struct git_room *g, git_config *config, struct err *e)
{
	const char *text;
	int yes = 0;

	if (g->l.git_config_get_bool(
		&yes, config, "extensions.worktreeconfig") == 0 &&
	    yes)
		return err_set(e, ERR_INPUT,
		    "libgit2 cannot work with this repository because it has "
		    "extensions.worktreeConfig");
	if (g->l.git_config_get_bool(&yes, config, "core.splitindex") == 0 &&
	    yes)
		return err_set(e, ERR_INPUT,
		    "libgit2 cannot work with this repository because it has "
		    "core.splitIndex");
	if (g->l.git_config_get_string(
		&text, config, "extensions.partialclone") == 0 ||
	    is_partial(g, config))
		return err_set(e, ERR_INPUT,
		    "libgit2 cannot work with this repository because it is a "
		    "partial clone");
	return 0;
}

static int
find_base(struct git_room *g, const char *word, struct git_fit *f,
    git_tree **tree, struct err *e)
{
	bool head = !word || strcmp(word, "HEAD") == 0;
	git_reference *at;
	git_object *any, *commit;
	int rc = g->l.git_repository_head(&at, g->main);

	if (rc == 0 && !g->l.git_repository_head_detached(g->main))
		f->head =
		    arena_strdup(g->mem, g->l.git_reference_shorthand(at));
	if (rc < 0 && head)
		return err_set(e, ERR_INPUT,
		    "HEAD has no commit yet, so there is nothing to begin "
		    "with: make a first commit");
	if (g->l.git_revparse_single(&any, g->main, head ? "HEAD" : word) < 0 ||
	    g->l.git_object_peel(&commit, any, GIT_OBJECT_COMMIT) < 0)
		return err_set(e, ERR_ABSENT, "'%s' names no commit",
		    word ? word : "HEAD");
	f->base = *g->l.git_object_id(commit);
	if (g->l.git_object_peel((git_object **)tree, commit, GIT_OBJECT_TREE) <
	    0)
		return gitlib_failed(&g->l, "its tree", e);
	f->tree = *g->l.git_object_id((git_object *)*tree);
	return 0;
}

/* A branch x is a file where x/y needs a directory, and the reverse. */
static int
check_way(struct git_room *g, const char *branch, struct err *e)
{
	struct git_refs inner = { VEC_INIT };
	const char *rest = branch, *slash, *other = NULL;
	git_oid unused;

	for (; !other && (slash = strchr(rest, '/')); rest = slash + 1) {
		other = arena_dup(g->mem, branch, (size_t)(slash - branch));
		if (!room_ref(g, arena_printf(g->mem, "refs/heads/%s", other),
			&unused))
			other = NULL;
	}
	if (git_refs_find(g, arena_printf(g->mem, "refs/heads/%s/*", branch),
		&inner, e) < 0)
		return -1;
	if (!other && inner.name.len)
		other = inner.name.at[0] + strlen("refs/heads/");
	vec_release(&inner.name);
	if (!other)
		return 0;
	return err_set(e, ERR_USAGE,
	    "there can be no branch '%s' beside the branch '%s'", branch,
	    other);
}

static int
check_branch(struct git_room *g, const char *branch, bool existing,
    struct git_fit *f, struct err *e)
{
	git_reference *ref;
	int valid = 0, rc;

	if (!branch || !*branch)
		return 0;
	f->ref = arena_printf(g->mem, "refs/heads/%s", branch);
	if (g->l.git_reference_name_is_valid(&valid, f->ref) < 0 || !valid ||
	    *branch == '-' || strcmp(branch, "HEAD") == 0)
		return err_set(
		    e, ERR_INPUT, "'%s' is no name of a branch", branch);
	rc = g->l.git_reference_lookup(&ref, g->main, f->ref);
	if (rc == 0 && !existing)
		return err_set(
		    e, ERR_USAGE, "the branch '%s' is there already", branch);
	if (rc == 0 && g->l.git_branch_is_checked_out(ref) == 1)
		return err_set(e, ERR_USAGE,
		    "the branch '%s' is checked out elsewhere", branch);
	if (rc < 0 && existing)
		return err_set(
		    e, ERR_ABSENT, "there is no branch '%s'", branch);
	return existing ? 0 : check_way(g, branch, e);
}

/* The working directory must be in the private tree too. */
static int
find_place(struct git_room *g, git_tree *tree, struct git_fit *f, struct err *e)
{
	auto_free char *cwd = realpath(".", NULL);
	git_tree_entry *entry;
	const char *below;

	f->place = "";
	if (!cwd)
		return err_sys(e, "the working directory");
	if (!g->top || strcmp(cwd, g->top) == 0)
		return 0;
	below = path_inside(cwd, g->top);
	if (below == cwd)
		return 0;
	f->place = arena_strdup(g->mem, below);
	if (g->l.git_tree_entry_bypath(&entry, tree, f->place) < 0 ||
	    g->l.git_tree_entry_type(entry) != GIT_OBJECT_TREE)
		return err_set(e, ERR_INPUT,
		    "the working directory '%s' is not in that commit",
		    f->place);
	return 0;
}

int
git_fit(struct git_room *g, const struct val *args, struct git_fit *f,
    struct err *e)
{
	bool existing = room_true(args, "existing");
	const char *branch = val_str(args, "branch", NULL);
	const char *under = val_str(args, "under", NULL);
	const char *base = val_str(args, "base", NULL);
	git_config *config;
	git_tree *tree;

	*f = (struct git_fit) { .place = "" };
	if (g->l.git_repository_config_snapshot(&config, g->main) < 0)
		return gitlib_failed(&g->l, "its configuration", e);
	if (check_config(g, config, e) < 0 ||
	    check_branch(g, branch, existing, f, e) < 0)
		return -1;
	if (!branch && under &&
	    check_way(g, arena_printf(g->mem, "%s/RUN", under), e) < 0)
		return -1;
	if (existing)
		base = f->ref;
	if (find_base(g, base, f, &tree, e) < 0 ||
	    find_place(g, tree, f, e) < 0)
		return -1;
	return check_filters(g, config, tree, e);
}
