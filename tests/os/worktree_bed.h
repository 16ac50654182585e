/* Repositories in /tmp and requests about them. */
#ifndef TESTS_OS_WORKTREE_BED_H
#define TESTS_OS_WORKTREE_BED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "os/erase.h"
#include "os/probe.h"
#include "test.h"

/* `t` is a tree of ours beside the repository `r`. */
struct bed {
	struct arena mem;
	char dir[32];
	const char *repo, *tree;
};

static inline int
bed_try(struct bed *b, const char *script)
{
	auto_str s = STR_INIT;

	str_addf(&s,
	    "cd '%s' && exec >out 2>&1 && set -e && "
	    "export HOME=$PWD/home GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a "
	    "GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a "
	    "GIT_COMMITTER_EMAIL=a@b && { %s\n}",
	    b->dir, script);
	return system(s.buf);
}

static inline void
bed_sh(struct bed *b, const char *script)
{
	cr_assert_eq(bed_try(b, script), 0, "%s", script);
}

/* A repository with one commit, and what is in it. */
#define BED_REPO                                                              \
	"git init -q -b main r && cd r && mkdir -p sub && echo a >a && echo " \
	"b >sub/b && echo '*.log' >.gitignore && git add -A && git commit "   \
	"-qm one && cd .."

static inline void
bed_make(struct bed *b, const char *script)
{
	*b = (struct bed) { .dir = "/tmp/ll-wt-XXXXXX" };
	cr_assert_not_null(mkdtemp(b->dir));
	b->repo = arena_printf(&b->mem, "%s/r", b->dir);
	b->tree = arena_printf(&b->mem, "%s/w/t", b->dir);
	setenv("HOME", b->dir, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	unsetenv("XDG_CONFIG_HOME");
	bed_sh(b, script);
}

static inline void
bed_release(struct bed *b)
{
	struct err e = ERR_INIT;

	cr_expect_eq(erase_tree(b->dir, &e), 0, "%s", e.msg);
	arena_release(&b->mem);
}

/* Ask; `more` is "key=text" up to NULL, "key=true" a truth. */
static inline struct helped
bed_ask(struct bed *b, const char *request, const char *const *more)
{
	struct val *args = val_map(&b->mem);
	struct probe q = { request, args, 0, NULL };
	struct helped h;

	val_set(&b->mem, args, "cwd", val_text(&b->mem, b->repo));
	val_set(&b->mem, args, "name", val_text(&b->mem, "t"));
	val_set(&b->mem, args, "run", val_text(&b->mem, "t"));
	val_set(&b->mem, args, "path", val_text(&b->mem, b->tree));
	for (; more && *more; more++) {
		const char *eq = strchr(*more, '=');
		const char *key =
		    arena_dup(&b->mem, *more, (size_t)(eq - *more));

		if (strcmp(eq, "=true") == 0)
			val_set(&b->mem, args, key, val_bool(&b->mem, true));
		else if (eq[1] == '[') {
			struct val *list = val_list(&b->mem);

			val_push(&b->mem, list, val_text(&b->mem, eq + 2));
			val_set(&b->mem, args, key, list);
		} else
			val_set(&b->mem, args, key, val_text(&b->mem, eq + 1));
	}
	probe_ask(&q, &b->mem, &h);
	return h;
}

#define BED(...) ((const char *const[]) { __VA_ARGS__, NULL })

static inline struct helped
bed_add(struct bed *b)
{
	struct helped h = bed_ask(b, "worktree_add", BED("branch=ll/t"));

	cr_assert_not_null(h.v, "%s: %s", h.kind, h.error);
	return h;
}

/* Nothing is wrong with the repository, and nothing of ours is left in it. */
static inline void
bed_clean(struct bed *b, const char *what)
{
	cr_expect_eq(bed_try(b,
			 "cd r; git fsck --strict --no-dangling; test -z "
			 "\"$(git worktree prune -n)\"; test \"$(git worktree "
			 "list | wc -l)\" -eq 1; git status --porcelain; test "
			 "-z \"$(git status --porcelain)\"; test ! -e "
			 ".git/ll-loop; test ! -e .git/worktrees"),
	    0, "not clean: %s", what);
}

#endif
