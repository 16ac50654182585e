/* However a private tree stands at the end, nothing of it is lost. */
#include "worktree_bed.h"

#define KEPT "refs/ll/kept/t"

static const struct row {
	const char *act;    /* in the tree */
	const char *action; /* what the end does */
	const char *check;  /* in the repository, afterwards */
	bool branch;        /* stays */
	bool kept;          /* there is a ref */
} rows[] = {
	{ ":", "removed", ":", false, false },
	{ "touch a", "removed", ":", false, false },
	{ "echo x >x.log", "removed", ":", false, false },
	{ "echo 2 >a; git commit -qam 2", "kept",
	    "test \"$(git show ll/t:a)\" = 2", true, false },
	{ "echo 2 >a", "kept", "test \"$(git show " KEPT ":a)\" = 2", false,
	    true },
	{ "echo n >n", "kept", "test \"$(git show " KEPT ":n)\" = n", false,
	    true },
	{ "rm a", "kept", "! git cat-file -e " KEPT ":a", false, true },
	{ "chmod +x a", "kept", "git ls-tree " KEPT " a | grep -q ^100755",
	    false, true },
	{ "ln -s a l", "kept", "git ls-tree " KEPT " l | grep -q ^120000",
	    false, true },
	{ "echo i >i.log; git add -f i.log", "kept",
	    "test \"$(git show " KEPT ":i.log)\" = i", false, true },
	{ "echo s >a; git add a; git checkout -q HEAD -- a; echo s >a; git "
	  "add a; echo a >a",
	    "kept", "test \"$(git show " KEPT "^2:a)\" = s", false, true },
	{ "git checkout -q --detach; echo 2 >a; git commit -qam 2", "kept",
	    "test \"$(git show " KEPT ":a)\" = 2", false, true },
	{ "git checkout -q --detach; echo 2 >a; git commit -qam 2; echo 3 >a",
	    "kept",
	    "test \"$(git show " KEPT ":a)$(git show " KEPT "^:a)\" = 32",
	    false, true },
	{ "git checkout -q -b mine; echo 2 >a; git commit -qam 2", "kept",
	    "test \"$(git show mine:a)$(git show " KEPT ":a)\" = 22", false,
	    true },
	{ "git update-index --assume-unchanged a; echo 2 >a", "kept",
	    "test \"$(git show " KEPT ":a)\" = 2", false, true },
	{ "git update-index --skip-worktree a; echo 2 >a", "kept",
	    "test \"$(git show " KEPT ":a)\" = 2", false, true },
	{ "git config core.sparseCheckout true; mkdir -p $(git rev-parse "
	  "--git-dir)/info; printf '/*\\n!/a\\n' >$(git rev-parse "
	  "--git-dir)/info/sparse-checkout; git read-tree -mu HEAD; test ! "
	  "-e a",
	    "removed", ":", false, false },
	{ "echo 2 >a; git commit -qam 2; git checkout -q -b o HEAD~; echo 3 "
	  ">a; git commit -qam 3; git merge -q ll/t || :",
	    "kept",
	    "git show " KEPT ":a | grep -q '^<<<<<<<'; git rev-parse " KEPT
	    "^2",
	    true, true },
	{ "echo 2 >a; git commit -qam 2; git reset -q --hard HEAD~; echo n >n",
	    "kept", "git rev-parse " KEPT, false, true },
	{ "git branch -q -m renamed", "removed", ":", false, false },
	{ "git checkout -q --orphan new; git rm -rfq .; echo o >o", "kept",
	    "test \"$(git show " KEPT ":o)\" = o", false, true },
	{ "mkdir -p d; chmod 500 d", "removed", ":", false, false },
};

TEST(git_close, keeps_all_that_is_work)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct bed b;
		struct helped h;

		bed_make(&b, BED_REPO);
		bed_add(&b);
		bed_sh(&b, arena_printf(&b.mem, "cd w/t; %s", r->act));
		bed_sh(&b, "cd r; cksum .git/index .git/HEAD >../before");
		h = bed_ask(&b, "worktree_close", BED("runs=.loops/runs"));
		cr_assert_not_null(h.v, "%s: %s", r->act, h.error);
		cr_expect_str_eq(
		    val_str(h.v, "action", ""), r->action, "%s", r->act);
		cr_expect_eq(
		    val_get(h.v, "ref") != NULL, r->kept, "%s", r->act);
		cr_expect_eq(bed_try(&b, "git -C r rev-parse -q ll/t --") == 0,
		    r->branch, "%s", r->act);
		bed_sh(&b, arena_printf(&b.mem, "cd r; %s", r->check));
		bed_sh(&b,
		    "cd r; cksum .git/index .git/HEAD | diff ../before "
		    "-; test ! -e ../w/t");
		bed_clean(&b, r->act);
		bed_release(&b);
	}
}

