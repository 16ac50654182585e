/*
 * Trees as the engine asks for them: announced, made and recorded once there
 * is a journal; and at the end nothing is lost: what is not clean is kept by
 * a branch or a ref, and the command that brings it back is told.
 */
#include "cmd/launch_yard.h"

#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/path.h"
#include "store/place.h"
#include "cmd/worktree_ask.h"

const struct val *
launch_yard_ask(struct launch_worktree *w, const char *request,
    struct val *args, struct sig *sig, struct err *e)
{
	const struct worktree_ask how = { .mem = &w->mem,
		.cwd = w->cwd,
		.limit_ms = WORKTREE_LONG_MS,
		.sig = sig };

	return worktree_ask(&how, request, args, e);
}

struct val *
launch_yard_args(struct launch_worktree *w, const struct yard_tree *t)
{
	struct val *v = val_map(&w->mem);

	worktree_put(&w->mem, v, "name", t->name);
	worktree_put(&w->mem, v, "run", w->run);
	worktree_put(&w->mem, v, "path", t->path);
	worktree_put(&w->mem, v, "branch", t->branch);
	worktree_put(&w->mem, v, "base", t->base);
	worktree_put(&w->mem, v, "runs", place_runs(&w->mem, "."));
	val_set(&w->mem, v, "copy", settings_list(w->set, SET_COPY_FILES));
	val_set(&w->mem, v, "link", settings_list(w->set, SET_LINK_FILES));
	return v;
}

/* ---- records ---- */

static struct val *
fields(struct run *r, const struct yard_tree *t, const char *action)
{
	struct arena *a = run_mem(r);
	struct val *v = val_map(a);

	worktree_put(a, v, "action", action);
	worktree_put(a, v, "of", t->of);
	worktree_put(a, v, "name", t->name);
	worktree_put(a, v, "path", t->path);
	worktree_put(a, v, "branch", t->branch);
	worktree_put(a, v, "base", t->base);
	worktree_put(a, v, "cwd", t->cwd);
	return v;
}

/* What a helper said, under the same names. */
static void
add_said(struct arena *a, struct val *out, const struct val *said,
    const char *const *keys)
{
	for (; *keys; keys++)
		val_set(a, out, *keys, val_get(said, *keys));
}

static int
emit(struct run *r, struct val *v, struct err *e)
{
	return run_emit(r, EV_WORKTREE, v, e);
}

/* ---- made ---- */

static struct yard_tree *
new_tree(struct launch_worktree *w, const char *of, const char *branch,
    const char *base)
{
	struct yard_tree *t = arena_new(&w->mem, sizeof(*t));
	const char *name = worktree_name(&w->mem, w->run);

	if (strcmp(of, "run") != 0)
		name = arena_printf(&w->mem, "%s.%zu", name, w->trees.len + 1);
	*t = (struct yard_tree) { .name = name,
		.path = path_join(&w->mem, w->base_dir, name),
		.branch = arena_strdup(&w->mem, branch),
		.base = base,
		.of = of,
		.last = "" };
	if (!branch)
		t->branch = arena_printf(&w->mem, "ll/%s", name);
	return t;
}

/* 0, 1 and *why when it was refused and nothing is left of it, or -1. */
static int
make(struct launch_worktree *w, struct run *r, struct yard_tree *t,
    struct housing *out, struct err *why, struct err *e)
{
	bool own = strcmp(t->of, "run") == 0;
	struct val *args = launch_yard_args(w, t), *v;
	struct err undone = ERR_INIT;
	const struct val *got;

	if (emit(r, fields(r, t, "create"), e) < 0)
		return -1;
	if (!own)
		val_set(&w->mem, args, "existing", val_bool(&w->mem, true));
	got = launch_yard_ask(w, "worktree_add", args, w->sig, why);
	if (!got) {
		/* It undoes itself, unless it was killed. */
		if (!launch_yard_ask(w, "worktree_undo", launch_yard_args(w, t),
			NULL, &undone))
			err_wrap(why, "%s", undone.msg);
		v = fields(r, t, "failed");
		worktree_put(run_mem(r), v, "error", why->msg);
		return emit(r, v, e) < 0 ? -1 : 1;
	}
	t->base = val_str(got, "base", t->base);
	t->last = val_str(got, "tree", "");
	t->open = true;
	vec_push(&w->trees, t);
	*out = (struct housing) {
		.cwd = val_str(got, "cwd", t->path), .tree = t, .own = true
	};
	t->cwd = out->cwd;
	return emit(r, fields(r, t, "created"), e);
}

