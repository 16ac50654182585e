/*
 * The private tree of a run: whether one can be made is asked before there is
 * a run, and nothing is touched then.
 */
#include "cmd/launch_worktree.h"

#include <string.h>

#include "base/path.h"
#include "cmd/launch_yard.h"
#include "cmd/worktree_ask.h"

int
launch_worktree_plan(struct launch_worktree *w, const struct opened *in,
    const char *cwd, struct sig *sig, struct err *e)
{
	struct yard_tree t = { .branch = in->o->branch, .base = in->o->base };
	const struct val *v;

	w->o = in->o;
	w->set = in->args->settings;
	w->root = in->root;
	w->cwd = cwd;
	w->sig = sig;
	w->base_dir = worktree_dir(&w->mem, w->set, w->root);
	if (!w->o->worktree || w->goes_on)
		return 0;
	v = launch_yard_ask(
	    w, "worktree_check", launch_yard_args(w, &t), NULL, e);
	if (!v)
		return err_wrap(e, "--worktree");
	w->base = val_str(v, "base", NULL);
	w->top = val_str(v, "top", NULL);
	return 0;
}

const struct val *
launch_worktree_scopes(struct launch_worktree *w, const struct val *scopes)
{
	struct val *out = val_list(&w->mem);

	if (!w->base)
		return scopes;
	for (size_t i = 0; scopes && i < scopes->list.len; i++) {
		const struct val *s = scopes->list.at[i];
		const char *full =
		    path_clean(&w->mem, path_join(&w->mem, w->root, s->t.p));

		if (w->top &&
		    (strcmp(full, w->top) == 0 ||
			path_inside(full, w->top) != full))
			continue;
		val_push(&w->mem, out, s);
	}
	return out;
}

void
launch_worktree_hang(struct launch_worktree *w, const char *run, struct run *r)
{
	w->run = run;
	r->main_root = w->top ? w->top : w->root;
	r->yard = launch_yard(w);
}

void
launch_worktree_release(struct launch_worktree *w)
{
	vec_release(&w->trees);
	arena_release(&w->mem);
}
