/*
 * The copy list.  What is brought along is not work: it is in no snapshot and
 * no kept commit, since it is mostly secrets and settings.  Refuses an entry
 * that is not there, since a run without it would fail in a stranger way.
 */
#include "os/git_bring.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"

enum { DEPTH_MAX = 100 };

static int
copy_bytes(int from, int to)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || file_write_all(to, buf, (size_t)n) < 0)
			return -1;
	}
	return 0;
}

static int
copy_file(const char *from, const char *to, mode_t mode, struct err *e)
{
	auto_fd int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	auto_fd int out = -1;

	if (in < 0)
		return err_sys(e, "%s", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0777);
	if (out < 0 && errno == EEXIST)
		return 0;
	if (out < 0 || copy_bytes(in, out) < 0)
		return err_sys(e, "%s", to);
	return 0;
}

/* One that leads out of the user's tree would lead elsewhere from another
 * place. */
static int
copy_link(struct git_room *g, const char *from, const char *to, struct err *e)
{
	char text[4096];
	ssize_t n = readlink(from, text, sizeof(text) - 1);
	const char *leads, *target;

	if (n < 0)
		return err_sys(e, "%s", from);
	leads = arena_dup(g->mem, text, (size_t)n);
	target = path_clean(
	    g->mem, path_join(g->mem, path_dir(g->mem, from), leads));
	if (path_inside(target, g->top) == target)
		leads = target;
	if (symlink(leads, to) < 0 && errno != EEXIST)
		return err_sys(e, "%s", to);
	return 0;
}

static int copy_any(struct git_room *, const char *from, const char *to,
    int depth, struct err *);

static int
copy_dir(struct git_room *g, const char *from, const char *to, int depth,
    struct err *e)
{
	auto_dir DIR *d = opendir(from);
	struct dirent *ent;
	struct stat st;
	int rc = 0;

	if (!d)
		return err_sys(e, "%s", from);
	if (mkdir(to, 0777) < 0 && errno != EEXIST)
		return err_sys(e, "%s", to);
	if (lstat(to, &st) < 0)
		return err_sys(e, "%s", to);
	/* The commit has something else there. */
	if (!S_ISDIR(st.st_mode))
		return 0;
	while (rc == 0 && (ent = readdir(d)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			rc = copy_any(g, path_join(g->mem, from, ent->d_name),
			    path_join(g->mem, to, ent->d_name), depth + 1, e);
	return rc;
}

static int
copy_any(struct git_room *g, const char *from, const char *to, int depth,
    struct err *e)
{
	struct stat st;

	if (lstat(from, &st) < 0)
		return err_sys(e, "%s", from);
	if (depth > DEPTH_MAX)
		return err_set(e, ERR_INPUT, "'%s' is too deep", from);
	if (S_ISDIR(st.st_mode))
		return copy_dir(g, from, to, depth, e);
	if (S_ISLNK(st.st_mode))
		return copy_link(g, from, to, e);
	if (S_ISREG(st.st_mode))
		return copy_file(from, to, st.st_mode, e);
	return err_set(
	    e, ERR_INPUT, "'%s' is neither a file nor a directory", from);
}

/* The same in lists and in the trees: without "./" and "/" at the end. */
static const char *
clean(struct git_room *g, const char *entry, struct err *e)
{
	const char *name = path_clean(g->mem, entry);

	if (*name == '/' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    sv_starts(sv(name), "../") || strcmp(name, ".git") == 0 ||
	    sv_starts(sv(name), ".git/")) {
		err_set(e, ERR_INPUT,
		    "worktree.copy_files: '%s' is not below the tree", entry);
		return NULL;
	}
	return name;
}

/* Is it in the user's tree, and can it have the same place in others? */
static int
check(struct git_room *g, const char *entry, struct err *e)
{
	const char *name = clean(g, entry, e);
	struct stat st;

	if (!name)
		return -1;
	if (!g->top)
		return err_set(e, ERR_INPUT,
		    "worktree.copy_files: a bare repository has no files to "
		    "copy");
	if (lstat(path_join(g->mem, g->top, name), &st) < 0)
		return err_set(e, ERR_INPUT,
		    "worktree.copy_files: '%s' is not in %s", name, g->top);
	return 0;
}

int
git_bring_check(struct git_room *g, const struct val *list, struct err *e)
{
	for (size_t i = 0; list && i < list->list.len; i++)
		if (check(g, list->list.at[i]->t.p, e) < 0)
			return -1;
	return 0;
}

/* A link of the commit may stand where a directory is in the user's tree. */
static int
check_inside(struct git_room *g, const char *path, const char *name,
    const char *dir, struct err *e)
{
	auto_free char *tree = realpath(path, NULL);
	auto_free char *real = NULL;
	struct stat st;

	while (tree && !(real = realpath(dir, NULL)) && errno == ENOENT &&
	    lstat(dir, &st) < 0)
		dir = path_dir(g->mem, dir);
	if (!tree)
		return err_sys(e, "%s", path);
	if (real &&
	    (strcmp(real, tree) == 0 || path_inside(real, tree) != real))
		return 0;
	return err_set(e, ERR_INPUT,
	    "worktree.copy_files: '%s' is behind a link that leads out of the "
	    "tree",
	    name);
}

static int
bring(struct git_room *g, const char *path, const char *name, bool link,
    struct err *e)
{
	const char *from = path_join(g->mem, g->top, name);
	const char *to = path_join(g->mem, path, name);
	const char *dir = path_dir(g->mem, to);

	if (check_inside(g, path, name, dir, e) < 0 ||
	    file_mkdirs(dir, 0777, e) < 0)
		return -1;
	if (!link)
		return copy_any(g, from, to, 0, e);
	if (symlink(from, to) < 0 && errno != EEXIST)
		return err_sys(e, "%s", to);
	return 0;
}

int
git_bring(struct git_room *g, const char *path, const struct val *list,
    bool link, struct err *e)
{
	if (git_bring_check(g, list, e) < 0)
		return -1;
	for (size_t i = 0; list && i < list->list.len; i++)
		if (bring(g, path, path_clean(g->mem, list->list.at[i]->t.p),
			link, e) < 0)
			return -1;
	return 0;
}

const struct val *
git_bring_names(struct arena *a, const struct val *copy, const struct val *link)
{
	const struct val *const lists[] = { copy, link };
	struct val *all = val_list(a);

	for (size_t k = 0; k < COUNT(lists); k++)
		for (size_t i = 0; lists[k] && i < lists[k]->list.len; i++)
			val_push(a, all,
			    val_text(
				a, path_clean(a, lists[k]->list.at[i]->t.p)));
	return all;
}

bool
git_bring_is(const struct val *names, const char *path)
{
	for (size_t i = 0; names && i < names->list.len; i++) {
		struct sv name = names->list.at[i]->t;

		if (strncmp(path, name.p, name.n) == 0 &&
		    (path[name.n] == '\0' || path[name.n] == '/'))
			return true;
	}
	return false;
}
