/* Memory in use, read from a tree of our own. */
#include "os/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/str.h"
#include "test.h"

struct bed {
	char dir[64];
	struct str meminfo, cgroup, mount;
};

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	cr_assert_not_null(f, "%s", path);
	fputs(text, f);
	fclose(f);
}

static void
group(const struct bed *b, const char *name, const char *current,
    const char *max, const char *stat)
{
	auto_str path = STR_INIT;
	size_t n;

	str_addf(&path, "%s%s", b->mount.buf, name);
	mkdir(path.buf, 0700);
	n = path.len;
	str_adds(&path, "/memory.current");
	put(path.buf, current);
	str_cut(&path, n);
	str_adds(&path, "/memory.max");
	put(path.buf, max);
	str_cut(&path, n);
	str_adds(&path, "/memory.stat");
	if (stat)
		put(path.buf, stat);
}

static void
bed_init(struct bed *b, const char *own, const char *meminfo)
{
	*b = (struct bed) { "/tmp/ll-memory-XXXXXX", STR_INIT, STR_INIT,
		STR_INIT };
	cr_assert_not_null(mkdtemp(b->dir));
	str_addf(&b->meminfo, "%s/meminfo", b->dir);
	str_addf(&b->cgroup, "%s/cgroup", b->dir);
	str_addf(&b->mount, "%s/fs", b->dir);
	mkdir(b->mount.buf, 0700);
	if (own)
		put(b->cgroup.buf, own);
	if (meminfo)
		put(b->meminfo.buf, meminfo);
}

static bool
look(const struct bed *b, double *out)
{
	const struct memory_from from = { b->meminfo.buf, b->cgroup.buf,
		b->mount.buf };

	return memory_used_pct(&from, out);
}

static void
bed_release(struct bed *b)
{
	auto_str rm = STR_INIT;

	str_addf(&rm, "rm -rf %s", b->dir);
	cr_assert_eq(system(rm.buf), 0);
	str_release(&b->meminfo);
	str_release(&b->cgroup);
	str_release(&b->mount);
}

#define MACHINE \
	"MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    600 kB\n"

static void
expect(const struct bed *b, double want)
{
	double got = -1;

	cr_assert(look(b, &got));
	cr_assert_float_eq(got, want, 0.001, "%f, not %f", got, want);
}

TEST(memory, of_the_machine_when_no_group_is_bounded)
{
	struct bed b;

	bed_init(&b, "0::/a\n", MACHINE);
	expect(&b, 40);
	group(&b, "/a", "900\n", "max\n", NULL);
	expect(&b, 40);
	bed_release(&b);
}

TEST(memory, of_the_fullest_group_above_us)
{
	struct bed b;

	bed_init(&b, "3:cpu:/x\n0::/a/b\n", MACHINE);
	group(&b, "/a", "700\n", "1000\n", NULL);
	expect(&b, 70);
	group(&b, "/a/b", "100\n", "400\n", NULL);
	expect(&b, 70);
	group(&b, "/a/b", "300\n", "400\n", NULL);
	expect(&b, 75);
	group(&b, "", "990\n", "1000\n", NULL);
	expect(&b, 99);
	bed_release(&b);
}

TEST(memory, does_not_count_what_can_be_taken_back)
{
	struct bed b;

	bed_init(&b, "0::/\n", MACHINE);
	group(&b, "", "800\n", "1000\n", "anon 1\ninactive_file 500\n");
	expect(&b, 30);
	group(&b, "", "800\n", "1000\n", "inactive_file 5000\n");
	expect(&b, 0);
	group(&b, "", "5000\n", "1000\n", "inactive_file 0\n");
	expect(&b, 100);
	bed_release(&b);
}

TEST(memory, nobody_can_tell)
{
	static const char *const texts[] = { "", "MemTotal: 5 kB\n",
		"MemAvailable: 5 kB\n", "MemTotal: 0 kB\nMemAvailable: 0 kB\n",
		"MemTotal: many kB\nMemAvailable: 5 kB\n" };
	struct bed b;
	double got = -1;

	bed_init(&b, NULL, NULL);
	cr_assert_not(look(&b, &got));
	for (size_t i = 0; i < COUNT(texts); i++) {
		put(b.meminfo.buf, texts[i]);
		cr_assert_not(look(&b, &got), "row %zu", i);
	}
	put(b.cgroup.buf, "0::/gone\n");
	cr_assert_not(look(&b, &got));
	cr_assert_eq(got, -1);
	bed_release(&b);
}

TEST(memory, of_this_machine)
{
	double got = -1;

	cr_assert(memory_used_here(&got));
	cr_assert_geq(got, 0);
	cr_assert_leq(got, 100);
}