/* How the user's tree stands, for the comparison at the end. */
static const struct val *
look_at_main(struct launch_worktree *w)
{
	struct err unused = ERR_INIT;

	return launch_yard_ask(
	    w, "worktree_main", val_map(&w->mem), NULL, &unused);
}

static int
on_open(void *self, struct run *r, struct housing *out, struct err *e)
{
	struct launch_worktree *w = self;
	struct err why = ERR_INIT;
	int rc;

	if (!w->base)
		return 0;
	w->main = look_at_main(w);
	rc =
	    make(w, r, new_tree(w, "run", w->o->branch, w->base), out, &why, e);
	/* Asked to stop meanwhile: the run ends before its first state. */
	if (rc == 1 && w->sig && w->sig->stop)
		return 0;
	if (rc == 1)
		*e = why;
	return rc == 0 ? 0 : -1;
}

static int
on_enter(void *self, struct run *r, const char *branch, struct housing *out,
    struct err *why, struct err *e)
{
	struct launch_worktree *w = self;

	return make(w, r, new_tree(w, "loop", branch, NULL), out, why, e);
}

/* The run goes on in it. */
static void
take_up(struct launch_worktree *w, const struct val *was, const char *of,
    struct housing *out)
{
	struct yard_tree *t = arena_new(&w->mem, sizeof(*t));
	const char *base = val_str(was, "base", NULL);

	*t = (struct yard_tree) {
		.name = arena_strdup(&w->mem, val_str(was, "name", "")),
		.path = arena_strdup(&w->mem, val_str(was, "path", "")),
		.branch = arena_strdup(&w->mem, val_str(was, "branch", NULL)),
		.base = arena_strdup(&w->mem, base),
		.of = of,
		.last = "",
		.open = true,
	};
	vec_push(&w->trees, t);
	t->cwd = arena_strdup(&w->mem, val_str(was, "cwd", t->path));
	*out = (struct housing) {
		.cwd = t->cwd,
		.tree = t,
		.own = true,
	};
}

static int
on_again(void *self, struct run *r, const struct val *was, struct housing *out,
    struct err *e)
{
	struct launch_worktree *w = self;
	const char *of = val_str(was, "of", "loop");
	struct yard_tree t = { .name = val_str(was, "name", "") };
	struct err why = ERR_INIT;

	(void)r;
	w->main = look_at_main(w);
	take_up(w, was, of, out);
	if (launch_yard_ask(
		w, "worktree_state", launch_yard_args(w, &t), w->sig, &why))
		return 0;
	w->trees.len--;
	return err_set(e, ERR_INPUT,
	    "its worktree cannot be used (%s); 'll-loop worktree restore %s' "
	    "puts it back",
	    why.msg, strcmp(of, "run") == 0 ? w->run : t.name);
}

static const struct val *
on_told(void *self, const struct housing *h, struct arena *a)
{
	struct val *v = val_map(a);

	(void)self;
	worktree_put(a, v, "name", h->tree->name);
	worktree_put(a, v, "path", h->tree->path);
	worktree_put(a, v, "branch", h->tree->branch);
	worktree_put(a, v, "base", h->tree->base);
	worktree_put(a, v, "cwd", h->cwd);
	return v;
}

/* ---- steps ---- */

/* "3", or "3.2" for the second step of what the third called. */
static const char *
step_of(struct run *r)
{
	const struct lane *l = point_lane(&r->point, -1);
	auto_str text = STR_INIT;

	for (size_t i = 0; i < l->frames.len; i++)
		str_addf(&text, "%s%lld", i ? "." : "", l->frames.at[i]->steps);
	return arena_strdup(run_mem(r), text.buf);
}

static int
snapshot_failed(struct run *r, struct launch_worktree *w, struct yard_tree *t,
    const struct err *why, struct err *e)
{
	struct val *v;

	if (t->failed && strcmp(t->failed, why->msg) == 0)
		return 0;
	t->failed = arena_strdup(&w->mem, why->msg);
	v = fields(r, t, "snapshot_failed");
	worktree_put(run_mem(r), v, "error", why->msg);
	return emit(r, v, e);
}

