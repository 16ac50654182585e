/* Whoever removed a tree: its last snapshot is kept, and no commit is lost. */
#include "worktree_bed.h"

#define KEPT "refs/ll/kept/t"

static const struct row {
	const char *step;  /* in the tree, before a snapshot; or NULL */
	const char *later; /* in the tree, after it */
	const char *check; /* in the repository, afterwards */
} rows[] = {
	{ "echo 2 >a", ":", "test \"$(git show " KEPT ":a)\" = 2" },
	{ "echo 2 >a", "git commit -qam 2; echo 3 >sub/b; git commit -qam 3",
	    "test \"$(git show " KEPT ":a)$(git show ll/t:sub/b)\" = 23" },
	{ "echo 2 >a",
	    "git checkout -q --detach; echo 3 >sub/b; git commit -qm 3 sub/b",
	    "test \"$(git show " KEPT ":a)$(git show " KEPT "^:sub/b)\" = 23" },
	{ NULL, "git checkout -q --detach; echo 2 >a; git commit -qam 2",
	    "test \"$(git show " KEPT ":a)\" = 2" },
	{ "git checkout -q --detach; echo 2 >a; git commit -qam 2", ":",
	    "test \"$(git show " KEPT ":a)\" = 2" },
	{ NULL, "echo 2 >a; git commit -qam 2",
	    "test \"$(git show ll/t:a)\" = 2; ! git rev-parse -q "
	    "--verify " KEPT },
};

static void
work(struct bed *b, const struct row *r)
{
	struct helped h;

	if (r->step) {
		bed_sh(b, arena_printf(&b->mem, "cd w/t; %s", r->step));
		h = bed_ask(b, "worktree_snapshot", BED("step=1"));
		cr_assert_not_null(h.v, "%s", h.error);
	}
	bed_sh(b, arena_printf(&b->mem, "cd w/t; %s", r->later));
}

static void
prepare(struct bed *b, const struct row *r)
{
	bed_make(b, BED_REPO);
	bed_add(b);
	work(b, r);
}

TEST(git_lost, end_of_a_tree_without_files)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;
		struct helped h;

		prepare(&b, &rows[i]);
		bed_sh(&b, "rm -r w/t");
		h = bed_ask(&b, "worktree_close", NULL);
		cr_assert_not_null(h.v, "%s", h.error);
		cr_expect_str_eq(val_str(h.v, "action", ""), "kept");
		bed_sh(&b, arena_printf(&b.mem, "cd r; %s", rows[i].check));
		bed_clean(&b, rows[i].later);
		bed_release(&b);
	}
}

TEST(git_lost, git_has_forgotten_it_too)
{
	static const char *const requests[] = { "worktree_close",
		"worktree_forget", "worktree_restore" };

	for (size_t i = 0; i < COUNT(requests); i++) {
		struct bed b;
		struct helped h;

		prepare(&b, &rows[0]);
		bed_sh(&b, "git -C r worktree remove -f -f ../w/t");
		h = bed_ask(&b, requests[i], BED("cut=true"));
		cr_assert_not_null(h.v, "%s: %s", requests[i], h.error);
		bed_sh(&b, "cd r; test \"$(git show " KEPT ":a)\" = 2");
		bed_release(&b);
	}
}

TEST(git_lost, nothing_is_kept_of_nothing)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b, "rm -r w/t");
	h = bed_ask(&b, "worktree_close", NULL);
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, "absent");
	h = bed_ask(&b, "worktree_remove", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	bed_clean(&b, "nothing");
	bed_release(&b);
}

TEST(git_lost, what_was_kept_later_counts)
{
	struct bed b;
	struct helped h;

	prepare(&b, &rows[0]);
	bed_sh(&b, "echo 3 >w/t/a");
	h = bed_ask(&b, "worktree_close", BED("stay=true"));
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "rm -r w/t");
	h = bed_ask(&b, "worktree_restore", BED("cut=true"));
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "test \"$(cat w/t/a)\" = 3; cd w/t; git status");
	bed_release(&b);
}

static const struct gone_row {
	const char *work; /* in the tree, before a snapshot; or NULL */
	const char *away; /* in the directory of both */
	bool empty;
} gone_rows[] = {
	{ NULL, ":", false },
	{ NULL, "rm -r w/t", false },
	{ NULL, "git -C r worktree remove -f -f ../w/t", false },
	{ NULL, "mv w/t w/.gone-t", true },
	{ NULL, "mv w/t w/.gone-t; git -C w/.gone-t commit -qm 2 --allow-empty",
	    false },
	{ NULL,
	    "git -C r worktree remove -f -f ../w/t; git -C r branch -D ll/t",
	    true },
	{ "echo 2 >a",
	    "git -C r worktree remove -f -f ../w/t; git -C r branch -D ll/t",
	    false },
	{ "echo a >a",
	    "git -C r worktree remove -f -f ../w/t; git -C r branch -D ll/t",
	    true },
	{ NULL,
	    "git -C r worktree remove -f -f ../w/t; git -C r branch -D ll/t; "
	    "git -C r update-ref " KEPT " main",
	    false },
	{ NULL,
	    "git -C r worktree remove -f -f ../w/t; git -C r branch -D ll/t; "
	    "mkdir w/t",
	    false },
};

TEST(git_lost, given_back_or_removed_by_somebody)
{
	for (size_t i = 0; i < COUNT(gone_rows); i++) {
		const struct gone_row *r = &gone_rows[i];
		const struct row first = { r->work, ":", NULL };
		const struct val *empty;
		const char *base;
		struct helped h;
		struct bed b;

		bed_make(&b, BED_REPO);
		h = bed_add(&b);
		base =
		    arena_printf(&b.mem, "base=%s", val_str(h.v, "base", ""));
		work(&b, &first);
		bed_sh(&b, r->away);
		h = bed_ask(&b, "worktree_gone", BED("branch=ll/t", base));
		cr_assert_not_null(h.v, "%s", h.error);
		empty = val_get(h.v, "empty");
		cr_expect(empty && empty->b == r->empty, "%zu: %s", i, r->away);
		bed_release(&b);
	}
}
