#include "loop/find.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "test.h"

/* A directory of its own, entered; forgotten with the process's tests. */
struct nest {
	char dir[PATH_MAX];
	struct arena a;
	struct find where;
};

static void
put(struct nest *n, const char *name, const char *text)
{
	struct err e = ERR_INIT;
	const char *path = path_join(&n->a, n->dir, name);

	cr_assert_eq(
	    file_mkdirs(path_dir(&n->a, path), 0755, &e), 0, "%s", e.msg);
	cr_assert_eq(
	    file_put(path, text, strlen(text), 0644, &e), 0, "%s", e.msg);
}

static void
nest_make(struct nest *n)
{
	char made[] = "/tmp/ll-find-XXXXXX";

	memset(n, 0, sizeof(*n));
	cr_assert_not_null(mkdtemp(made));
	cr_assert_not_null(realpath(made, n->dir));
	cr_assert_eq(chdir(n->dir), 0);
	n->where.project = path_join(&n->a, n->dir, "p/.loops");
	n->where.user = path_join(&n->a, n->dir, "u");
}

static void
nest_drop(struct nest *n)
{
	char *rm = arena_printf(&n->a, "rm -rf '%s'", n->dir);

	cr_assert_eq(chdir("/"), 0);
	cr_assert_eq(system(rm), 0);
	arena_release(&n->a);
}

static void
finds(struct nest *n, const char *word, const char *text)
{
	struct found f = { .text = STR_INIT };
	struct err e = ERR_INIT;
	int rc = find_loop(&n->where, word, &n->a, &f, &e);

	if (text) {
		cr_expect_eq(rc, 0, "%s: %s", word, e.msg);
		cr_expect_str_eq(f.text.buf, text, "%s", word);
	} else {
		cr_expect_eq(rc, -1, "%s was found", word);
	}
	str_release(&f.text);
}

TEST(find, one_rule)
{
	struct nest n;

	nest_make(&n);
	put(&n, "p/.loops/a.yaml", "project a");
	put(&n, "p/.loops/b.fsm.yaml", "fsm b");
	put(&n, "p/.loops/b.yaml", "plain b");
	put(&n, "p/.loops/sub/c.yaml", "nested c");
	put(&n, "u/a.yaml", "user a");
	put(&n, "u/d.yaml", "user d");
	put(&n, "here.yaml", "by path");
	put(&n, "e/x", "not a loop");
	put(&n, "f", "not a loop either");
	finds(&n, "a", "project a");
	finds(&n, "b", "fsm b");
	finds(&n, "sub/c", "nested c");
	finds(&n, "d", "user d");
	finds(&n, "here.yaml", "by path");
	finds(&n, "./here.yaml", "by path");
	finds(&n, "e", NULL);
	finds(&n, "f", NULL);
	finds(&n, "here", NULL);
	finds(&n, "c", NULL);
	finds(&n, "", NULL);
	finds(&n, "-a", NULL);
	finds(&n, "sub/../a", NULL);
	finds(&n, "a/", NULL);
	n.where.builtin_only = true;
	finds(&n, "a", NULL);
	nest_drop(&n);
}

TEST(find, shipped_loops_are_inside)
{
	struct nest n;
	struct found f = { .text = STR_INIT };
	struct err e = ERR_INIT;

	nest_make(&n);
	cr_assert_eq(
	    find_loop(&n.where, "until-green", &n.a, &f, &e), 0, "%s", e.msg);
	cr_assert_str_eq(f.path, "builtin:until-green");
	str_release(&f.text);
	put(&n, "p/.loops/until-green.yaml", "mine");
	finds(&n, "until-green", "mine");
	cr_assert_eq(
	    find_loop(&n.where, "builtin:until-green", &n.a, &f, &e), 0);
	cr_assert_str_neq(f.text.buf, "mine");
	str_release(&f.text);
	nest_drop(&n);
}

TEST(find, names_what_was_meant)
{
	struct nest n;
	struct found f = { .text = STR_INIT };
	struct err e = ERR_INIT;

	nest_make(&n);
	put(&n, "p/.loops/deploy.yaml", "x");
	cr_assert_eq(find_loop(&n.where, "deplyo", &n.a, &f, &e), -1);
	cr_assert_eq(e.kind, ERR_ABSENT);
	cr_assert_not_null(strstr(e.msg, "'deploy'"), "%s", e.msg);
	nest_drop(&n);
}

TEST(find, never_blocks_on_what_is_no_file)
{
	struct nest n;
	struct found f = { .text = STR_INIT };
	struct err e = ERR_INIT;

	nest_make(&n);
	cr_assert_eq(mkfifo("pipe.yaml", 0600), 0);
	cr_assert_eq(find_loop(&n.where, "./pipe.yaml", &n.a, &f, &e), -1);
	cr_assert_eq(mkdir("dir.yaml", 0700), 0);
	cr_assert_eq(find_loop(&n.where, "dir.yaml", &n.a, &f, &e), -1);
	nest_drop(&n);
}

