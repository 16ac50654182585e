/* Groups, in a tree of plain files with the kernel's names. */
#include "os/cgroup.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/str.h"
#include "test.h"

struct bed {
	struct arena mem;
	char *top;
	struct cgroup g;
};

static int
drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void
write_text(struct bed *b, const char *path, const char *text)
{
	FILE *f = fopen(arena_printf(&b->mem, "%s/%s", b->top, path), "w");

	cr_assert_not_null(f);
	fputs(text, f);
	fclose(f);
}

/* The group `a`, and `a/me`, which is ours. */
static void
setup(struct bed *b, const char *handed_down)
{
	*b = (struct bed) { .mem = ARENA_INIT };
	b->top = arena_strdup(&b->mem, "/tmp/ll-cgroup-XXXXXX");
	cr_assert_not_null(mkdtemp(b->top));
	cr_assert_eq(mkdir(arena_printf(&b->mem, "%s/a", b->top), 0755), 0);
	cr_assert_eq(mkdir(arena_printf(&b->mem, "%s/a/me", b->top), 0755), 0);
	write_text(b, "a/cgroup.subtree_control", handed_down);
	write_text(b, "a/me/cgroup.subtree_control", "");
	write_text(b, "a/me/cgroup.procs", "");
}

static void
teardown(struct bed *b)
{
	cgroup_release(&b->g);
	cr_assert_eq(nftw(b->top, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

static void
holds(const char *dir, const char *name, const char *want)
{
	auto_str path = STR_INIT, text = STR_INIT;
	struct err e = ERR_INIT;

	str_addf(&path, "%s/%s", dir, name);
	cr_assert_eq(file_read(path.buf, 1000, &text, &e), 0, "%s", e.msg);
	cr_expect_str_eq(text.buf, want, "%s", name);
}

TEST(cgroup, is_made_where_the_controllers_are_handed_down)
{
	static const struct {
		const char *handed_down;
		struct limits limits;
		bool made;
	} rows[] = {
		{ "cpu memory pids\n", { .memory = 1 << 20 }, true },
		{ "cpu memory pids\n", { .procs = 5 }, true },
		{ "memory\n", { .procs = 5, .memory = 1 << 20 }, false },
		{ "memory\n", { .memory = 1 << 20 }, true },
		{ "memory2 pids\n", { .memory = 1 << 20 }, false },
		{ "", { .procs = 5 }, false },
		{ "memory pids\n", { .files = 5 }, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bed b;

		setup(&b, rows[i].handed_down);
		cr_expect_eq(cgroup_make(&b.g, b.top, "/a/me", &rows[i].limits),
		    rows[i].made, "row %zu", i);
		cr_expect_eq(b.g.dir != NULL, rows[i].made);
		teardown(&b);
	}
}

TEST(cgroup, bounds_counts_kills_and_gives_back)
{
	const struct limits l = { .procs = 10, .memory = 5 << 20 };
	char text[64];
	struct bed b;
	const char *dir;

	setup(&b, "pids memory");
	cr_assert(cgroup_make(&b.g, b.top, "/a/me", &l));
	dir = b.g.dir;
	cr_assert(strstr(dir, "/a/ll-"), "%s", dir);
	holds(dir, "memory.max", "5242880");
	holds(dir, "pids.max", "144");
	cr_assert_eq(cgroup_oom_kills(&b.g), 0);
	dir += strlen(b.top) + 1;
	write_text(&b, arena_printf(&b.mem, "%s/memory.events", dir),
	    "low 0\noom 3\noom_kill 2\n");
	cr_assert_eq(cgroup_oom_kills(&b.g), 2);
	cgroup_kill(&b.g);
	holds(b.g.dir, "cgroup.kill", "1");
	snprintf(text, sizeof(text), "%d\n", (int)getpid());
	write_text(&b, arena_printf(&b.mem, "%s/cgroup.procs", dir), text);
	cgroup_release(&b.g);
	cr_assert_null(b.g.dir);
	text[strlen(text) - 1] = '\0';
	holds(arena_printf(&b.mem, "%s/a/me", b.top), "cgroup.procs", text);
	teardown(&b);
}

/* Children that start in the same moment get one each. */
TEST(cgroup, two_at_once_are_two)
{
	const struct limits l = { .procs = 10 };
	struct cgroup other = { NULL, NULL };
	struct bed b;

	setup(&b, "pids");
	cr_assert(cgroup_make(&b.g, b.top, "/a/me", &l));
	cr_assert(cgroup_make(&other, b.top, "/a/me", &l));
	cr_assert_str_neq(b.g.dir, other.dir);
	cgroup_release(&other);
	teardown(&b);
}
