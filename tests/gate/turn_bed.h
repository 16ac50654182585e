/* A project of a test, and turns drawn in it. */
#ifndef TURN_BED_H
#define TURN_BED_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "gate/turn.h"
#include "test.h"

static inline int
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
	struct sig sig;
};

static inline void
setup(struct bed *b)
{
	const char *top = getenv("TMPDIR");

	*b = (struct bed) { .mem = ARENA_INIT };
	b->root = arena_printf(&b->mem, "%s/turn-XXXXXX", top ? top : "/tmp");
	cr_assert_not_null(mkdtemp(b->root));
	cr_assert_eq(sig_init(&b->sig, &b->e), 0);
}

static inline void
teardown(struct bed *b)
{
	sig_release(&b->sig);
	cr_assert_eq(nftw(b->root, drop, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&b->mem);
}

static inline const char *
below(struct bed *b, const char *name)
{
	return arena_printf(&b->mem, "%s/%s", b->root, name);
}

static inline struct turn_spec
spec_of(struct bed *b, const char *run, const char *claim)
{
	struct scope *s = arena_new(&b->mem, sizeof(*s));

	if (strncmp(claim, "user:", 5) == 0)
		cr_assert_eq(scope_name(s, &b->mem, claim, &b->e), 0);
	else
		cr_assert_eq(
		    scope_path(s, &b->mem, b->root, claim, false, &b->e), 0,
		    "%s", b->e.msg);
	return (struct turn_spec) { .root = b->root,
		.users = below(b, "state/queue"),
		.run = run,
		.loop = run,
		.scope = s,
		.waits = true };
}

static inline struct turn *
draw(struct bed *b, const struct turn_spec *spec, int wanted)
{
	struct turn *t = turn_new(spec);
	int got = turn_draw(t, &b->e);

	cr_assert_eq(got, wanted, "%s: %d %s", spec->run, got, b->e.msg);
	return t;
}

static inline struct turn *
take(struct bed *b, const char *run, const char *claim, int wanted)
{
	struct turn_spec spec = spec_of(b, run, claim);

	return draw(b, &spec, wanted);
}

static inline int
await(struct bed *b, struct turn *t, long long ms)
{
	struct turn_wait how = { .sig = &b->sig, .limit_ms = ms };

	return turn_wait(t, &how, &b->e);
}

#endif
