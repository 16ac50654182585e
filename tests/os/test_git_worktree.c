/* Private trees are made where git can make them, and refused by name where
 * libgit2 would do it wrong; the user's tree never changes. */
#include "worktree_bed.h"

TEST(git_worktree, begins_where_the_user_stands)
{
	static const struct {
		const char *before, *base;
		const char *branch; /* refused with this kind, when not NULL */
		const char *kind, *says;
	} rows[] = {
		{ ":", NULL, "ll/t", NULL, NULL },
		{ "cd r; git checkout -q --detach", NULL, "ll/t", NULL, NULL },
		{ "cd r; git checkout -q -b x; echo 2 >a; git commit -qam 2",
		    "main", "ll/t", NULL, NULL },
		{ "cd r; git tag v1", "v1", "other", NULL, NULL },
		{ "cd r; echo dirty >a; echo new >n; git add n", NULL, "ll/t",
		    NULL, NULL },
		{ "cd r; : >.git/index.lock", NULL, "ll/t", NULL, NULL },
		{ ":", "nowhere", "ll/t", "absent", "names no commit" },
		{ ":", NULL, "main", "taken", "is there already" },
		{ ":", NULL, "a..b", "refused", "is no name of a branch" },
		{ ":", NULL, "-x", "refused", "is no name of a branch" },
		{ "mkdir -p w/t", NULL, "ll/t", "taken", "is there already" },
		{ "cd r; git branch ll", NULL, "ll/t", "taken",
		    "beside the branch 'll'" },
		{ "cd r; git branch x/y/z; git pack-refs --all", NULL, "x",
		    "taken", "beside the branch 'x/y/z'" },
		{ "cd r; git branch x", NULL, "x/y/z", "taken",
		    "beside the branch 'x'" },
		{ "cd r; git branch x", NULL, "xy/z", NULL, NULL },
		{ ":", NULL, "HEAD", "refused", "is no name of a branch" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;
		struct helped h;
		const char *base = rows[i].base ? rows[i].base : "HEAD";

		bed_make(&b, BED_REPO);
		bed_sh(&b, rows[i].before);
		bed_sh(&b, "cd r; cksum .git/index .git/HEAD a >../before");
		h = bed_ask(&b, "worktree_add",
		    BED(arena_printf(&b.mem, "base=%s", base),
			arena_printf(&b.mem, "branch=%s", rows[i].branch)));
		bed_sh(&b,
		    "cd r; cksum .git/index .git/HEAD a | diff ../before -");
		if (rows[i].kind) {
			cr_assert_null(h.v);
			cr_expect_str_eq(h.kind, rows[i].kind, "%s", h.error);
			cr_expect_not_null(
			    strstr(h.error, rows[i].says), "%s", h.error);
			bed_clean(&b, rows[i].says);
		} else {
			cr_assert_not_null(h.v, "%s: %s", h.kind, h.error);
			bed_sh(&b,
			    arena_printf(&b.mem,
				"cd w/t; test -z \"$(git status "
				"--porcelain)\"; "
				"test \"$(git symbolic-ref --short HEAD)\" = "
				"%s; "
				"test \"$(git rev-parse HEAD)\" = \"$(git -C "
				"../../r rev-parse %s)\"; test -e sub/b; git "
				"-C ../../r worktree list | grep -q locked",
				rows[i].branch, base));
		}
		bed_release(&b);
	}
}

TEST(git_worktree, is_refused_by_name)
{
	static const struct {
		const char *make, *says;
	} rows[] = {
		{ "mkdir r", "this is no git repository" },
		{ "git init -q r", "HEAD has no commit yet" },
		{ "git init -q --object-format=sha256 r; cd r; git commit -q "
		  "--allow-empty -m 1",
		    "SHA-256" },
		{ BED_REPO "; cd r; git config extensions.worktreeConfig true",
		    "extensions.worktreeConfig" },
		{ BED_REPO "; cd r; git config core.repositoryformatversion 1; "
			   "git config extensions.worktreeConfig true",
		    "extensions.worktreeConfig" },
		{ BED_REPO
		    "; git -C r config uploadpack.allowFilter true; mv r o; "
		    "git clone -q --filter=blob:none file://$PWD/o r",
		    "partial clone" },
		{ BED_REPO
		    "; cd r; echo '*.bin filter=lfs' >.gitattributes; git add "
		    "-A; git commit -qm 2; git config filter.lfs.smudge cat",
		    "the filter 'lfs'" },
		{ BED_REPO
		    "; cd r; printf '*.bin -text\\tfilter=lfs\\n' "
		    ">.gitattributes; git add -A; git commit -qm 2; git config "
		    "filter.lfs.smudge cat",
		    "the filter 'lfs'" },
		{ BED_REPO "; mkdir -p .config/git; echo '* filter=lfs' "
			   ">.config/git/attributes; git -C r config "
			   "filter.lfs.smudge cat",
		    "the filter 'lfs'" },
		{ BED_REPO "; echo '* filter=lfs' >attr; cd r; git config "
			   "core.attributesFile \"$PWD/../attr\"; git config "
			   "filter.lfs.smudge cat",
		    "the filter 'lfs'" },
		{ BED_REPO "; cd r; echo '*.u working-tree-encoding=UTF-16' "
			   ">.gitattributes; git add -A; git commit -qm 2",
		    "the encoding 'UTF-16'" },
		{ BED_REPO "; cd r; git config core.splitIndex true",
		    "core.splitIndex" },
		{ BED_REPO "; cd r; mkdir new", "is not in that commit" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;
		struct helped h;

		bed_make(&b, rows[i].make);
		if (i + 1 == COUNT(rows))
			b.repo = arena_printf(&b.mem, "%s/new", b.repo);
		h = bed_ask(&b, "worktree_add", BED("branch=ll/t"));
		cr_assert_null(h.v, "%s: %s", rows[i].make, rows[i].says);
		cr_expect_str_eq(h.kind,
		    strstr(h.error, "no git repo") ? "absent" : "refused");
		cr_expect_not_null(
		    strstr(h.error, rows[i].says), "%s", h.error);
		bed_sh(&b,
		    "test ! -e w; test ! -e r/.git/ll-loop; test ! -e "
		    "r/.git/worktrees");
		bed_release(&b);
	}
}

TEST(git_worktree, repository_of_another_user)
{
	struct bed b;
	struct helped h;

	if (getuid() != 0)
		return;
	bed_make(&b, BED_REPO);
	bed_sh(&b, "chown -R 12345:12345 r");
	h = bed_ask(&b, "worktree_add", BED("branch=ll/t"));
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, "refused");
	cr_expect_not_null(strstr(h.error, "another user"), "%s", h.error);
	bed_release(&b);
}

TEST(git_worktree, serves_what_git_serves)
{
	static const struct {
		const char *make, *in;
	} rows[] = {
		{ BED_REPO "; mv r o; git clone -q --bare o r", "" },
		{ BED_REPO "; mv r o; git -C o worktree add -q ../r", "" },
		{ BED_REPO "; cp -r r s; cd r; git -c "
			   "protocol.file.allow=always submodule add -q "
			   "$PWD/../s s; git commit -qm s",
		    "" },
		{ BED_REPO, "/sub" },
		{ BED_REPO "; cd r; echo '* filter=none' >.gitattributes; git "
			   "add -A; git commit -qm 2",
		    "" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;
		struct helped h;

		bed_make(&b, rows[i].make);
		b.repo = arena_printf(&b.mem, "%s%s", b.repo, rows[i].in);
		h = bed_add(&b);
		cr_expect_str_eq(val_str(h.v, "cwd", ""),
		    arena_printf(&b.mem, "%s%s", b.tree, rows[i].in));
		bed_sh(&b,
		    "cd w/t; git rev-parse HEAD; test -z \"$(git status "
		    "--porcelain)\"");
		h = bed_ask(&b, "worktree_close", NULL);
		cr_assert_not_null(h.v, "%s", h.error);
		cr_expect_str_eq(val_str(h.v, "action", ""), "removed");
		bed_sh(&b,
		    "test ! -e w/t; test -z \"$(git -C r branch --list "
		    "'ll/*')\"; git -C r fsck");
		bed_release(&b);
	}
}

TEST(git_worktree, brings_files_along)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_sh(&b,
	    "cd r; echo secret >.env; mkdir -p conf/d; echo c >conf/d/c; ln -s "
	    "d/c conf/l; echo mine >a");
	h = bed_ask(&b, "worktree_add",
	    BED("branch=ll/t", "copy=[.env", "link=[./conf/"));
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b,
	    "cd w/t; test \"$(cat .env)\" = secret; test -L conf; test \"$(cat "
	    "conf/l)\" = c; test \"$(cat a)\" = a");
	h = bed_ask(&b, "worktree_close", NULL);
	cr_expect_str_eq(val_str(h.v, "action", h.error), "removed");
	bed_sh(&b, "test -e r/conf/d/c");
	bed_release(&b);

	bed_make(&b, BED_REPO);
	bed_sh(&b, "cd r; mkdir -p sub/x; echo c >sub/x/c; echo z >sub/b");
	h = bed_ask(&b, "worktree_add", BED("branch=ll/t", "copy=[sub"));
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "cd w/t; test -e sub/x/c; test \"$(cat sub/b)\" = b");
	bed_sh(&b, "cd w/t; echo new >sub/x/new; echo 2 >sub/x/c");
	h = bed_ask(&b, "worktree_close", NULL);
	cr_expect_str_eq(val_str(h.v, "action", h.error), "kept");
	bed_sh(&b,
	    "cd r; test \"$(git show refs/ll/kept/t:sub/x/new)\" = new; ! git "
	    "cat-file -e refs/ll/kept/t:sub/x/c");
	bed_release(&b);
}

