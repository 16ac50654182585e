/* T13: pairs of paths that must conflict, and pairs that must not. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "gate/scope.h"
#include "test.h"

static int
drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

struct bed {
	struct arena mem;
	char *root;
	struct err e;
};

static const char *
at(struct bed *b, const char *name)
{
	return arena_printf(&b->mem, "%s/%s", b->root, name);
}

/* src/deep, src2, link -> src, dangling -> src/new, out -> /tmp */
static void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");

	*b = (struct bed) { .mem = ARENA_INIT };
	b->root = arena_printf(&b->mem, "%s/scope-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(b->root));
	mkdir(at(b, "src"), 0777);
	mkdir(at(b, "src/deep"), 0777);
	mkdir(at(b, "src2"), 0777);
	cr_assert_eq(symlink("src", at(b, "link")), 0);
	cr_assert_eq(symlink("src/./new", at(b, "dangling")), 0);
	cr_assert_eq(symlink("/", at(b, "out")), 0);
	cr_assert_eq(symlink("round", at(b, "round")), 0);
}

static void
teardown(struct bed *b)
{
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

static struct scope
one(struct bed *b, const char *path, bool shared)
{
	struct scope s = { 0 };

	cr_assert_eq(scope_path(&s, &b->mem, b->root, path, shared, &b->e), 0,
	    "%s: %s", path, b->e.msg);
	cr_assert_eq(s.n, 1);
	return s;
}

/* clang-format off */
static const struct {
	const char *x, *y;
	bool overlap;
} pairs[] = {
	{ "src", "src", true },
	{ "src", "./src/", true },
	{ "src", "src//x/..", true },
	{ "src", "src/deep/../../src", true },
	{ "src", "link", true },
	{ "src", "link/deep", true },
	{ "src", "link/not/yet", true },
	{ "src/not", "link/not/yet", true },
	{ "src", "src/deep", true },
	{ "src", ".", true },
	{ "src/new", "dangling", true },
	{ "src/new/x", "dangling", true },
	{ "src/new", "dangling/..", true },
	{ "none", "none/../none/x", true },
	{ "none/x", "none", true },
	{ "src", "src2", false },
	{ "src/deep", "src/deeper", false },
	{ "a/b", "a/bc", false },
	{ "none", "none2", false },
	{ "src/new", "src/other", false },
	{ "link/x", "src2/x", false },
	{ "SRC", "src", false },
};
/* clang-format on */

TEST(scope, pairs_conflict_or_not)
{
	struct bed b;

	setup(&b);
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct scope x = one(&b, pairs[i].x, false);
		struct scope y = one(&b, pairs[i].y, false);

		cr_expect_eq(claim_overlaps(x.at, y.at), pairs[i].overlap,
		    "%s and %s", pairs[i].x, pairs[i].y);
		cr_expect_eq(claim_overlaps(y.at, x.at), pairs[i].overlap,
		    "%s and %s", pairs[i].y, pairs[i].x);
	}
	teardown(&b);
}

/* What is written into a ticket means the same to whoever reads it. */
TEST(scope, goes_through_a_ticket)
{
	struct bed b;

	setup(&b);
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct scope x = one(&b, pairs[i].x, false);
		struct scope y = one(&b, pairs[i].y, i % 2);
		struct scope r = scope_read(&b.mem, scope_val(&b.mem, &y));

		cr_assert_eq(r.n, 1);
		cr_expect_not(r.all);
		cr_expect_eq(r.at[0].shared, i % 2);
		cr_expect_str_eq(r.at[0].text, y.at[0].text);
		cr_expect_eq(claim_overlaps(x.at, r.at), pairs[i].overlap);
	}
	cr_expect(scope_read(&b.mem, NULL).all);
	cr_expect(scope_read(&b.mem, val_text(&b.mem, "x")).all);
	teardown(&b);
}

/* A place that comes to be between two looks is the same place. */
TEST(scope, a_path_that_is_made_meanwhile_is_the_same)
{
	struct bed b;
	struct scope before, after, below;

	setup(&b);
	before = one(&b, "new/dir", false);
	mkdir(at(&b, "new"), 0777);
	mkdir(at(&b, "new/dir"), 0777);
	after = one(&b, "new/dir", false);
	below = one(&b, "new/dir/file", false);
	cr_expect(claim_overlaps(before.at, after.at));
	cr_expect(claim_overlaps(before.at, below.at));
	cr_expect(claim_covers(before.at, below.at));
	cr_expect_not(claim_covers(below.at, before.at));
	teardown(&b);
}

TEST(scope, the_same_directory_under_another_name)
{
	struct bed b;
	struct claim c;
	struct claim_id id[8];
	struct scope src;

	setup(&b);
	src = one(&b, "src", false);
	/* As a bind mount of it at /elsewhere looks. */
	id[0] = (struct claim_id) { 1, 1 };
	id[1] = src.at[0].id[src.at[0].nid - 1];
	c = (struct claim) { .text = "/elsewhere/x", .id = id, .nid = 2 };
	cr_expect(claim_overlaps(src.at, &c));
	cr_expect(claim_covers(src.at, &c));
	id[1].ino++;
	cr_expect_not(claim_overlaps(src.at, &c));
	teardown(&b);
}

TEST(scope, shared_and_names)
{
	struct bed b;
	struct scope names = { 0 }, part;
	struct scope x, y, z;

	setup(&b);
	x = one(&b, "src", true);
	y = one(&b, "src/deep", true);
	z = one(&b, "src", false);
	cr_expect_not(claim_overlaps(x.at, y.at));
	cr_expect(claim_overlaps(x.at, z.at));
	cr_expect(claim_covers(z.at, y.at));
	cr_expect(claim_covers(x.at, y.at));
	cr_expect_not(claim_covers(x.at, z.at), "shared lends nothing more");
	cr_assert_eq(scope_name(&names, &b.mem, "git", &b.e), 0);
	cr_assert_eq(scope_name(&names, &b.mem, "user:gpu", &b.e), 0);
	cr_expect(claim_overlaps(&names.at[0], &names.at[0]));
	cr_expect_not(claim_overlaps(&names.at[0], &names.at[1]));
	cr_expect_not(claim_overlaps(&names.at[0], z.at));
	part = scope_part(&b.mem, &names, true);
	cr_assert_eq(part.n, 1);
	cr_expect_str_eq(part.at[0].text, "user:gpu");
	cr_expect_eq(scope_name(&names, &b.mem, "user:", &b.e), -1);
	cr_expect_eq(scope_name(&names, &b.mem, "", &b.e), -1);
	teardown(&b);
}

TEST(scope, what_cannot_be_claimed)
{
	static const char *const rows[] = { "", "..", "../x", "src/../../x",
		"/", "/tmp/elsewhere", "out/etc", "src/*", "s?c", "[ab]" };
	struct bed b;

	setup(&b);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct scope s = { 0 };
		struct err e = ERR_INIT;

		cr_expect_eq(scope_path(&s, &b.mem, b.root, rows[i], false, &e),
		    -1, "%s", rows[i]);
		cr_expect_eq(e.kind, ERR_INPUT, "%s", rows[i]);
		cr_expect_eq(s.n, 0);
	}
	cr_expect_eq(scope_path(&(struct scope) { 0 }, &b.mem, b.root, "round",
			 false, &b.e),
	    -1);
	cr_expect_eq(b.e.kind, ERR_IO);
	teardown(&b);
}
