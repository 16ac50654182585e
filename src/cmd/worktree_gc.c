/*
 * What runs left in the repository and nobody needs: halves of trees, trees
 * of runs that are over (their work is kept first), snapshots of steps.
 * Nobody starts meanwhile: each is dealt with while no ticket can be drawn,
 * and who has one is alive.  What was kept is never removed here.
 */
#include "cmd/worktree_gc.h"

#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/path.h"
#include "cmd/report.h"
#include "cmd/worktree_ask.h"
#include "gate/ticket.h"
#include "store/place.h"

/* Others wait ten seconds for the directory of tickets. */
enum { BARRED_MS = 9000 };

struct gc {
	struct worktree_all all;
	bool apply;
	size_t failed;
};

/* The journal of RUN, or of the run that called the loop of the tree RUN.3. */
static int
open_run(
    struct args *a, const char *root, const char *run, struct run_info *info)
{
	struct err unused = ERR_INIT;
	const char *dot = strrchr(run, '.');

	if (report_open(a, root, run, info, &unused) == 0)
		return 0;
	return dot && dot[1] && !dot[1 + strspn(dot + 1, "0123456789")]
	    ? report_open(a, root, arena_dup(a->mem, run, (size_t)(dot - run)),
		  info, &unused)
	    : -1;
}

/* Is the journal silent on how this tree of that run ended?  One that was
 * cleared away is not: its run had ended. */
static bool
is_cut(struct args *a, const char *root, const char *run, const char *name)
{
	struct run_info info;
	const char *action;
	bool cut;

	if (open_run(a, root, run, &info) < 0)
		return false;
	action = val_str(info.point.worktree.v, "action", "");
	/* Those of called loops end with them, and there is no run that has
	 * ended before its loops. */
	cut = strcmp(val_str(info.point.worktree.v, "name", ""), name) == 0
	    ? strcmp(action, "kept") != 0 && strcmp(action, "removed") != 0
	    : !info.point.ended;
	run_info_release(&info);
	return cut;
}

static const struct val *
ask(struct gc *g, const char *request, const char *run, const char *name,
    struct err *e)
{
	struct arena *m = g->all.args->mem;
	const bool keep = strcmp(request, "worktree_keep") == 0;
	const struct worktree_ask how = { .mem = m,
		.cwd = g->all.root,
		.limit_ms = keep ? WORKTREE_LONG_MS : BARRED_MS };
	struct val *args = val_map(m);

	worktree_put(m, args, "name", name);
	worktree_put(m, args, "runs", place_runs(m, "."));
	if (is_cut(g->all.args, g->all.root, run, name))
		val_set(m, args, "cut", val_bool(m, true));
	return worktree_ask(&how, request, args, e);
}

static void
say(struct gc *g, const char *what, const char *name)
{
	struct out *o = g->all.args->out;

	str_addf(&o->buf, "%s%s ", g->apply ? "" : "would ", what);
	out_text(o, name, strlen(name), 0);
	str_addc(&o->buf, '\n');
}

static void
complain(struct gc *g, const char *name, const struct err *why)
{
	g->failed++;
	cmd_complain(g->all.args, "'%s' stays: %s", name, why->msg);
}

/* Do it while nobody can start; false when its run lives after all. */
static bool
act(struct gc *g, const char *request, const char *run, const char *name)
{
	struct err e = ERR_INIT;
	auto_fd int bar = ticket_bar(g->all.root, &e);

	if (bar < 0 || ticket_alive(g->all.root, run)) {
		if (bar >= 0)
			err_set(&e, ERR_BUSY, "its run lives");
		complain(g, name, &e);
		return false;
	}
	if (ask(g, request, run, name, &e))
		return true;
	complain(g, name, &e);
	return false;
}

/* Much work takes long to store, and what is stored is not stored again: so
 * nobody is kept waiting for it. */
static void
store_first(struct gc *g, const char *run, const char *name)
{
	struct err unused = ERR_INIT;

	if (g->apply && !ticket_alive(g->all.root, run))
		ask(g, "worktree_keep", run, name, &unused);
}

/* What was not done is not said to be. */
static void
deal(struct gc *g, const char *what, const char *request, const char *run,
    const char *name)
{
	if (!g->apply || act(g, request, run, name))
		say(g, what, name);
}

static void
tree(struct gc *g, const struct val *t)
{
	const char *state = worktree_state_of(&g->all, t);
	const char *name = val_str(t, "name", "");
	const char *run = val_str(t, "run", "");
	bool halfway = strcmp(state, "halfway") == 0;
	bool lost = strcmp(state, "lost") == 0;

	if (!halfway && !lost && strcmp(state, "left") != 0)
		return;
	if (!halfway && !lost)
		store_first(g, run, name);
	deal(g,
	    halfway    ? "clear away the half of"
		: lost ? "forget the lost"
		       : "keep the work in, and remove",
	    halfway    ? "worktree_undo"
		: lost ? "worktree_remove"
		       : "worktree_close",
	    run, name);
}