TEST(git_worktree, brings_links_along)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_sh(&b,
	    "mkdir ext; echo o >ext/o; cd r; ln -s $PWD/../ext d; ln -s a l; "
	    "git "
	    "add d l; git commit -qm 2; rm d l; mkdir d l; echo x >d/x; echo "
	    "y >l/y; ln -s ../ext/o e; ln -s sub/b i; ln -s none n");
	h = bed_ask(&b, "worktree_add", BED("branch=ll/t", "copy=[d/x"));
	cr_assert_null(h.v);
	cr_expect_not_null(strstr(h.error, "behind a link"), "%s", h.error);
	bed_sh(&b, "test ! -e ext/x; test ! -e w");
	h = bed_ask(&b, "worktree_add", BED("branch=ll/t", "copy=[l"));
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "test -L w/t/l; rm -r w/t; test ! -e r/a/y");
	bed_ask(&b, "worktree_remove", NULL);
	h = bed_ask(&b, "worktree_add", BED("branch=ll/t", "copy=[e"));
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "test \"$(cat w/t/e)\" = o");
	bed_sh(&b, "rm -r w/t");
	bed_ask(&b, "worktree_remove", NULL);
	h = bed_ask(&b, "worktree_add", BED("branch=ll/t", "copy=[i"));
	cr_assert_not_null(h.v, "%s", h.error);
	bed_sh(&b, "echo own >w/t/sub/b; test \"$(cat w/t/i)\" = own");
	bed_release(&b);
}

