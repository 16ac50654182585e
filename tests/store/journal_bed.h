/* What the tests of the journal share: a file with a few records. */
#ifndef TESTS_STORE_JOURNAL_BED_H
#define TESTS_STORE_JOURNAL_BED_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "store/journal.h"
#include "test.h"

enum { SEED = 42 };

/* A fresh directory; freed with the arena, removed with gone(). */
static inline const char *
fresh(struct arena *a)
{
	const char *top = getenv("TMPDIR");
	char *dir = arena_printf(a, "%s/journal-XXXXXX", top ? top : "/tmp");

	cr_assert_not_null(mkdtemp(dir));
	return dir;
}

static inline void
gone(const char *dir, const char *file)
{
	unlink(file);
	cr_assert_eq(rmdir(dir), 0);
}

static inline struct event
make(struct arena *a, long long seq, enum event_kind kind)
{
	struct val *fields = val_map(a);

	if (kind == EV_RUN_START)
		val_set(a, fields, "v", val_int(a, 1));
	val_set(a, fields, "state", val_text(a, "fix"));
	return (struct event) { .kind = kind,
		.seq = seq,
		.wall_us = 1795228653421523LL + seq,
		.fields = fields,
		.item = -1 };
}

static inline struct event
record(struct arena *a, long long seq)
{
	return make(a, seq, seq == 1 ? EV_RUN_START : EV_STATE_ENTER);
}

/* A journal of `n` records; its bytes in *out. */
static inline void
write_some(struct arena *a, const char *path, int n, struct str *out)
{
	struct err e = ERR_INIT;
	struct journal *j = journal_create(path, SEED, false, &e);

	cr_assert_not_null(j, "%s", e.msg);
	for (int i = 1; i <= n; i++) {
		struct event ev = record(a, i);

		cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
	}
	journal_free(j);
	if (out)
		cr_assert_eq(file_read(path, 1 << 20, out, &e), 0);
}

struct heard {
	long long n, last;
	int refuse_at;
};

static inline int
hear(void *self, const struct event *ev, struct err *e)
{
	struct heard *h = self;

	h->n++;
	h->last = ev->seq;
	cr_assert_eq(ev->seq, h->n);
	if (h->refuse_at == h->n)
		return err_set(e, ERR_IO, "enough");
	return 0;
}

static inline void
rewrite(const char *path, const char *p, size_t n)
{
	auto_fd int fd = open(path, O_WRONLY | O_TRUNC);

	cr_assert_geq(fd, 0);
	cr_assert_eq(file_write_all(fd, p, n), 0);
}

#endif
