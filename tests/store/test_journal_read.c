/* Reading the journal: what is broken is cut off, and said. */
#include <sys/stat.h>

#include "store/journal_bed.h"

TEST(journal_read, another_seed_is_another_run)
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

TEST(journal_read, cut_anywhere_is_a_prefix)
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

TEST(journal_read, flipped_bit_ends_the_prefix)
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

TEST(journal_read, noise_is_corrupt_not_a_crash)
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

TEST(journal_read, refuses_a_newer_version_by_name)
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

TEST(journal_read, keeps_unknown_events)
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

TEST(journal_read, hear_may_refuse)
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

TEST(journal_read, peek_gives_both_ends)
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

TEST(journal_read, peek_survives_damage)
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

TEST(journal_read, goes_on_where_it_ended)
{
	struct arena mem = ARENA_INIT;
	const char *dir = fresh(&mem);
	const char *path = arena_printf(&mem, "%s/journal.jsonl", dir);
	struct journal_end at = { .sum = SEED };
	struct heard h = { 0 };
	struct err e = ERR_INIT;
	auto_str text = STR_INIT;
	size_t half;

	write_some(&mem, path, 4, &text);
	half = text.len / 2;
	rewrite(path, text.buf, half);
	cr_assert_eq(journal_read_on(path, hear, &h, &at, &e), 0);
	cr_expect_eq(at.state, JOURNAL_TORN);
	cr_expect_eq(h.n, at.records);
	rewrite(path, text.buf, text.len);
	cr_assert_eq(journal_read_on(path, hear, &h, &at, &e), 0, "%s", e.msg);
	cr_expect_eq(at.state, JOURNAL_WHOLE, "%s", at.why);
	cr_expect_eq(h.n, 4);
	cr_assert_eq(journal_read_on(path, hear, &h, &at, &e), 0);
	cr_expect_eq(h.n, 4);
	gone(dir, path);
	arena_release(&mem);
}