TEST(find, a_link_that_leads_nowhere_is_told)
{
	struct nest n;

	nest_make(&n);
	put(&n, "p/.loops/x.yaml", "x");
	put(&n, "u/gate.yaml", "user");
	cr_assert_eq(symlink("nowhere", "p/.loops/gate.yaml"), 0);
	finds(&n, "gate", NULL);
	nest_drop(&n);
}

TEST(find, lists_once_and_says_what_is_hidden)
{
	struct nest n;
	struct listed *at;
	size_t len, seen = 0;

	nest_make(&n);
	put(&n, "p/.loops/gate.yaml", "x");
	put(&n, "p/.loops/b.fsm.yaml", "x");
	put(&n, "p/.loops/b.yaml", "x");
	put(&n, "p/.loops/sub/c.yaml", "x");
	put(&n, "p/.loops/runs/r/x.yaml", "x");
	find_all(&n.where, &n.a, &at, &len);
	for (size_t i = 0; i < len; i++) {
		cr_expect(i == 0 || strcmp(at[i - 1].name, at[i].name) < 0);
		seen += strcmp(at[i].name, "b") == 0 ||
		    strcmp(at[i].name, "sub/c") == 0;
		cr_expect_null(strstr(at[i].name, "runs"));
		if (strcmp(at[i].name, "gate") == 0) {
			cr_expect_not(at[i].builtin);
			cr_expect_str_eq(at[i].hides, "builtin");
		}
	}
	cr_assert_eq(seen, 2);
	nest_drop(&n);
}

static void
means(struct nest *n, const char *by, const char *word, const char *text)
{
	n->where.referrer = by;
	finds(n, word, text);
}

TEST(find, what_was_sealed_and_nothing_else)
{
	struct loop_files read = LOOP_FILES_INIT, sealed = LOOP_FILES_INIT;
	const char *a, *b;
	struct nest n;

	nest_make(&n);
	put(&n, "p/.loops/a.yaml", "a then");
	put(&n, "p/.loops/sub/b.fsm.yaml", "b then");
	put(&n, "p/.loops/sub/a.yaml", "another a");
	a = path_join(&n.a, n.dir, "p/.loops/a.yaml");
	b = path_join(&n.a, n.dir, "p/.loops/sub/b.fsm.yaml");
	n.where.words = &read;
	means(&n, NULL, "a", "a then");
	means(&n, a, "sub/b", "b then");
	means(&n, a, "sub/b", "b then");
	means(&n, b, "a", "another a");
	means(&n, b, "builtin:nobody", NULL);
	cr_assert_eq(read.nwords, 3);
	cr_assert_null(read.words[0].by);

	for (size_t i = 0; i < read.nwords; i++)
		loop_files_say(&sealed, &read.words[i]);
	loop_files_add(&sealed,
	    &(struct loop_file) {
		.path = read.words[0].path, .text = sv("a sealed") });
	loop_files_add(&sealed,
	    &(struct loop_file) {
		.path = read.words[1].path, .text = sv("b sealed") });
	n.where.sealed = &sealed;
	n.where.words = NULL;
	put(&n, "p/.loops/sub/a.yaml", "a today");
	means(&n, NULL, "a", "a sealed");
	means(&n, a, "sub/b", "b sealed");
	/* A word whose file is gone, and words that nobody said there. */
	means(&n, b, "a", NULL);
	means(&n, b, "sub/b", NULL);
	means(&n, NULL, "gate", NULL);
	means(&n, NULL, "builtin:gate", NULL);
	means(&n, NULL, "../x.yaml", NULL);
	loop_files_release(&read);
	loop_files_release(&sealed);
	nest_drop(&n);
}

TEST(find, root)
{
	struct nest n;
	char *deep, *home;

	nest_make(&n);
	put(&n, "repo/.git/HEAD", "x");
	put(&n, "repo/a/b/x", "x");
	put(&n, "home/.loops/x", "x");
	put(&n, "home/w/x", "x");
	deep = path_join(&n.a, n.dir, "repo/a/b");
	home = path_join(&n.a, n.dir, "home");
	cr_expect_str_eq(
	    find_root(&n.a, deep, NULL, home), path_join(&n.a, n.dir, "repo"));
	put(&n, "repo/a/.loops/x.yaml", "x");
	cr_expect_str_eq(find_root(&n.a, deep, NULL, home),
	    path_join(&n.a, n.dir, "repo/a"));
	cr_expect_str_eq(find_root(&n.a, deep, "..", home),
	    path_join(&n.a, n.dir, "repo/a"));
	cr_expect_str_eq(
	    find_root(&n.a, path_join(&n.a, home, "w"), NULL, home), home);
	nest_drop(&n);
}
