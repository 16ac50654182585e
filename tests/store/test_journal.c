/* The journal: what is written is read back; what is broken is cut off. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "store/journal.h"
#include "test.h"

enum { SEED = 42 };

/* A fresh directory; freed with the arena, removed with gone(). */
static const char *
fresh(struct arena *a)
{
	const char *top = getenv("TMPDIR");
	char *dir = arena_printf(a, "%s/journal-XXXXXX", top ? top : "/tmp");

	cr_assert_not_null(mkdtemp(dir));
	return dir;
}

static void
gone(const char *dir, const char *file)
{
	unlink(file);
	cr_assert_eq(rmdir(dir), 0);
}

static struct event
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

static struct event
record(struct arena *a, long long seq)
{
	return make(a, seq, seq == 1 ? EV_RUN_START : EV_STATE_ENTER);
}

/* A journal of `n` records; its bytes in *out. */
static void
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

static int
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

static void
rewrite(const char *path, const char *p, size_t n)
{
	auto_fd int fd = open(path, O_WRONLY | O_TRUNC);

	cr_assert_geq(fd, 0);
	cr_assert_eq(file_write_all(fd, p, n), 0);
}

TEST(journal, reads_back_what_was_written)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal_end end;
	struct heard h = { 0 };
	struct err e = ERR_INIT;
	auto_str bytes = STR_INIT;
	struct stat st;

	write_some(&a, path, 5, &bytes);
	cr_assert_eq(journal_read(path, SEED, hear, &h, &end, &e), 0);
	cr_assert_eq(end.state, JOURNAL_WHOLE);
	cr_assert_eq(h.n, 5);
	cr_assert_eq(end.records, 5);
	cr_assert_eq(end.bytes, (long long)bytes.len);
	cr_assert_eq(stat(path, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600);
	cr_assert_leq(st.st_blocks * 512, 4096 * 4, "the reserve stays");
	cr_assert_eq(memcmp(bytes.buf,
			 "{\"seq\":1,\"ts\":\"2026-11-21T02:37:33.421524"
			 "+00:00\",\"event\":\"run_start\",\"v\":1,"
			 "\"state\":\"fix\",\"sum\":\"",
			 95),
	    0, "%s", bytes.buf);
	gone(dir, path);
}

TEST(journal, another_seed_is_another_run)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal_end end;
	struct err e = ERR_INIT;

	write_some(&a, path, 2, NULL);
	cr_assert_eq(journal_read(path, SEED + 1, NULL, NULL, &end, &e), 0);
	cr_assert_eq(end.state, JOURNAL_CORRUPT);
	cr_assert_eq(end.records, 0);
	gone(dir, path);
}

/* T34: cut at each length. */
TEST(journal, cut_anywhere_is_a_prefix)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	auto_str bytes = STR_INIT;

	write_some(&a, path, 3, &bytes);
	for (size_t n = 0; n <= bytes.len; n++) {
		struct journal_end end;
		struct heard h = { 0 };
		long long lines = 0;
		bool clean = n == 0 || bytes.buf[n - 1] == '\n';

		for (size_t i = 0; i < n; i++)
			lines += bytes.buf[i] == '\n';
		rewrite(path, bytes.buf, n);
		cr_assert_eq(journal_read(path, SEED, hear, &h, &end, &e), 0);
		cr_assert_eq(end.state, clean ? JOURNAL_WHOLE : JOURNAL_TORN);
		cr_assert_eq(end.records, lines);
		cr_assert_eq(h.n, lines);
	}
	gone(dir, path);
}

/* T34: flip each bit. */
TEST(journal, flipped_bit_ends_the_prefix)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	auto_str bytes = STR_INIT;
	long long line = 0;

	write_some(&a, path, 3, &bytes);
	for (size_t i = 0; i < bytes.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct journal_end end;
			struct heard h = { 0 };

			bytes.buf[i] ^= (char)(1 << bit);
			rewrite(path, bytes.buf, bytes.len);
			cr_assert_eq(
			    journal_read(path, SEED, hear, &h, &end, &e), 0);
			cr_assert_neq(end.state, JOURNAL_WHOLE);
			cr_assert_eq(end.records, line);
			cr_assert(end.why[0]);
			bytes.buf[i] ^= (char)(1 << bit);
		}
		line += bytes.buf[i] == '\n';
	}
	gone(dir, path);
}

