/* What there is of worktrees, held against who lives. */
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "cmd/worktree_ask.h"
#include "cmd/worktree_gc.h"
#include "gate/ticket.h"

int
worktree_all_read(struct args *a, struct worktree_all *out, struct err *e)
{
	const struct worktree_ask how = { .mem = a->mem, .cwd = cmd_root(a) };

	*out = (struct worktree_all) { .args = a, .root = how.cwd };
	out->said = worktree_ask(&how, "worktree_list", val_map(a->mem), e);
	return out->said ? 0 : -1;
}

static bool
is_true(const struct val *v, const char *key)
{
	const struct val *b = val_get(v, key);

	return b && b->kind == VAL_BOOL && b->b;
}

const char *
worktree_state_of(const struct worktree_all *all, const struct val *tree)
{
	if (ticket_alive(all->root, val_str(tree, "run", "")))
		return is_true(tree, "locked") ? "running" : "restored";
	if (!is_true(tree, "made"))
		return "halfway";
	if (!is_true(tree, "there"))
		return "lost";
	return is_true(tree, "locked") ? "left" : "restored";
}

const struct val *
worktree_all_val(const struct worktree_all *all)
{
	struct arena *m = all->args->mem;
	const struct val *trees = val_get(all->said, "trees");
	struct val *out = val_map(m), *rows = val_list(m);

	for (size_t i = 0; i < trees->list.len; i++) {
		struct val *row = val_map(m);
		const struct val *t = trees->list.at[i];

		worktree_put(m, row, "state", worktree_state_of(all, t));
		for (size_t k = 0; k < t->map.len; k++)
			val_set(m, row, t->map.at[k].key, t->map.at[k].v);
		val_push(m, rows, row);
	}
	val_set(m, out, "trees", rows);
	val_set(m, out, "kept", val_get(all->said, "kept"));
	val_set(m, out, "snapshots", val_get(all->said, "snapshots"));
	return out;
}

static void
add(struct out *o, const char *text)
{
	out_text(o, text, strlen(text), 0);
}

static void
say_tree(const struct worktree_all *all, const struct val *t)
{
	struct out *o = all->args->out;

	str_addf(&o->buf, "%-8s  ", worktree_state_of(all, t));
	add(o, val_str(t, "path", ""));
	str_adds(&o->buf, "  ");
	add(o, val_str(t, "branch", "(no branch)"));
	str_addc(&o->buf, '\n');
}

static void
say_kept(const struct worktree_all *all, const struct val *k)
{
	struct out *o = all->args->out;

	str_adds(&o->buf, "kept      ");
	add(o, val_str(k, "ref", ""));
	str_adds(&o->buf, "  ll-loop worktree restore ");
	add(o, val_str(k, "name", ""));
	str_addc(&o->buf, '\n');
}

static void
say_steps(const struct worktree_all *all, const struct val *s)
{
	const struct val *steps = val_get(s, "steps");
	struct out *o = all->args->out;

	str_adds(&o->buf, "steps     ");
	add(o, val_str(s, "name", ""));
	str_addf(&o->buf, "  %zu snapshot%s, %s to %s\n", steps->list.len,
	    steps->list.len == 1 ? "" : "s", steps->list.at[0]->t.p,
	    steps->list.at[steps->list.len - 1]->t.p);
}

void
worktree_all_say(const struct worktree_all *all)
{
	static const struct {
		const char *key;
		void (*say)(const struct worktree_all *, const struct val *);
	} parts[] = {
		{ "trees", say_tree },
		{ "kept", say_kept },
		{ "snapshots", say_steps },
	};
	size_t from = all->args->out->buf.len;

	for (size_t i = 0; i < COUNT(parts); i++) {
		const struct val *rows = val_get(all->said, parts[i].key);

		for (size_t k = 0; k < rows->list.len; k++)
			parts[i].say(all, rows->list.at[k]);
	}
	if (all->args->out->buf.len == from)
		str_adds(&all->args->out->buf, "no worktrees of runs\n");
}
