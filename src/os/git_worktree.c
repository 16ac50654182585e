/* Requests that make a private tree or look at what there is. */
#include "os/worktree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/path.h"
#include "os/git.h"
#include "os/git_bring.h"
#include "os/git_fit.h"
#include "os/git_make.h"
#include "os/git_work.h"
#include "os/print.h"

static void
put_text(struct arena *a, struct val *v, const char *key, const char *text)
{
	if (text)
		val_set(a, v, key, val_text(a, text));
}

static void
put_true(struct arena *a, struct val *v, const char *key, bool is)
{
	if (is)
		val_set(a, v, key, val_bool(a, true));
}

static int
fit(struct git_room *g, const struct val *args, struct git_fit *f,
    struct arena *a, struct err *e)
{
	if (room_open(g, a, e) < 0 || git_fit(g, args, f, e) < 0 ||
	    git_bring_check(g, val_get(args, "copy"), e) < 0)
		return -1;
	return git_bring_check(g, val_get(args, "link"), e);
}

const struct val *
worktree_check(const struct val *args, struct arena *a)
{
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	struct git_room g;
	struct git_fit f;

	if (fit(&g, args, &f, a, &e) < 0)
		return room_fault(a, &e);
	put_text(a, v, "base", room_hex(&g, &f.base));
	put_text(a, v, "top", g.top);
	put_text(a, v, "place", f.place);
	put_text(a, v, "head", f.head);
	put_true(a, v, "linked", g.l.git_repository_is_worktree(g.main) == 1);
	put_true(a, v, "bare", g.l.git_repository_is_bare(g.main) == 1);
	return v;
}

static const struct val *
made(struct git_room *g, const struct git_make *m, const char *place)
{
	struct val *v = val_map(g->mem);

	put_text(g->mem, v, "path", m->path);
	if (m->ref)
		put_text(g->mem, v, "branch", m->ref + strlen("refs/heads/"));
	put_text(g->mem, v, "base", room_hex(g, &m->base));
	put_text(g->mem, v, "tree", room_hex(g, &m->files));
	put_text(g->mem, v, "cwd",
	    *place ? path_join(g->mem, m->path, place) : m->path);
	return v;
}

const struct val *
worktree_add(const struct val *args, struct arena *a)
{
	struct err e = ERR_INIT;
	struct git_make m;
	struct git_room g;
	struct git_fit f;

	if (fit(&g, args, &f, a, &e) < 0 ||
	    room_name(&g, val_str(args, "name", ""), &e) < 0)
		return room_fault(a, &e);
	m = (struct git_make) {
		.run = val_str(args, "run", ""),
		.path = val_str(args, "path", ""),
		.ref = f.ref,
		.own = f.ref && !room_true(args, "existing"),
		.base = f.base,
		.files = f.tree,
		.copy = val_get(args, "copy"),
		.link = val_get(args, "link"),
	};
	if (git_make(&g, &m, &e) < 0)
		return room_fault(a, &e);
	return made(&g, &m, f.place);
}

const struct val *
worktree_snapshot(const struct val *args, struct arena *a)
{
	const char *step = val_str(args, "step", "");
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	struct git_room g;
	struct git_work w;
	const char *ref, *tree;
	git_oid id;

	if (room_open(&g, a, &e) < 0 ||
	    room_tree(&g, val_str(args, "name", ""), &e) < 0 ||
	    git_work_look(&g, &w, &e) < 0)
		return room_fault(a, &e);
	tree = room_hex(&g, &w.tree);
	put_text(a, v, "tree", tree);
	if (strcmp(tree, val_str(args, "last", "")) == 0) {
		git_work_remember(&g, &w);
		return v;
	}
	ref = arena_printf(a, "refs/ll/snap/%s/%s", g.name, step);
	if (git_work_commit(&g, &w,
		arena_printf(a, "Step %s of the run %s\n", step,
		    val_str(g.meta, "run", "")),
		&id, &e) < 0 ||
	    room_ref_put(&g, ref, &id, true, &e) < 0)
		return room_fault(a, &e);
	git_work_remember(&g, &w);
	put_text(a, v, "ref", ref);
	put_text(a, v, "commit", room_hex(&g, &id));
	return v;
}

/* What is staged; what git notes beside it changes by looking. */
static const char *
index_print(struct git_room *g)
{
	char hex[PRINT_HEX];
	git_index *index;
	struct print *p;

	if (g->l.git_repository_index(&index, g->main) < 0)
		return NULL;
	p = print_new();
	for (size_t i = 0; i < g->l.git_index_entrycount(index); i++) {
		const git_index_entry *ent =
		    g->l.git_index_get_byindex(index, i);

		print_bytes(p, ent->path, strlen(ent->path) + 1);
		print_bytes(p, &ent->id, sizeof(ent->id));
		print_bytes(p, &ent->mode, sizeof(ent->mode));
	}
	print_hex(p, hex);
	print_free(p);
	return arena_strdup(g->mem, hex);
}

const struct val *
worktree_main(const struct val *args, struct arena *a)
{
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	const struct val *files;
	struct git_room g;
	git_reference *head;
	git_oid id;

	if (room_open(&g, a, &e) < 0)
		return room_fault(a, &e);
	if (!g.l.git_repository_head_detached(g.main) &&
	    g.l.git_repository_head(&head, g.main) == 0)
		put_text(a, v, "branch", g.l.git_reference_shorthand(head));
	if (g.l.git_reference_name_to_id(&id, g.main, "HEAD") == 0)
		put_text(a, v, "head", room_hex(&g, &id));
	if (!g.top)
		return v;
	put_text(a, v, "index", index_print(&g));
	files = repo_changes(args, a);
	if (val_get(files, "kind"))
		return files;
	put_text(a, v, "print", val_str(files, "print", ""));
	return v;
}