TEST(git_close, what_cannot_be_kept_stays)
{
	static const struct {
		const char *act, *says;
	} stays[] = {
		{ "git init -q n; echo x >n/x", "a repository of its own" },
		{ "git init -q n; cd n; git commit -q --allow-empty -m 1",
		    "a repository of its own" },
		{ "mkdir -p .loops/runs/r; echo '*' >.loops/runs/.gitignore",
		    "holds runs" },
		{ "mkdir d; git init -q d/n", "a repository of its own" },
		{ "git worktree add -q sub/inner", "a repository of its own" },
		{ "mkdir x.log; git worktree add -q x.log/inner",
		    "is inside it" },
		{ "echo 2 >a; git commit -qam 2; git checkout -q -b o HEAD~; "
		  "echo 3 >a; git commit -qam 3; echo n >sub/b; git rebase -q "
		  "--autostash ll/t || :",
		    "a rebase is not over" },
		{ "git commit -q --allow-empty -m 2; git update-ref "
		  "refs/worktree/x HEAD",
		    "refs of its own" },
	};

	for (size_t i = 0; i < COUNT(stays); i++) {
		struct bed b;
		struct helped h;

		bed_make(&b, BED_REPO);
		bed_add(&b);
		bed_sh(&b, arena_printf(&b.mem, "cd w/t; %s", stays[i].act));
		h = bed_ask(&b, "worktree_close", BED("runs=.loops/runs"));
		cr_assert_not_null(h.v, "%s", h.error);
		cr_expect_str_eq(val_str(h.v, "action", ""), "stays");
		cr_expect_not_null(
		    strstr(val_str(h.v, "stays", ""), stays[i].says));
		bed_sh(&b, "cd w/t; git status");
		h = bed_ask(&b, "worktree_remove", BED("runs=.loops/runs"));
		cr_assert_null(h.v);
		cr_expect_str_eq(h.kind, "refused");
		bed_sh(&b, "cd w/t; git status");
		bed_release(&b);
	}
}

TEST(git_close, removes_only_what_is_kept)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b, "echo 2 >w/t/a");
	h = bed_ask(&b, "worktree_state", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	cr_expect(val_get(h.v, "dirty")->b);
	h = bed_ask(&b, "worktree_remove", NULL);
	cr_assert_null(h.v);
	h = bed_ask(&b, "worktree_keep", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "echo 3 >w/t/a");
	h = bed_ask(&b, "worktree_remove", NULL);
	cr_assert_null(h.v, "it has changed since");
	h = bed_ask(&b, "worktree_keep", NULL);
	h = bed_ask(&b, "worktree_remove", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	bed_clean(&b, "removed");
	bed_release(&b);
}

TEST(git_close, tree_that_somebody_removed)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b,
	    "cd w/t; git checkout -q --detach; echo 2 >a; git commit -qam "
	    "2; rm -r ../t");
	h = bed_ask(&b, "worktree_remove", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "cd r; test \"$(git show " KEPT ":a)\" = 2");
	bed_clean(&b, "lost");
	bed_release(&b);
}

/* What `git gc` has taken away meanwhile is stored again. */
TEST(git_close, git_gc_between_a_look_and_the_end)
{
	static const char *const requests[] = { "worktree_state",
		"worktree_snapshot", "worktree_keep" };

	for (size_t i = 0; i < COUNT(requests); i++) {
		struct bed b;
		struct helped h;

		bed_make(&b, BED_REPO);
		bed_add(&b);
		bed_sh(&b, "mkdir w/t/d; echo 2 >w/t/d/n");
		h = bed_ask(&b, requests[i], BED("step=1"));
		cr_assert_not_null(h.v, "%s", h.error);
		bed_sh(&b,
		    i == 0 ? "cd r; git gc -q --prune=now"
			   : "cd r; git pack-refs --all; git gc -q "
			     "--prune=now");
		h = bed_ask(&b, "worktree_close", NULL);
		cr_assert_not_null(h.v, "%s", h.error);
		bed_sh(&b, "cd r; test \"$(git show " KEPT ":d/n)\" = 2");
		bed_clean(&b, requests[i]);
		bed_release(&b);
	}
}

/* `git pack-refs` has it for a moment, a killed helper for ever. */
TEST(git_close, lock_of_a_ref_of_ours)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b,
	    "echo 2 >w/t/a; mkdir -p r/.git/refs/ll/kept; l="
	    "r/.git/refs/ll/kept/t.lock; : >$l; (sleep 0.3; test -e $l || "
	    "echo gone; rm -f $l) </dev/null >lock.log 2>&1 &");
	h = bed_ask(&b, "worktree_keep", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "test ! -s lock.log");
	bed_sh(&b,
	    "echo 3 >w/t/a; touch -d '1 hour ago' "
	    "r/.git/refs/ll/kept/t.lock");
	h = bed_ask(&b, "worktree_close", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "test \"$(git -C r show " KEPT ":a)\" = 3");
	bed_clean(&b, "locks");
	bed_release(&b);
}

TEST(git_close, where_the_history_is_cut_short)
{
	struct bed b;
	struct helped h;

	bed_make(&b,
	    BED_REPO "; cd r; git commit -q --allow-empty -m 2; cd ..; mv r o; "
		     "git clone -q --depth 1 file://$PWD/o r");
	bed_add(&b);
	bed_sh(&b,
	    "cd w/t; echo 2 >a; git commit -qam 3; git commit -q "
	    "--allow-empty -m 4; echo 3 >a");
	h = bed_ask(&b, "worktree_close", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	cr_expect_eq(val_num(h.v, "ahead", 0), 2);
	bed_sh(&b, "cd r; test \"$(git show " KEPT ":a)\" = 3");
	bed_clean(&b, "shallow");
	bed_release(&b);
}

TEST(git_close, interrupted_run_keeps_its_tree)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b, "echo 2 >w/t/a");
	h = bed_ask(&b, "worktree_close", BED("stay=true"));
	cr_assert_not_null(h.v, "%s", h.error);
	cr_expect_str_eq(val_str(h.v, "action", ""), "stays");
	bed_sh(&b, "test \"$(git -C r show " KEPT ":a)\" = 2; test -e w/t/a");
	h = bed_ask(&b, "worktree_close", BED("runs=.loops/runs"));
	cr_expect_str_eq(val_str(h.v, "action", h.error), "kept");
	bed_clean(&b, "after it went on");
	bed_release(&b);
}
