/*
 * What counts as a change of a work tree, with real repositories, by both
 * ways: the library and the program must agree in everything.
 */
#include "os/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "os/probe.h"
#include "test.h"

static void
sh(const char *dir, const char *script)
{
	auto_str s = STR_INIT;

	str_addf(&s,
	    "cd '%s' && exec >/dev/null 2>&1 && set -e && "
	    "export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a "
	    "GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a "
	    "GIT_COMMITTER_EMAIL=a@b && { %s\n}",
	    dir, script);
	cr_assert_eq(system(s.buf), 0, "%s", script);
}

#define REPO                                                      \
	"git init -q . && mkdir -p src docs && echo a >src/a && " \
	"echo b >docs/b && printf '\\000\\001' >bin && "          \
	"echo '*.log' >.gitignore && git add -A && git commit -qm one"

static struct helped
changes(struct arena *a, const char *dir, const char *scope, bool program)
{
	struct val *args = val_map(a), *list = val_list(a);
	struct probe q = { "git_changes", args, 0, NULL };
	struct helped h;

	val_set(a, args, "cwd", val_text(a, dir));
	if (*scope)
		val_push(a, list, val_text(a, scope));
	val_set(a, args, "scope", list);
	if (program)
		val_set(a, args, "program", val_bool(a, true));
	probe_ask(&q, a, &h);
	return h;
}

/* The fingerprint, on which both ways agree. */
static const char *
print_of(struct arena *a, const char *dir, const char *scope, const char *what)
{
	struct helped l = changes(a, dir, scope, false);
	struct helped p = changes(a, dir, scope, true);

	cr_assert_not_null(l.v, "%s: %s", what, l.error);
	cr_assert_not_null(p.v, "%s: %s", what, p.error);
	cr_expect_str_eq(val_str(l.v, "via", ""), "libgit2", "%s: %s", what,
	    val_str(l.v, "why", ""));
	cr_expect_str_eq(val_str(p.v, "via", ""), "git");
	cr_expect_str_eq(val_str(l.v, "print", "l"), val_str(p.v, "print", "p"),
	    "the ways disagree: %s", what);
	return val_str(l.v, "print", "");
}

TEST(git, tells_changes)
{
	static const struct {
		const char *before, *act, *scope;
		bool changes;
	} rows[] = {
		{ ":", ":", "", false },
		{ ":", "touch src/a", "", false },
		{ ":", "echo x >>src/a", "", true },
		{ "echo x >>src/a", "echo y >src/a", "", true },
		{ "echo x >>src/a", "git add -A", "", false },
		{ "echo x >>src/a", "git commit -qam two", "", true },
		{ ":", "git commit -q --allow-empty -m two", "", false },
		{ ":", "git commit -q --amend -m other", "", false },
		{ ":", "echo x >new", "", true },
		{ "echo x >new", "echo y >new", "", true }, /* as long */
		{ "mkdir d; echo x >d/n", "echo y >d/m", "", true },
		{ ":", "echo x >a.log", "", false },
		{ ":", "rm src/a", "", true },
		{ ":", "git rm -q src/a", "", true },
		{ ":", "git mv src/a src/c", "", true },
		{ ":", "mv src/a src/c", "", true },
		{ ":", "chmod +x src/a", "", true },
		{ ":", "printf '\\000\\002' >bin", "", true },
		{ ":", "ln -sf b src/a", "", true },
		{ ":", "rm src/a; mkdir src/a; echo x >src/a/x", "", true },
		{ ":", "echo 'x y' >'src/ü \"q\"'", "", true },
		{ ":", "echo x >docs/c", "src", false },
		{ ":", "echo x >>docs/b; git commit -qam two", "src", false },
		{ ":", "echo x >>src/a; git commit -qam two", "src", true },
		{ ":", "echo x >src/n", "src", true },
		{ ":", "echo x >src/n", "./src/", true },
		{ ":", "echo x >>src/a", "src/a", true },
		{ ":", "echo x >src/n", "src/a", false },
		{ ":", "echo x >src/n", ".", true },
		{ ":", "echo x >>src/a", "*/a", true },
		{ ":", "echo x >n", "nowhere", false },
		{ "echo x >>src/a; git stash -q", "git stash pop -q", "",
		    true },
		{ ":", "git checkout -q --detach; echo x >n", "", true },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char dir[] = "/tmp/ll-git-XXXXXX";
		const char *before;

		cr_assert_not_null(mkdtemp(dir));
		sh(dir, REPO);
		sh(dir, rows[i].before);
		before = print_of(&a, dir, rows[i].scope, rows[i].act);
		sh(dir, rows[i].act);
		cr_expect_eq(
		    strcmp(before,
			print_of(&a, dir, rows[i].scope, rows[i].act)) != 0,
		    rows[i].changes, "row %zu: %s", i, rows[i].act);
		sh(dir, "rm -rf \"$PWD\"");
	}
}