TEST(journal, noise_is_corrupt_not_a_crash)
{
	static const char *const noise[] = { "\n", "{}\n", "null\n",
		",\"sum\":\"0000000000000000\"}\n", "\xff\xfe\n" };
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct journal_end end;
	struct err e = ERR_INIT;
	auto_fd int fd = -1;

	write_some(&a, path, 1, NULL);
	for (size_t i = 0; i < COUNT(noise); i++) {
		rewrite(path, noise[i], strlen(noise[i]));
		cr_assert_eq(journal_read(path, SEED, NULL, NULL, &end, &e), 0);
		cr_assert_eq(end.state, JOURNAL_CORRUPT);
		cr_assert_eq(end.bytes, 0);
	}
	/* A gigabyte without a newline is given up after a quarter MiB. */
	fd = open(path, O_WRONLY | O_TRUNC);
	cr_assert_eq(ftruncate(fd, 1 << 30), 0);
	cr_assert_eq(journal_read(path, SEED, NULL, NULL, &end, &e), 0);
	cr_assert_eq(end.state, JOURNAL_CORRUPT);
	unlink(path);
	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_assert_lt(journal_read(path, SEED, NULL, NULL, &end, &e), 0);
	cr_assert(strstr(e.msg, path));
	gone(dir, path);
}

TEST(journal, refuses_a_newer_version_by_name)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	struct journal *j = journal_create(path, SEED, false, &e);
	struct val *fields = val_map(&a);
	struct event ev = { .kind = EV_RUN_START, .seq = 1, .item = -1 };
	struct journal_end end;

	val_set(&a, fields, "v", val_int(&a, 2));
	ev.fields = fields;
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	journal_free(j);
	cr_assert_lt(journal_read(path, SEED, NULL, NULL, &end, &e), 0);
	cr_assert_eq(e.kind, ERR_INPUT);
	cr_assert(strstr(e.msg, "journal version 2"), "%s", e.msg);
	gone(dir, path);
}

TEST(journal, keeps_unknown_events)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	struct journal *j = journal_create(path, SEED, false, &e);
	struct event ev = record(&a, 1);
	struct journal_end end;
	struct heard h = { 0 };

	cr_assert_eq(journal_append(j, &ev, &e), 0);
	ev = make(&a, 2, EV_KINDS);
	ev.name = "from_the_future";
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	journal_free(j);
	cr_assert_eq(journal_read(path, SEED, hear, &h, &end, &e), 0);
	cr_assert_eq(end.state, JOURNAL_WHOLE);
	cr_assert_eq(h.n, 2);
	gone(dir, path);
}

TEST(journal, hear_may_refuse)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct heard h = { .refuse_at = 2 };
	struct journal_end end;
	struct err e = ERR_INIT;

	write_some(&a, path, 3, NULL);
	cr_assert_lt(journal_read(path, SEED, hear, &h, &end, &e), 0);
	cr_assert_str_eq(e.msg, "enough");
	gone(dir, path);
}

TEST(journal, refuses_gaps_and_long_lines_but_goes_on)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	struct journal *j = journal_create(path, SEED, false, &e);
	struct event ev = record(&a, 2);
	struct val *fields = val_map(&a);
	struct journal_end end;
	char *big = arena_new(&a, JOURNAL_LINE_MAX);

	cr_assert_lt(journal_append(j, &ev, &e), 0);
	ev = record(&a, 1);
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	memset(big, 'x', JOURNAL_LINE_MAX);
	val_set(&a, fields, "action", val_bytes(&a, big, JOURNAL_LINE_MAX));
	ev = record(&a, 2);
	ev.fields = fields;
	cr_assert_lt(journal_append(j, &ev, &e), 0);
	cr_assert(strstr(e.msg, path));
	ev = record(&a, 2);
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	journal_free(j);
	cr_assert_eq(journal_read(path, SEED, NULL, NULL, &end, &e), 0);
	cr_assert_eq(end.state, JOURNAL_WHOLE);
	cr_assert_eq(end.records, 2);
	gone(dir, path);
}

TEST(journal, never_takes_an_old_file)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;

	write_some(&a, path, 1, NULL);
	cr_assert_null(journal_create(path, SEED, false, &e));
	cr_assert(strstr(e.msg, path));
	gone(dir, path);
}

TEST(journal, is_due_fifty_ms_after_a_record)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	struct journal *j;
	struct event ev = record(&a, 1);

	clock_fake(1000);
	j = journal_create(path, SEED, true, &e);
	cr_assert_eq(journal_due_ms(j), -1);
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	clock_fake(1030);
	cr_assert_eq(journal_due_ms(j), 20);
	ev = record(&a, 2);
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	cr_assert_eq(journal_due_ms(j), 20, "the oldest counts");
	clock_fake(1100);
	cr_assert_eq(journal_due_ms(j), 0);
	cr_assert_eq(journal_sync(j, &e), 0);
	cr_assert_eq(journal_due_ms(j), -1);
	journal_free(j);
	clock_fake(-1);
	gone(dir, path);
}

