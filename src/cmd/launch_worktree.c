/*
 * The private tree of a run: whether one can be made is asked before there is
 * a run, and nothing is touched then.
 */
#include "cmd/launch_worktree.h"

#include <string.h>

#include "cmd/again.h"
#include "cmd/launch_yard.h"
#include "cmd/worktree_ask.h"

/* For a run that has no tree yet. */
static int
first(struct launch_worktree *w, struct err *e)
{
	struct yard_tree t = { .branch = w->o->branch, .base = w->o->base };
	const struct val *v;
	struct val *args;

	if (!w->o->worktree)
		return 0;
	args = launch_yard_args(w, &t);
	worktree_put(&w->mem, args, "under", LAUNCH_YARD_BRANCHES);
	v = launch_yard_ask(w, "worktree_check", args, NULL, e);
	if (!v)
		return err_wrap(e, "--worktree");
	w->base = val_str(v, "base", NULL);
	w->top = val_str(v, "top", NULL);
	return 0;
}

/* Killed at its end, maybe when its tree had been given back. */
static bool
is_complete(const struct stood *stood, const struct opened *in)
{
	const struct state *s =
	    stood->n ? loop_state(in->loop, stood->states[0]) : NULL;

	return s && s->terminal && s->type == ACTION_NONE &&
	    !in->loop->maintain && !in->o->from;
}

/* A run that goes on has its tree, or none. */
static int
again(struct launch_worktree *w, const struct opened *in, struct err *e)
{
	const struct stood *stood = w->o->again->stood;
	const struct yard_tree *t;

	/* Killed before that was announced. */
	if (stood->n == 0 && !stood->main_tree)
		return first(w, e);
	w->top = stood->main_tree;
	w->complete = is_complete(stood, in);
	if (!stood->tree || w->complete)
		return 0;
	t = launch_yard_known(w, stood->tree);
	if (launch_yard_ask(
		w, "worktree_state", launch_yard_args(w, t), NULL, e) ||
	    launch_yard_given_back(w, stood->tree)) {
		*e = (struct err)ERR_INIT;
		return 0;
	}
	return launch_yard_gone(e, w->o->again->run);
}

int
launch_worktree_plan(struct launch_worktree *w, const struct opened *in,
    const char *cwd, struct sig *sig, struct err *e)
{
	w->o = in->o;
	w->set = in->args->settings;
	w->root = in->root;
	w->cwd = cwd;
	w->sig = sig;
	w->base_dir = worktree_dir(&w->mem, w->set, w->root);
	return w->goes_on ? again(w, in, e) : first(w, e);
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