TEST(git, a_repository_without_a_commit)
{
	char dir[] = "/tmp/ll-git-XXXXXX";
	auto_arena a = ARENA_INIT;
	const char *one, *two, *three;

	cr_assert_not_null(mkdtemp(dir));
	sh(dir, "git init -q .");
	one = print_of(&a, dir, "", "empty");
	sh(dir, "echo x >a");
	two = print_of(&a, dir, "", "a file");
	sh(dir, "git add a; echo y >a");
	three = print_of(&a, dir, "a", "a staged file");
	sh(dir, "git commit -qam one");
	cr_expect_str_neq(one, two);
	cr_expect_str_neq(two, three);
	cr_expect_str_neq(three, print_of(&a, dir, "a", "committed"));
	sh(dir, "rm -rf \"$PWD\"");
}

/* Paths are seen from where the run is, the whole is the whole. */
TEST(git, from_a_directory_below)
{
	char dir[] = "/tmp/ll-git-XXXXXX";
	auto_arena a = ARENA_INIT;
	const char *all, *own, *up, *src;

	cr_assert_not_null(mkdtemp(dir));
	sh(dir, REPO);
	src = arena_printf(&a, "%s/src", dir);
	all = print_of(&a, src, "", "all");
	own = print_of(&a, src, ".", "own");
	up = print_of(&a, src, "../docs", "up");
	sh(dir, "echo x >>docs/b");
	cr_expect_str_neq(all, print_of(&a, src, "", "all"));
	cr_expect_str_eq(own, print_of(&a, src, ".", "own"));
	cr_expect_str_neq(up, print_of(&a, src, "../docs", "up"));
	sh(dir, "rm -rf \"$PWD\"");
}

TEST(git, a_huge_file_and_many_small_ones)
{
	char dir[] = "/tmp/ll-git-XXXXXX";
	auto_arena a = ARENA_INIT;
	const char *before;

	cr_assert_not_null(mkdtemp(dir));
	sh(dir, REPO);
	sh(dir, "truncate -s 20G huge; mkdir m; cd m; seq 3000 | xargs touch");
	before = print_of(&a, dir, "", "many");
	cr_expect_str_eq(before, print_of(&a, dir, "", "many"));
	sh(dir, "echo x >m/17");
	cr_expect_str_neq(before, print_of(&a, dir, "", "many"));
	sh(dir, "rm -rf \"$PWD\"");
}

TEST(git, says_why_it_cannot)
{
	static const struct {
		const char *make, *scope, *kind, *error;
	} rows[] = {
		{ ":", "", "not_a_repository", "this is no git repository" },
		{ "git init -q --bare .", "", "not_a_repository",
		    "a bare git repository has no files" },
		{ REPO, "../x", "failed", "outside the repository" },
		{ REPO "; echo junk >.git/HEAD", "", "not_a_repository",
		    "no git repository" },
	};
	auto_arena a = ARENA_INIT;

	for (size_t i = 0; i < COUNT(rows); i++)
		for (int program = 0; program < 2; program++) {
			char dir[] = "/tmp/ll-git-XXXXXX";
			struct helped h;

			cr_assert_not_null(mkdtemp(dir));
			sh(dir, rows[i].make);
			h = changes(&a, dir, rows[i].scope, program);
			cr_assert_null(h.v, "row %zu", i);
			cr_expect_str_eq(
			    h.kind, rows[i].kind, "row %zu: %s", i, h.error);
			cr_expect_not_null(strstr(h.error, rows[i].error),
			    "row %zu: %s", i, h.error);
			sh(dir, "rm -rf \"$PWD\"");
		}
}

/* What the library does not know, the program may. */
TEST(git, the_program_where_the_library_gives_up)
{
	char dir[] = "/tmp/ll-git-XXXXXX";
	auto_arena a = ARENA_INIT;
	struct helped h;

	cr_assert_not_null(mkdtemp(dir));
	sh(dir,
	    "git init -q --object-format=sha256 . && echo a >a && "
	    "git add a && git commit -qm one");
	h = changes(&a, dir, "", false);
	cr_assert_not_null(h.v, "%s", h.error);
	cr_expect_str_eq(val_str(h.v, "via", ""), "git");
	cr_expect_not_null(strstr(val_str(h.v, "why", ""), "libgit2: open"));
	sh(dir, "rm -rf \"$PWD\"");
}

/* A hook's environment names another repository; nothing is locked. */
TEST(git, the_environment_has_no_say)
{
	char dir[] = "/tmp/ll-git-XXXXXX";
	auto_arena a = ARENA_INIT;
	const char *before;

	cr_assert_not_null(mkdtemp(dir));
	sh(dir, REPO);
	before = print_of(&a, dir, "", "plain");
	setenv("GIT_DIR", "/nowhere", 1);
	setenv("GIT_INDEX_FILE", "/nowhere/index", 1);
	sh(dir, "touch .git/index.lock");
	cr_expect_str_eq(before, print_of(&a, dir, "", "odd"));
	unsetenv("GIT_DIR");
	unsetenv("GIT_INDEX_FILE");
	sh(dir, "rm -rf \"$PWD\"");
}