/* T33: a write that comes short leaves a valid prefix. */
TEST(journal, short_write_is_cut_back)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT, again = ERR_INIT;
	struct journal *j = journal_create(path, SEED, false, &e);
	struct rlimit old, small;
	struct event ev;
	struct journal_end end;
	long long n = 0;

	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 1000;
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	do
		ev = record(&a, ++n);
	while (journal_append(j, &ev, &e) == 0);
	setrlimit(RLIMIT_FSIZE, &old);
	cr_assert_eq(e.kind, ERR_IO);
	cr_assert(strstr(e.msg, path));
	cr_assert_lt(journal_append(j, &ev, &again), 0);
	cr_assert_str_eq(again.msg, e.msg);
	cr_assert_eq(journal_read(path, SEED, NULL, NULL, &end, &e), 0);
	cr_assert_eq(end.state, JOURNAL_WHOLE);
	cr_assert_eq(end.records, n - 1);
	ev = make(&a, n, EV_RUN_END);
	cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
	journal_free(j);
	gone(dir, path);
}

static void
fill(const char *path)
{
	auto_fd int fd = open(path, O_WRONLY | O_CREAT, 0600);
	char block[4096] = "";

	while (write(fd, block, sizeof(block)) > 0)
		;
}

/* T33: a full disk, and the end is told from the reserve. */
TEST(journal, reserve_holds_the_end)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	const char *other = arena_printf(&a, "%s/other", dir);
	struct err e = ERR_INIT;
	struct journal *j;
	struct journal_end end;
	struct event ev;
	long long n = 0;

	if (mount("none", dir, "tmpfs", 0, "size=256k") < 0) {
		rmdir(dir);
		cr_skip_test("cannot mount a tmpfs");
	}
	j = journal_create(path, SEED, true, &e);
	cr_assert_not_null(j, "%s", e.msg);
	fill(other);
	do
		ev = record(&a, ++n);
	while (journal_append(j, &ev, &e) == 0);
	cr_assert_eq(e.sys, ENOSPC, "%s", e.msg);
	ev = make(&a, n, EV_LOOP_COMPLETE);
	cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
	ev = make(&a, n + 1, EV_STATE_ENTER);
	cr_assert_lt(journal_append(j, &ev, &e), 0);
	ev = make(&a, n + 1, EV_RUN_END);
	cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
	cr_assert_eq(journal_sync(j, &e), 0);
	journal_free(j);
	cr_assert_eq(journal_read(path, SEED, NULL, NULL, &end, &e), 0);
	cr_assert_eq(end.state, JOURNAL_WHOLE);
	cr_assert_eq(end.records, n + 1);
	cr_assert_gt(n, 100);
	cr_assert_eq(umount(dir), 0);
	rmdir(dir);
}

TEST(journal, peek_gives_both_ends)
{
	static const int counts[] = { 1, 2, 3, 25, 400, 4000 };
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	struct event first, last;

	for (size_t i = 0; i < COUNT(counts); i++) {
		auto_fd int fd = -1;

		write_some(&a, path, counts[i], NULL);
		cr_assert_eq(
		    journal_peek(path, &a, &first, &last, &e), 0, "%s", e.msg);
		cr_assert_eq(first.seq, 1);
		cr_assert_eq(last.seq, counts[i]);
		/* A torn line behind it does not matter. */
		fd = open(path, O_WRONLY | O_APPEND);
		cr_assert_eq(write(fd, "{\"seq\":", 7), 7);
		cr_assert_eq(journal_peek(path, &a, &first, &last, &e), 0);
		cr_assert_eq(last.seq, counts[i]);
		/* A whole one with a wrong sum does. */
		cr_assert_eq(write(fd, "9}\n", 3), 3);
		cr_assert_lt(journal_peek(path, &a, &first, &last, &e), 0);
		unlink(path);
	}
	write_some(&a, path, 1, NULL);
	rewrite(path, "", 0);
	cr_assert_lt(journal_peek(path, &a, &first, &last, &e), 0);
	gone(dir, path);
	cr_assert_lt(journal_peek(path, &a, &first, &last, &e), 0);
}

/* T34 for lists: any cut and any flip, no crash. */
TEST(journal, peek_survives_damage)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	auto_str bytes = STR_INIT;
	struct event first, last;

	write_some(&a, path, 3, &bytes);
	for (size_t i = 0; i < bytes.len; i++) {
		rewrite(path, bytes.buf, i);
		if (journal_peek(path, &a, &first, &last, &e) == 0)
			cr_assert_lt(last.seq, 3);
		bytes.buf[i] ^= 1;
		rewrite(path, bytes.buf, bytes.len);
		if (journal_peek(path, &a, &first, &last, &e) == 0)
			cr_assert_leq(last.seq, 3);
		bytes.buf[i] ^= 1;
	}
	gone(dir, path);
}
