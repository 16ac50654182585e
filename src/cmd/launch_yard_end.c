/*
 * Trees given back: a clean one goes, unless its run goes on; of any other the
 * work is kept by a branch or a ref, and the command that brings it back is in
 * the record.
 */
#include <string.h>

#include "base/auto.h"
#include "cmd/launch_yard.h"
#include "cmd/worktree_ask.h"
#include "text/quote.h"

/* How the work comes back, when it is not on the disk any more. */
static const char *
way_back(struct launch_worktree *w, struct run *r, const struct yard_tree *t,
    const struct val *got)
{
	auto_str text = STR_INIT;

	if (strcmp(val_str(got, "action", ""), "kept") != 0)
		return NULL;
	if (strcmp(t->of, "run") != 0 && !val_get(got, "ref"))
		return NULL;
	str_adds(&text, "ll-loop worktree restore ");
	quote_shell(&text, sv(strcmp(t->of, "run") == 0 ? w->run : t->name));
	return arena_strdup(run_mem(r), text.buf);
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
		v = launch_yard_fields(r, t, "stays");
		worktree_put(run_mem(r), v, "error", why.msg);
		return launch_yard_emit(r, v, e);
	}
	v = launch_yard_fields(r, t, val_str(got, "action", "stays"));
	launch_yard_said(run_mem(r), v, got, keys);
	worktree_put(run_mem(r), v, "restore", way_back(w, r, t, got));
	return launch_yard_emit(r, v, e);
}

int
launch_yard_leave(
    void *self, struct run *r, const struct housing *h, struct err *e)
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
	const struct val *now = w->main ? launch_yard_main(w) : NULL;
	struct val *out = val_list(a);

	if (!w->main)
		return NULL;
	/* It could be read at the start. */
	if (!now)
		val_push(a, out, val_text(a, "unknown"));
	for (size_t i = 0; now && i < COUNT(rows); i++)
		if (strcmp(val_str(w->main, rows[i].key, ""),
			val_str(now, rows[i].key, "")) != 0)
			val_push(a, out, val_text(a, rows[i].means));
	return out->list.len ? out : NULL;
}

int
launch_yard_close(
    void *self, struct run *r, bool stays, struct val *end, struct err *e)
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
