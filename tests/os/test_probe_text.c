/* One text file, from its end or whole. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "os/probe.h"
#include "test.h"

static struct helped
ask(struct arena *a, const char *request, const char *dir, const char *file,
    long long keep, long long max)
{
	struct val *args = val_map(a);
	struct probe q = { request, args, 0, NULL };
	struct helped h;

	val_set(a, args, "cwd", val_text(a, dir));
	val_set(a, args, "file", val_text(a, file));
	val_set(a, args, "keep", val_int(a, keep));
	val_set(a, args, "max", val_int(a, max));
	val_set(a, args, "text",
	    val_bytes(a,
		"a\0b\xff"
		"cd",
		6));
	probe_ask(&q, a, &h);
	return h;
}

TEST(probe_text, what_is_put_is_read)
{
	auto_arena a = ARENA_INIT;
	auto_str whole = STR_INIT, rm = STR_INIT;
	char dir[] = "/tmp/ll-probe-XXXXXX";
	struct err e = ERR_INIT;
	struct helped h;

	cr_assert_not_null(mkdtemp(dir));
	h = ask(&a, "text", dir, "x/y/out", 100, 100);
	cr_assert(!h.v);
	cr_expect_str_eq(h.kind, "absent");
	h = ask(&a, "put_text", dir, "x/y/out", 0, 0);
	cr_assert_not_null(h.v, "%s", h.error);
	cr_assert_eq(
	    file_read(arena_printf(&a, "%s/x/y/out", dir), 100, &whole, &e), 0);
	cr_expect_eq(whole.len, 6);
	h = ask(&a, "text", dir, "x/y/out", 2, 100);
	cr_assert_not_null(h.v);
	cr_expect_str_eq(val_str(h.v, "text", ""), "cd");
	cr_expect_eq(val_num(h.v, "bytes", 0), 6);
	h = ask(&a, "text", dir, "x/y/out", 3, 100);
	cr_expect_str_eq(val_str(h.v, "text", ""),
	    "\xef\xbf\xbd"
	    "cd");
	h = ask(&a, "text", dir, "x/y/out", 100, 5);
	cr_assert(!h.v);
	cr_expect_str_eq(h.kind, "limit");
	h = ask(&a, "text", dir, "x/y", 100, 5);
	cr_assert(!h.v);
	cr_expect_str_eq(h.kind, "unreadable");
	cr_assert_eq(mkfifo(arena_printf(&a, "%s/fifo", dir), 0600), 0);
	h = ask(&a, "text", dir, "fifo", 100, 5);
	cr_assert(!h.v);
	str_addf(&rm, "rm -rf %s", dir);
	cr_assert_eq(system(rm.buf), 0);
}
