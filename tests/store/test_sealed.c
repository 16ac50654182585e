/* The sealed files of a run, read back, also those that came later. */
#include "store/sealed.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "store/runs.h"
#include "test.h"
#include "text/json.h"

#define KID_SUM "0123456789abcdef"

struct bed {
	struct arena mem;
	const char *root;
	struct place_run place;
	struct err e;
};

static int
drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static const struct loop_word words[] = {
	{ NULL, "./fi\xffx.yaml", "/p/fi\xffx.yaml" },
	{ "/p/fi\xffx.yaml", "base", "builtin:base" },
};

static void
setup(struct bed *b)
{
	static const struct loop_file files[] = {
		{ .path = "/p/fi\xffx.yaml", .text = { "name: fix\n", 10 } },
		{ .path = "builtin:base",
		    .text = { "x: 1\n", 5 },
		    .how = "from" },
	};
	const char *top = getenv("TMPDIR");
	struct unsynced base;
	uint64_t seed;
	char *dir;

	*b = (struct bed) { .mem = ARENA_INIT };
	dir = arena_printf(&b->mem, "%s/sealed-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	b->root = dir;
	cr_assert_eq(place_create(&b->mem, dir, "fix", &b->place, &b->e), 0);
	cr_assert_eq(place_furnish(&b->place, &b->e), 0);
	cr_assert_eq(runs_seal(&b->mem, &b->place,
			 &(struct run_spec) { .loop_name = "fix",
			     .loop_file = "/p/fix.yaml",
			     .version = "0.1.0",
			     .cwd = "/p",
			     .files = files,
			     .nfiles = 2,
			     .words = words,
			     .nwords = 2,
			     .options = val_map(&b->mem) },
			 &seed, &base, &b->e),
	    0, "%s", b->e.msg);
}

static void
teardown(struct bed *b)
{
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

/* What the word meant there; NULL: nothing. */
static const char *
meant(const struct sealed *s, const char *by, const char *word)
{
	const struct loop_file *f = loop_files_meant(&s->files, by, word);

	return f ? f->text.p : NULL;
}

TEST(sealed, comes_back_as_it_was)
{
	struct sealed s;
	struct bed b;

	setup(&b);
	cr_assert_eq(sealed_read(&b.mem, &b.place, &s, &b.e), 0, "%s", b.e.msg);
	cr_expect_eq(s.files.n, 2);
	cr_expect_str_eq(s.files.at[1].path, "builtin:base");
	cr_expect_str_eq(s.files.at[1].how, "from");
	cr_expect_str_eq(meant(&s, NULL, words[0].word), "name: fix\n");
	cr_expect_str_eq(meant(&s, words[0].path, "base"), "x: 1\n");
	cr_expect_null(meant(&s, NULL, "base"));
	cr_expect_not_null(val_get(s.json, "options"));
	sealed_release(&s);
	teardown(&b);
}

/* A record `sealed` for one more file with this sum. */
static const struct val *
later(struct bed *b, const char *file, const char *sum)
{
	const char *json = arena_printf(&b->mem,
	    "{\"files\":[{\"path\":\"/p/kid.yaml\",\"sum\":\"%s\","
	    "\"bytes\":3,\"sealed\":\"%s\",\"how\":\"loop\"}],\"words\":"
	    "[{\"by\":\"/p/a.yaml\",\"word\":\"k\",\"path\":\"/p/kid.yaml\"}]}",
	    sum, file);

	return json_read(&b->mem, json, strlen(json), ORIGIN_DATA, &b->e);
}

TEST(sealed, what_was_read_later_is_added)
{
	const char *kid, *json;
	const struct val *row;
	struct sealed s;
	struct bed b;

	setup(&b);
	cr_assert_eq(sealed_read(&b.mem, &b.place, &s, &b.e), 0);
	/* The same bytes as base's, so that its sum is known here. */
	row = val_get(s.json, "files")->list.at[1];
	json = val_str(row, "sum", "");
	kid = path_join(&b.mem, b.place.ll, "sealed/2-kid.yaml");
	cr_assert_eq(file_put(kid, "x: 1\n", 5, 0600, &b.e), 0);
	cr_assert_eq(sealed_add(&b.mem, &b.place, &s,
			 later(&b, "sealed/2-kid.yaml", json), &b.e),
	    0, "%s", b.e.msg);
	cr_expect_str_eq(meant(&s, "/p/a.yaml", "k"), "x: 1\n");
	cr_expect_eq(sealed_add(&b.mem, &b.place, &s,
			 later(&b, "sealed/2-kid.yaml", KID_SUM), &b.e),
	    -1);
	cr_expect_eq(b.e.kind, ERR_INPUT);
	cr_expect_not_null(strstr(b.e.msg, "2-kid.yaml"), "%s", b.e.msg);
	sealed_release(&s);
	teardown(&b);
}

TEST(sealed, refuses_by_name)
{
	static const char *const odd[] = { "sealed/../run.json",
		"journal.jsonl", "sealed/9-gone.yaml" };
	struct sealed s;
	struct bed b;

	setup(&b);
	cr_assert_eq(sealed_read(&b.mem, &b.place, &s, &b.e), 0);
	for (size_t i = 0; i < COUNT(odd); i++) {
		b.e = (struct err)ERR_INIT;
		cr_expect_eq(sealed_add(&b.mem, &b.place, &s,
				 later(&b, odd[i], KID_SUM), &b.e),
		    -1);
		cr_expect_eq(b.e.kind, ERR_INPUT, "%s: %s", odd[i], b.e.msg);
	}
	sealed_release(&s);
	cr_assert_eq(file_put(b.place.run_json, "{\"v\":1}", 7, 0600, &b.e), 0);
	cr_expect_eq(sealed_read(&b.mem, &b.place, &s, &b.e), -1);
	cr_expect_not_null(strstr(b.e.msg, "run.json"), "%s", b.e.msg);
	cr_assert_eq(unlink(b.place.run_json), 0);
	cr_expect_eq(sealed_read(&b.mem, &b.place, &s, &b.e), -1);
	cr_expect_eq(b.e.kind, ERR_INPUT);
	teardown(&b);
}
