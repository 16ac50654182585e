/* What the tests of the vault share: one in a fresh directory, slot 0 open. */
#ifndef TESTS_STORE_OUTPUT_BED_H
#define TESTS_STORE_OUTPUT_BED_H

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "store/output.h"
#include "test.h"

static inline int
drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static const struct vault_rules as_set = { 0, false };

struct bed {
	struct arena mem;
	const char *top, *dir;
	struct output *o;
	struct vault v;
	struct err e;
};

static inline void
setup(struct bed *b, long long limit, long long disk)
{
	const char *top = getenv("TMPDIR");
	char *dir;

	*b = (struct bed) { .mem = ARENA_INIT };
	dir = arena_printf(&b->mem, "%s/output-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	b->top = dir;
	b->dir = arena_printf(&b->mem, "%s/output", dir);
	b->o = output_new(&(struct output_opts) {
	    .dir = b->dir, .limit = limit, .disk = disk });
	b->v = output_vault(b->o);
	cr_assert_eq(b->v.open(b->o, 0, 7, &as_set, &b->e), 0);
}

static inline void
teardown(struct bed *b)
{
	output_free(b->o);
	cr_assert_eq(nftw(b->top, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

static inline void
put(struct bed *b, int stream, const char *p, size_t n)
{
	cr_assert_eq(b->v.put(b->o, 0, stream, p, n, &b->e), 0, "%s", b->e.msg);
}

static inline int
count_files(const char *dir)
{
	auto_dir DIR *d = opendir(dir);
	struct dirent *ent;
	int n = 0;

	while (d && (ent = readdir(d)))
		n += ent->d_name[0] != '.';
	return n;
}

#endif
