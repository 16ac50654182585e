/* What the tests of guard/ share: a project with one run that just began. */
#ifndef TESTS_GUARD_GUARD_BED_H
#define TESTS_GUARD_GUARD_BED_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/runs.h"
#include "test.h"

struct bed {
	struct arena mem;
	const char *root;
	struct place_run place;
	struct journal *j;
	long long seq;
	struct err e;
};

static inline int
drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* One record, with up to two text fields. */
static inline void
say(struct bed *b, enum event_kind kind, const char *const fields[][2],
    size_t n)
{
	struct val *v = val_map(&b->mem);
	struct event ev = { .kind = kind,
		.seq = ++b->seq,
		.wall_us = 1795228653421523LL + b->seq,
		.fields = v,
		.item = -1 };

	if (kind == EV_RUN_START)
		val_set(&b->mem, v, "v", val_int(&b->mem, 1));
	if (kind == EV_STATE_ENTER)
		val_set(&b->mem, v, "iteration", val_int(&b->mem, 1));
	for (size_t i = 0; i < n; i++)
		val_set(
		    &b->mem, v, fields[i][0], val_text(&b->mem, fields[i][1]));
	cr_assert_eq(journal_append(b->j, &ev, &b->e), 0, "%s", b->e.msg);
}

static inline void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");
	struct run_spec spec = { .loop_name = "fix",
		.loop_file = "fix",
		.version = "1",
		.cwd = "/" };
	struct unsynced base;
	uint64_t seed;
	char *dir;

	*b = (struct bed) { .mem = ARENA_INIT };
	spec.inputs = val_map(&b->mem);
	dir = arena_printf(&b->mem, "%s/guard-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	b->root = dir;
	cr_assert_eq(place_create(&b->mem, dir, "fix", &b->place, &b->e), 0);
	cr_assert_eq(place_furnish(&b->place, &b->e), 0);
	cr_assert_eq(
	    runs_seal(&b->mem, &b->place, &spec, &seed, &base, &b->e), 0);
	b->j = journal_create(b->place.journal, seed, false, &b->e);
	cr_assert_not_null(b->j);
}

/* Up to an action that runs. */
static inline void
begin(struct bed *b)
{
	static const char *const start[][2] = { { "run", "r" } };
	static const char *const loop[][2] = { { "loop", "fix" },
		{ "initial", "a" } };
	static const char *const enter[][2] = { { "state", "a" } };

	say(b, EV_RUN_START, start, 1);
	say(b, EV_LOOP_START, loop, 2);
	say(b, EV_STATE_ENTER, enter, 1);
	say(b, EV_ACTION_START, enter, 1);
}

static inline void
teardown(struct bed *b)
{
	journal_free(b->j);
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

#endif
