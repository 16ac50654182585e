/* Writing the journal: whole lines or nothing, and an end on a full disk. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "store/journal_bed.h"

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

/* T34: cut at each length. */
/* T34: flip each bit. */
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

TEST(journal, what_it_stands_on_is_due_at_once)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	struct journal *j = journal_create(path, SEED, true, &e);
	struct unsynced base = { { open(dir, O_RDONLY | O_CLOEXEC) }, 1 };
	int fd = base.fds[0];
	struct event ev = record(&a, 1);

	clock_fake(1000);
	journal_stand_on(j, &base);
	cr_assert_eq(base.n, 0, "handed over");
	cr_assert_eq(journal_due_ms(j), -1, "nothing stands on it yet");
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	cr_assert_eq(journal_due_ms(j), 0);
	cr_assert_eq(journal_sync(j, &e), 0);
	cr_assert_eq(fcntl(fd, F_GETFD), -1, "closed");
	ev = record(&a, 2);
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	cr_assert_eq(journal_due_ms(j), JOURNAL_SETTLE_MS);
	journal_free(j);
	clock_fake(-1);
	gone(dir, path);
}

TEST(journal, what_it_stands_on_must_reach_the_disk)
{
	auto_arena a = ARENA_INIT;
	const char *dir = fresh(&a), *path = arena_printf(&a, "%s/j", dir);
	struct err e = ERR_INIT;
	struct journal *j = journal_create(path, SEED, true, &e);
	struct unsynced base = { .n = 1 };
	struct event ev = record(&a, 1);
	int pair[2];

	cr_assert_eq(pipe(pair), 0);
	base.fds[0] = pair[0]; /* a pipe has no disk: EINVAL */
	journal_stand_on(j, &base);
	cr_assert_eq(journal_append(j, &ev, &e), 0);
	cr_assert_eq(journal_sync(j, &e), -1);
	cr_assert_eq(journal_sync(j, &e), -1, "and it stays so");
	journal_free(j);
	close(pair[1]);
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

/* Promise 7: a run never goes on without a journal. */
TEST(journal, a_file_that_is_gone_or_cut_takes_nothing)
{
	for (int cut = 0; cut < 2; cut++) {
		auto_arena a = ARENA_INIT;
		const char *dir = fresh(&a),
			   *path = arena_printf(&a, "%s/j", dir);
		struct err e = ERR_INIT;
		struct journal *j = journal_create(path, SEED, true, &e);
		struct event ev = record(&a, 1);

		cr_assert_eq(journal_append(j, &ev, &e), 0, "%s", e.msg);
		cr_assert_eq(cut ? truncate(path, 0) : unlink(path), 0);
		ev = record(&a, 2);
		cr_assert_lt(journal_append(j, &ev, &e), 0);
		cr_assert(strstr(e.msg, path), "%s", e.msg);
		ev = make(&a, 2, EV_RUN_END);
		cr_assert_lt(journal_append(j, &ev, &e), 0);
		journal_free(j);
		unlink(path);
		rmdir(dir);
	}
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

/* T34 for lists: any cut and any flip, no crash. */