TEST(git_worktree, refuses_to_bring_what_is_not_there)
{
	static const char *const rows[] = { ".env", "/etc/passwd", "../out",
		".git/config", "." };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;
		struct helped h;

		bed_make(&b, BED_REPO);
		h = bed_ask(&b, "worktree_add",
		    BED("branch=ll/t",
			arena_printf(&b.mem, "copy=[%s", rows[i])));
		cr_assert_null(h.v, "%s", rows[i]);
		cr_expect_not_null(
		    strstr(h.error, "worktree.copy_files"), "%s", h.error);
		bed_sh(&b,
		    "test ! -e w; test -z \"$(git -C r branch --list "
		    "'ll/*')\"");
		bed_clean(&b, rows[i]);
		bed_release(&b);
	}
}

TEST(git_worktree, takes_an_existing_branch)
{
	struct bed b;
	struct helped h;

	bed_make(&b, BED_REPO);
	bed_sh(&b, "cd r; git branch feature");
	h = bed_ask(&b, "worktree_add", BED("branch=feature", "existing=true"));
	cr_assert_not_null(h.v, "%s", h.error);
	h = bed_ask(&b, "worktree_close", NULL);
	cr_expect_str_eq(val_str(h.v, "action", h.error), "removed");
	bed_sh(&b, "git -C r rev-parse feature");
	h = bed_ask(&b, "worktree_add", BED("branch=main", "existing=true"));
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, "taken");
	h = bed_ask(&b, "worktree_add", BED("branch=none", "existing=true"));
	cr_assert_null(h.v);
	cr_expect_str_eq(h.kind, "absent");
	bed_clean(&b, "existing");
	bed_release(&b);
}

TEST(git_worktree, is_not_pruned_while_it_is_there)
{
	struct bed b;

	bed_make(&b, BED_REPO);
	bed_add(&b);
	bed_sh(&b,
	    "cd r; git worktree prune; git gc -q --prune=now; mv ../w ../x; "
	    "git "
	    "worktree prune; mv ../x ../w; cd ../w/t; git status; git log");
	bed_release(&b);
}