static void
rest(struct gc *g, const struct val *t)
{
	const char *name = val_str(t, "name", "");

	if (ticket_alive(g->all.root, val_str(t, "run", "")))
		return;
	deal(g, "clear away the half of", "worktree_undo",
	    val_str(t, "run", ""), name);
}

static bool
has_tree(struct gc *g, const char *name)
{
	const struct val *trees = val_get(g->all.said, "trees");

	for (size_t i = 0; i < trees->list.len; i++)
		if (strcmp(val_str(trees->list.at[i], "name", ""), name) == 0)
			return true;
	return false;
}

static void
steps(struct gc *g, const struct val *s)
{
	const char *name = val_str(s, "name", "");
	const char *run = val_str(s, "run", "");

	if (has_tree(g, name) || ticket_alive(g->all.root, run))
		return;
	deal(g, "remove the snapshots of", "worktree_forget", run, name);
}

int
worktree_gc(struct args *a, bool apply, struct err *e)
{
	static const struct {
		const char *key;
		void (*look)(struct gc *, const struct val *);
	} parts[] = {
		{ "rests", rest },
		{ "trees", tree },
		{ "snapshots", steps },
	};
	struct gc g = { .apply = apply };
	size_t from;

	if (worktree_all_read(a, &g.all, e) < 0)
		return -1;
	from = a->out->buf.len;
	for (size_t i = 0; i < COUNT(parts); i++) {
		const struct val *rows = val_get(g.all.said, parts[i].key);

		for (size_t k = 0; k < rows->list.len; k++)
			parts[i].look(&g, rows->list.at[k]);
	}
	if (a->out->buf.len == from && g.failed == 0)
		str_adds(&a->out->buf, "nothing to clear away\n");
	else if (!apply)
		str_adds(&a->out->buf,
		    "Nothing was done: ll-loop worktree gc --apply does it\n");
	return g.failed ? 74 : 0;
}

/* ---- back ---- */

/* The branch of the run, as its journal has it. */
static const char *
branch_of(struct args *a, const char *root, const char *run)
{
	struct run_info info;
	struct err unused = ERR_INIT;
	const char *branch = NULL;

	if (report_open(a, root, run, &info, &unused) == 0) {
		branch = arena_strdup(
		    a->mem, val_str(info.point.worktree.v, "branch", NULL));
		run_info_release(&info);
	}
	return branch
	    ? branch
	    : arena_printf(a->mem, "ll/%s", worktree_name(a->mem, run));
}

static void
say_back(struct out *o, const struct val *got)
{
	const char *path = val_str(got, "path", "");
	const char *from = val_str(got, "from", "");

	out_text(o, path, strlen(path), 0);
	str_addf(&o->buf, ": %s from ",
	    val_get(got, "branch") ? "on its branch," : "detached,");
	out_text(o, from, strlen(from), 0);
	str_addc(&o->buf, '\n');
}

int
worktree_bring_back(struct args *a, const char *run, const char *step,
    const char *dir, struct err *e)
{
	const char *root = cmd_root(a);
	const char *name = worktree_name(a->mem, run);
	const struct worktree_ask how = {
		.mem = a->mem, .cwd = root, .limit_ms = WORKTREE_LONG_MS
	};
	auto_free char *cwd = getcwd(NULL, 0);
	struct val *args = val_map(a->mem);
	struct err unused = ERR_INIT;
	const struct val *got;

	if (!cwd)
		return err_sys(e, "the working directory");
	worktree_put(a->mem, args, "name", name);
	worktree_put(a->mem, args, "runs", place_runs(a->mem, "."));
	worktree_put(a->mem, args, "run", run);
	worktree_put(a->mem, args, "step", step);
	worktree_put(a->mem, args, "branch", branch_of(a, root, run));
	if (!ticket_alive(root, run) && is_cut(a, root, run, name)) {
		val_set(a->mem, args, "cut", val_bool(a->mem, true));
		/* The tree may be there still; if not, nothing is lost. */
		worktree_ask(&how, "worktree_keep", args, &unused);
	}
	if (dir)
		val_set(a->mem, args, "foreign", val_bool(a->mem, true));
	worktree_put(a->mem, args, "path",
	    dir ? path_clean(a->mem, path_join(a->mem, cwd, dir))
		: path_join(a->mem, worktree_dir(a->mem, a->settings, root),
		      step ? arena_printf(a->mem, "%s@%s", name, step) : name));
	val_set(
	    a->mem, args, "copy", settings_list(a->settings, SET_COPY_FILES));
	val_set(
	    a->mem, args, "link", settings_list(a->settings, SET_LINK_FILES));
	got = worktree_ask(&how, "worktree_restore", args, e);
	if (!got)
		return -1;
	say_back(a->out, got);
	return 0;
}
