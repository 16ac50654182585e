/* What there is of ours in a repository: trees, refs, and rests of both. */
#include "os/worktree.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "os/git_lost.h"
#include "os/git_refs.h"

#define KEPT "refs/ll/kept/"
#define SNAP "refs/ll/snap/"

static void
put(struct git_room *g, struct val *v, const char *key, const char *text)
{
	val_set(g->mem, v, key, val_text(g->mem, text));
}

static const struct val *
tree_row(struct git_room *g, const char *name, const struct val *meta,
    const char *dir)
{
	struct val *v = val_map(g->mem);
	const char *path = val_str(meta, "path", "?");

	for (size_t i = 0; i < meta->map.len; i++)
		val_set(g->mem, v, meta->map.at[i].key, meta->map.at[i].v);
	put(g, v, "name", name);
	put(g, v, "run", val_str(meta, "run", name));
	val_set(g->mem, v, "there",
	    val_bool(g->mem, file_exists(path_join(g->mem, path, ".git"))));
	val_set(g->mem, v, "locked",
	    val_bool(g->mem, file_exists(path_join(g->mem, dir, "locked"))));
	return v;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Rows of all directories below `dir` that have our note; in a place that is
 * ours they may have lost it. */
static const struct val *
trees(struct git_room *g, const char *dir, bool ours)
{
	auto_dir DIR *d = opendir(dir);
	VEC(const char *) names = VEC_INIT;
	struct val *list = val_list(g->mem);
	struct dirent *ent;

	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.')
			vec_push(&names, arena_strdup(g->mem, ent->d_name));
	if (names.len)
		qsort(names.at, names.len, sizeof(*names.at), by_name);
	for (size_t i = 0; i < names.len; i++) {
		const char *at = path_join(g->mem, dir, names.at[i]);
		const struct val *meta = room_meta(g, at);

		if (!meta && ours)
			meta = val_map(g->mem);
		if (meta)
			val_push(
			    g->mem, list, tree_row(g, names.at[i], meta, at));
	}
	vec_release(&names);
	return list;
}

static int
by_ref(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	size_t nx = strlen(x) - strlen(path_base(x));
	size_t ny = strlen(y) - strlen(path_base(y));
	int order = nx == ny ? strncmp(x, y, nx) : strcmp(x, y);

	return order ? order : git_refs_step_cmp(path_base(x), path_base(y));
}

static const struct val *
kept(struct git_room *g, struct err *e)
{
	struct git_refs all = { VEC_INIT };
	struct val *list = val_list(g->mem);

	if (git_refs_find(g, KEPT "*", &all, e) < 0)
		return NULL;
	if (all.name.len)
		qsort(all.name.at, all.name.len, sizeof(*all.name.at), by_ref);
	for (size_t i = 0; i < all.name.len; i++) {
		struct val *v = val_map(g->mem);
		git_commit *c;
		git_oid id;

		if (!room_ref(g, all.name.at[i], &id) ||
		    g->l.git_commit_lookup(&c, g->main, &id) < 0)
			continue;
		put(g, v, "name", all.name.at[i] + strlen(KEPT));
		put(g, v, "ref", all.name.at[i]);
		put(g, v, "commit", room_hex(g, &id));
		val_set(g->mem, v, "time",
		    val_int(g->mem, g->l.git_commit_time(c)));
		val_push(g->mem, list, v);
	}
	vec_release(&all.name);
	return list;
}

/* The run that this is a step of, as its commit says; or NULL. */
static const char *
run_of(struct git_room *g, const char *ref)
{
	static const char before[] = " of the run ";
	const char *says, *from;
	git_commit *c;
	git_oid id;

	if (!room_ref(g, ref, &id) ||
	    g->l.git_commit_lookup(&c, g->main, &id) < 0)
		return NULL;
	says = g->l.git_commit_message(c);
	from = says ? strstr(says, before) : NULL;
	if (!from)
		return NULL;
	from += strlen(before);
	return arena_dup(g->mem, from, strcspn(from, "\n"));
}

/* One row for each tree's snapshots: {name, run, steps}. */
static const struct val *
snapshots(struct git_room *g, struct err *e)
{
	struct git_refs all = { VEC_INIT };
	struct val *list = val_list(g->mem), *steps = NULL;
	const char *last = "";

	if (git_refs_find(g, SNAP "*", &all, e) < 0)
		return NULL;
	if (all.name.len)
		qsort(all.name.at, all.name.len, sizeof(*all.name.at), by_ref);
	for (size_t i = 0; i < all.name.len; i++) {
		const char *rest = all.name.at[i] + strlen(SNAP);
		const char *name = path_dir(g->mem, rest);

		if (!steps || strcmp(name, last) != 0) {
			const char *run = run_of(g, all.name.at[i]);
			struct val *v = val_map(g->mem);

			steps = val_list(g->mem);
			put(g, v, "name", name);
			put(g, v, "run", run ? run : name);
			val_set(g->mem, v, "steps", steps);
			val_push(g->mem, list, v);
			last = name;
		}
		val_push(g->mem, steps, val_text(g->mem, path_base(rest)));
	}
	vec_release(&all.name);
	return list;
}

const struct val *
worktree_list(const struct val *args, struct arena *a)
{
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	const struct val *refs, *snaps;
	struct git_room g;

	(void)args;
	if (room_open(&g, a, &e) < 0)
		return room_fault(a, &e);
	refs = kept(&g, &e);
	snaps = refs ? snapshots(&g, &e) : NULL;
	if (!snaps)
		return room_fault(a, &e);
	val_set(a, v, "trees",
	    trees(&g, arena_printf(a, "%s/worktrees", g.common), false));
	val_set(a, v, "kept", refs);
	val_set(a, v, "snapshots", snaps);
	val_set(a, v, "rests",
	    trees(&g, arena_printf(a, "%s/ll-loop", g.common), true));
	return v;
}

const struct val *
worktree_gone(const struct val *args, struct arena *a)
{
	const struct git_lost t = { .path = val_str(args, "path", ""),
		.branch = val_str(args, "branch", NULL),
		.base = val_str(args, "base", ""),
		.own = !room_true(args, "existing") };
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	struct git_room g;

	if (room_open(&g, a, &e) < 0 ||
	    room_name(&g, val_str(args, "name", ""), &e) < 0)
		return room_fault(a, &e);
	val_set(a, v, "empty", val_bool(a, git_lost_nothing(&g, &t)));
	return v;
}

const struct val *
worktree_forget(const struct val *args, struct arena *a)
{
	const char *name = val_str(args, "name", "");
	struct git_refs all = { VEC_INIT };
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	struct git_room g;
	git_oid unused;

	if (room_open(&g, a, &e) < 0 || room_name(&g, name, &e) < 0 ||
	    (room_true(args, "cut") && git_lost_keep(&g, &unused, &e) < 0) ||
	    git_refs_find(&g, arena_printf(a, SNAP "%s/*", name), &all, &e) < 0)
		return room_fault(a, &e);
	for (size_t i = 0; i < all.name.len; i++)
		if (room_ref_drop(&g, all.name.at[i], NULL, &e) < 0)
			return room_fault(a, &e);
	val_set(a, v, "forgotten", val_int(a, (long long)all.name.len));
	vec_release(&all.name);
	return v;
}