static int
on_acted(void *self, struct run *r, const struct housing *h, struct err *e)
{
	static const char *const keys[] = { "ref", "commit", NULL };
	struct launch_worktree *w = self;
	struct yard_tree *t = h->tree;
	const struct worktree_ask how = {
		.mem = run_mem(r), .cwd = w->cwd, .sig = w->sig
	};
	struct val *args, *v;
	struct err why = ERR_INIT;
	const struct val *got;

	if (!r->loop->snapshots || !t->open)
		return 0;
	args = val_map(run_mem(r));
	worktree_put(run_mem(r), args, "name", t->name);
	worktree_put(run_mem(r), args, "step", step_of(r));
	worktree_put(run_mem(r), args, "last", t->last);
	got = worktree_ask(&how, "worktree_snapshot", args, &why);
	if (!got)
		return w->sig && w->sig->stop
		    ? 0
		    : snapshot_failed(r, w, t, &why, e);
	t->failed = NULL;
	if (!val_get(got, "ref"))
		return 0;
	t->last = arena_strdup(&w->mem, val_str(got, "tree", ""));
	v = fields(r, t, "snapshot");
	worktree_put(run_mem(r), v, "step", step_of(r));
	add_said(run_mem(r), v, got, keys);
	return emit(r, v, e);
}

/* ---- given back ---- */

/* How the work comes back, when it is not on the disk any more. */
static const char *
way_back(struct launch_worktree *w, struct run *r, const struct yard_tree *t,
    const struct val *got)
{
	if (strcmp(val_str(got, "action", ""), "kept") != 0)
		return NULL;
	if (strcmp(t->of, "run") != 0 && !val_get(got, "ref"))
		return NULL;
	return arena_printf(run_mem(r), "ll-loop worktree restore %s",
	    strcmp(t->of, "run") == 0 ? w->run : t->name);
}

static int
give_back(struct launch_worktree *w, struct run *r, struct yard_tree *t,
    bool stays, struct err *e)
{
	static const char *const keys[] = { "head", "ahead", "ref", "commit",
		"branch_deleted", "stays", NULL };
	struct val *args = launch_yard_args(w, t), *v;
	struct err why = ERR_INIT;
	const struct val *got;

	t->open = false;
	if (stays)
		val_set(&w->mem, args, "stay", val_bool(&w->mem, true));
	got = launch_yard_ask(w, "worktree_close", args, NULL, &why);
	if (!got) {
		v = fields(r, t, "stays");
		worktree_put(run_mem(r), v, "error", why.msg);
		return emit(r, v, e);
	}
	v = fields(r, t, val_str(got, "action", "stays"));
	add_said(run_mem(r), v, got, keys);
	worktree_put(run_mem(r), v, "restore", way_back(w, r, t, got));
	return emit(r, v, e);
}

static int
on_leave(void *self, struct run *r, const struct housing *h, struct err *e)
{
	return h->tree->open ? give_back(self, r, h->tree, false, e) : 0;
}

/* What is not as it was in the user's tree; NULL: nothing. */
static const struct val *
main_changes(struct launch_worktree *w, struct arena *a)
{
	static const struct {
		const char *key, *means;
	} rows[] = {
		{ "head", "HEAD" },
		{ "branch", "branch" },
		{ "index", "index" },
		{ "print", "files" },
	};
	const struct val *now = w->main ? look_at_main(w) : NULL;
	struct val *out = val_list(a);

	if (!now)
		return NULL;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(val_str(w->main, rows[i].key, ""),
			val_str(now, rows[i].key, "")) != 0)
			val_push(a, out, val_text(a, rows[i].means));
	return out->list.len ? out : NULL;
}

static int
on_close(void *self, struct run *r, bool stays, struct val *end, struct err *e)
{
	struct launch_worktree *w = self;
	struct arena *a = run_mem(r);
	int rc = 0;

	for (size_t i = w->trees.len; i > 0; i--) {
		struct yard_tree *t = w->trees.at[i - 1];

		if (t->open && give_back(w, r, t, stays, e) < 0)
			rc = -1;
	}
	val_set(a, end, "main_tree_changed", main_changes(w, a));
	return rc;
}

struct yard
launch_yard(struct launch_worktree *w)
{
	return (struct yard) {
		.open = on_open,
		.again = on_again,
		.enter = on_enter,
		.acted = on_acted,
		.leave = on_leave,
		.close = on_close,
		.told = on_told,
		.self = w,
	};
}
