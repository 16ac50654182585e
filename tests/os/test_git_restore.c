/* Steps are kept cheaply and come back as they were. */
#include "worktree_bed.h"

static struct helped
snap(struct bed *b, const char *step, const char *last)
{
	struct helped h = bed_ask(b, "worktree_snapshot",
	    BED(arena_printf(&b->mem, "step=%s", step),
		arena_printf(&b->mem, "last=%s", last)));

	cr_assert_not_null(h.v, "%s", h.error);
	return h;
}

static struct helped
restore(struct bed *b, const char *step, const char *name)
{
	const char *path = arena_printf(&b->mem, "path=%s/%s", b->dir, name);

	return bed_ask(b, "worktree_restore",
	    step ? BED("branch=ll/t", path,
		       arena_printf(&b->mem, "step=%s", step))
		 : BED("branch=ll/t", path));
}

TEST(git_restore, each_step)
{
	static const struct {
		const char *step, *holds;
	} rows[] = { { "1", "1" }, { "2", "1" }, { "3", "3" }, { "4", "42" },
		{ "4.1", "41" }, { "9", "42" }, { "10", "10" },
		{ "99", "10" } };
	struct bed b;
	struct helped h;
	const char *tree;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b, "cd w/t; echo 1 >a; echo n >n; echo i >i.log");
	h = snap(&b, "1", "");
	tree = val_str(h.v, "tree", "");
	cr_expect_str_eq(val_str(h.v, "ref", ""), "refs/ll/snap/t/1");
	h = snap(&b, "2", tree);
	cr_expect_null(val_get(h.v, "ref"), "nothing changed");
	bed_sh(&b, "cd w/t; echo 3 >a; rm n; git commit -qam three");
	snap(&b, "3", tree);
	bed_sh(&b, "echo 41 >w/t/a");
	snap(&b, "4.1", "");
	bed_sh(&b, "echo 42 >w/t/a");
	snap(&b, "4.2", "");
	bed_sh(&b, "echo 10 >w/t/a");
	snap(&b, "10", "");
	bed_sh(&b, "cd w/t; test -z \"$(git diff --cached)\"");
	h = bed_ask(&b, "worktree_close", NULL);
	cr_assert_not_null(h.v, "%s", h.error);
	for (size_t i = 0; i < COUNT(rows); i++) {
		h = restore(&b, rows[i].step, arena_printf(&b.mem, "x%zu", i));
		cr_assert_not_null(h.v, "%s: %s", rows[i].step, h.error);
		bed_sh(&b,
		    arena_printf(&b.mem,
			"cd x%zu; test \"$(cat a)\" = %s; test ! -e i.log", i,
			rows[i].holds));
	}
	bed_sh(&b,
	    "cd x0; test -e n; git status --porcelain >../s; grep -q '^ M "
	    "a' ../s; grep -q '^?? n' ../s; ! test -e ../x2/n");
	h = restore(&b, "0", "none");
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, "absent");
	h = bed_ask(&b, "worktree_forget", NULL);
	cr_expect_eq(val_num(h.v, "forgotten", 0), 5);
	bed_sh(&b, "test -z \"$(git -C r for-each-ref refs/ll/snap)\"");
	bed_release(&b);
}

TEST(git_restore, uncommitted_work_is_uncommitted_again)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b,
	    "cd w/t; echo 2 >a; git commit -qam 2; echo 3 >a; echo n >n; "
	    "rm sub/b");
	bed_ask(&b, "worktree_close", NULL);
	h = restore(&b, NULL, "back");
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b,
	    "cd back; test \"$(git symbolic-ref --short HEAD)\" = ll/t; test "
	    "\"$(git show HEAD:a)$(cat a)\" = 23; git status --porcelain "
	    ">../s; printf ' M a\\n D sub/b\\n?? n\\n' | diff - ../s");
	h = bed_ask(&b, "worktree_list", NULL);
	cr_expect_eq(val_get(h.v, "trees")->list.len, 1);
	cr_expect_eq(val_get(h.v, "kept")->list.len, 1);
	bed_release(&b);
}

TEST(git_restore, commits_come_back_by_their_branch)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b, "cd w/t; echo 2 >a; git commit -qam 2");
	bed_ask(&b, "worktree_close", NULL);
	h = restore(&b, NULL, "back");
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b,
	    "cd back; test \"$(git symbolic-ref --short HEAD)\" = ll/t; "
	    "test -z \"$(git status --porcelain)\"");
	bed_release(&b);

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_ask(&b, "worktree_close", NULL);
	h = restore(&b, NULL, "back");
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, "absent");
	bed_release(&b);
}
