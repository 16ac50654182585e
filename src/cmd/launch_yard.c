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

struct val *
launch_yard_fields(struct run *r, const struct yard_tree *t, const char *action)
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
	worktree_put(a, v, "main", t->main);
	return v;
}

void
launch_yard_said(struct arena *a, struct val *out, const struct val *said,
    const char *const *keys)
{
	for (; *keys; keys++)
		val_set(a, out, *keys, val_get(said, *keys));
}

int
launch_yard_emit(struct run *r, struct val *v, struct err *e)
{
	return run_emit(r, EV_WORKTREE, v, e);
}

/* ---- made ---- */

static struct yard_tree *
new_tree(struct launch_worktree *w, const struct run *r, const char *of,
    const char *branch, const char *base)
{
	struct yard_tree *t = arena_new(&w->mem, sizeof(*t));
	const char *name = worktree_name(&w->mem, w->run);

	if (strcmp(of, "run") != 0)
		name = arena_printf(
		    &w->mem, "%s.%lld", name, r->point.inner_trees + 1);
	*t = (struct yard_tree) { .name = name,
		.main = w->top,
		.path = path_join(&w->mem, w->base_dir, name),
		.branch = arena_strdup(&w->mem, branch),
		.base = base,
		.of = of,
		.last = "" };
	if (!branch)
		t->branch =
		    arena_printf(&w->mem, LAUNCH_YARD_BRANCHES "/%s", name);
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

	if (launch_yard_emit(r, launch_yard_fields(r, t, "create"), e) < 0)
		return -1;
	if (!own)
		val_set(&w->mem, args, "existing", val_bool(&w->mem, true));
	got = launch_yard_ask(w, "worktree_add", args, w->sig, why);
	if (!got) {
		/* It undoes itself, unless it was killed. */
		if (!launch_yard_ask(w, "worktree_undo", launch_yard_args(w, t),
			NULL, &undone))
			err_wrap(why, "%s", undone.msg);
		v = launch_yard_fields(r, t, "failed");
		worktree_put(run_mem(r), v, "error", why->msg);
		return launch_yard_emit(r, v, e) < 0 ? -1 : 1;
	}
	t->base = val_str(got, "base", t->base);
	t->last = val_str(got, "tree", "");
	t->open = true;
	vec_push(&w->trees, t);
	*out = (struct housing) {
		.cwd = val_str(got, "cwd", t->path), .tree = t, .own = true
	};
	t->cwd = out->cwd;
	return launch_yard_emit(r, launch_yard_fields(r, t, "created"), e);
}

const struct val *
launch_yard_main(struct launch_worktree *w)
{
	struct err unused = ERR_INIT;

	return launch_yard_ask(
	    w, "worktree_main", val_map(&w->mem), NULL, &unused);
}

/* The run's own: who is refused it may not begin. */
static int
make_own(struct launch_worktree *w, struct run *r, struct yard_tree *t,
    struct housing *out, struct err *e)
{
	struct err why = ERR_INIT;
	int rc = make(w, r, t, out, &why, e);

	/* Asked to stop meanwhile: the run ends before its next state. */
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

	return make(w, r, new_tree(w, r, "loop", branch, NULL), out, why, e);
}

struct yard_tree *
launch_yard_known(struct launch_worktree *w, const struct val *was)
{
	struct yard_tree *t = arena_new(&w->mem, sizeof(*t));
	struct arena *a = &w->mem;

	*t = (struct yard_tree) {
		.name = arena_strdup(a, val_str(was, "name", "")),
		.path = arena_strdup(a, val_str(was, "path", "")),
		.branch = arena_strdup(a, val_str(was, "branch", NULL)),
		.base = arena_strdup(a, val_str(was, "base", NULL)),
		.main = w->top,
		.of = arena_strdup(a, val_str(was, "of", "loop")),
		.last = "",
	};
	t->cwd = arena_strdup(a, val_str(was, "cwd", t->path));
	return t;
}

/* What a killed making has left of it, in part or whole: nothing has run in
 * it. */
static int
clear(struct launch_worktree *w, const struct yard_tree *t, struct err *e)
{
	struct err none = ERR_INIT;

	if (!launch_yard_ask(
		w, "worktree_undo", launch_yard_args(w, t), NULL, e))
		return -1;
	if (!launch_yard_ask(
		w, "worktree_state", launch_yard_args(w, t), NULL, &none))
		return 0;
	return launch_yard_ask(
		   w, "worktree_close", launch_yard_args(w, t), NULL, e)
	    ? 0
	    : -1;
}

/* We took it away, since there was nothing in it; or we were killed or failed
 * while we made it. */
static int
make_anew(struct launch_worktree *w, struct run *r, const struct val *was,
    struct housing *out, struct err *e)
{
	struct yard_tree *t = launch_yard_known(w, was);

	/* One that failed by a signal may have been made in that moment. */
	if (strcmp(val_str(was, "action", ""), "removed") != 0 &&
	    clear(w, t, e) < 0)
		return -1;
	return make_own(w, r, t, out, e);
}

/* The same, but killed before it was recorded that it went: it is now. */
static int
make_after(struct launch_worktree *w, struct run *r, struct yard_tree *t,
    struct housing *out, struct err *e)
{
	if (clear(w, t, e) < 0 ||
	    launch_yard_emit(r, launch_yard_fields(r, t, "removed"), e) < 0)
		return -1;
	return make_own(w, r, t, out, e);
}

/* The run goes on in it. */
static int
on_again(void *self, struct run *r, const struct val *was, struct housing *out,
    struct err *e)
{
	struct launch_worktree *w = self;
	struct yard_tree *t = launch_yard_known(w, was);

	w->main = launch_yard_main(w);
	if (!point_tree_stands(was))
		return w->complete ? 0 : make_anew(w, r, was, out, e);
	if (!launch_yard_ask(
		w, "worktree_state", launch_yard_args(w, t), w->sig, e)) {
		if (w->complete)
			return 0;
		if (launch_yard_given_back(w, was)) {
			*e = (struct err)ERR_INIT;
			return make_after(w, r, t, out, e);
		}
		return launch_yard_gone(
		    e, strcmp(t->of, "run") == 0 ? w->run : t->name);
	}
	t->open = true;
	vec_push(&w->trees, t);
	*out = (struct housing) { .cwd = t->cwd, .tree = t, .own = true };
	return 0;
}

static int
on_open(void *self, struct run *r, struct housing *out, struct err *e)
{
	struct launch_worktree *w = self;

	/* It was killed behind that record, before its loop began. */
	if (r->point.worktree.v)
		return on_again(self, r, r->point.worktree.v, out, e);
	if (!w->base)
		return 0;
	w->main = launch_yard_main(w);
	return make_own(
	    w, r, new_tree(w, r, "run", w->o->branch, w->base), out, e);
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
	v = launch_yard_fields(r, t, "snapshot_failed");
	worktree_put(run_mem(r), v, "error", why->msg);
	return launch_yard_emit(r, v, e);
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
	v = launch_yard_fields(r, t, "snapshot");
	worktree_put(run_mem(r), v, "step", step_of(r));
	launch_yard_said(run_mem(r), v, got, keys);
	return launch_yard_emit(r, v, e);
}

struct yard
launch_yard(struct launch_worktree *w)
{
	return (struct yard) {
		.open = on_open,
		.again = on_again,
		.enter = on_enter,
		.acted = on_acted,
		.leave = launch_yard_leave,
		.close = launch_yard_close,
		.told = on_told,
		.self = w,
	};
}
